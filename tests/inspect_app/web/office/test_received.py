"""What head office does with what phones sent: two recordings held against each other, and rescue files."""

import base64
import io
import json
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.models.inspections import Inspection, Revision, Submission, SubmissionConflict
from inspect_app.models.journal import JournalEntry
from inspect_app.models.phones import OddArrival
from inspect_app.models.photos import Photo
from inspect_app.models.visits import VisitState
from inspect_app.queries.visits import visit_of_office
from inspect_app.services.journal import Actor
from inspect_app.services.visit_tokens import Claim, sign
from inspect_app.services.visits import assign_visit
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import NOW, PASSWORD, Bank, count
from tests.inspect_app.web.browsing import SECRET, Browser, app_on
from tests.inspect_app.web.sync.phones import ANSWERED_AT, Phone, digest, jpeg, token_for

MakePhone = Callable[..., Phone]
HOUR = 3_600_000
"""Milliseconds."""


@pytest.fixture
def app(bank: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank."""
    return app_on(bank.database, tmp_path)


@pytest.fixture
def reviewer(app: Flask) -> Browser:
    """Return the browser of a reviewer."""
    browser = Browser(app)
    assert browser.sign_in("reviewer", PASSWORD).status_code == 303
    return browser


@pytest.fixture
def phone_to(app: Flask, bank: Bank) -> MakePhone:
    """Return what makes the phone of who visits a branch."""

    def make(branch_code: str = "0101", **made: Any) -> Phone:  # the fields of a phone, of many kinds
        return Phone(app, bank, branch_code, made.pop("token", None) or token_for(bank, branch_code), **made)

    return make


def told(bank: Bank) -> Counter[str]:
    """Count the journal's rows by what they tell."""
    with reading(bank.database) as session:
        return Counter(session.scalars(select(JournalEntry.action)))


def counting(bank: Bank) -> tuple[uuid.UUID | None, VisitState]:
    """Return which inspection of branch 0101's visit counts, and the visit's state."""
    with reading(bank.database) as session:
        visit = visit_of_office(session, bank.visits["0101"])
        return visit.counting_inspection_id, visit.state


def rescue_file(*rescued: Phone, **changes: object) -> dict[str, object]:
    """Return the form that hands in a rescue file with what some phones could not send."""
    submissions = [
        {
            "submission": str(phone.submission),
            "inspection": str(phone.inspection),
            "visit": str(phone.bank.visits[phone.branch_code]),
            "sha256": digest(phone.body()),
            "token": phone.token,
            "body": phone.body().decode(),
            "photos": [
                {"sha256": digest(photo), "name": "x", "data": base64.b64encode(photo).decode()}
                for photo in phone.all_photos
            ],
            **changes,
        }
        for phone in rescued
    ]
    content = json.dumps({"rescue": 1, "made_at": ANSWERED_AT, "submissions": submissions}).encode()
    return {"file": (io.BytesIO(content), "clock-2026-08-03.json")}


def test_two_recordings_are_shown_answer_by_answer_and_either_can_be_made_to_count(
    bank: Bank, reviewer: Browser, phone_to: MakePhone
) -> None:
    first, second = phone_to(seed=1), phone_to(seed=2)
    first.send()
    second.send()
    address = f"/office/visits/{bank.visits['0101']}/records"
    assert address in reviewer.get("/office/reviews").text
    page = reviewer.get(address)
    assert page.text.count('scope="row"') > 3
    before = told(bank)

    assert reviewer.post(f"{address}/{second.inspection}/count", {"reason": " "}).status_code == 422
    chosen = reviewer.post(f"{address}/{second.inspection}/count", {"reason": "第一份填的是别家"})

    assert chosen.status_code == 303
    assert counting(bank) == (second.inspection, VisitState.SUBMITTED)
    assert told(bank) - before == Counter({"count_inspection": 1})
    assert reviewer.post(f"{address}/{second.inspection}/count", {"reason": "再来"}).status_code == 409
    with reading(bank.database) as session:
        flags = {one.id: one.is_conflict for one in session.scalars(select(Inspection))}
        assert flags == {first.inspection: True, second.inspection: False}
        assert session.scalars(select(OddArrival.settled_by_id)).all() == [bank.user("reviewer").id]
        assert count(session, Revision) == 2
    assert "0101" in reviewer.get("/office/reviews").text


def test_what_was_kept_apart_can_be_left_aside(bank: Bank, reviewer: Browser, phone_to: MakePhone) -> None:
    phone_to(seed=1).send()
    second = phone_to(seed=2)
    second.send()
    address = f"/office/visits/{bank.visits['0101']}/records"
    reviewer.get(address)
    before = told(bank)

    assert reviewer.post(f"/office/arrivals/{second.submission}/leave-aside").status_code == 303

    assert told(bank) - before == Counter({"leave_aside": 1})
    assert reviewer.post(f"/office/arrivals/{second.submission}/leave-aside").status_code == 409
    assert address not in reviewer.get("/office/reviews").text
    assert reviewer.get(address).status_code == 200


@pytest.mark.fault("R23")
@pytest.mark.sqlite
def test_what_a_withdrawn_inspector_sent_can_be_made_to_count(
    bank: Bank, reviewer: Browser, phone_to: MakePhone
) -> None:
    phone = phone_to()
    with transaction(bank.database) as session:
        visit = visit_of_office(session, bank.visits["0101"])
        office = Actor.user(bank.user("administrator"))
        assign_visit(session, office, visit, bank.user("inspector2"), now=NOW)
    phone.send()
    address = f"/office/visits/{bank.visits['0101']}/records"
    reviewer.get(address)
    assert counting(bank) == (None, VisitState.ASSIGNED)

    reviewer.post(f"{address}/{phone.inspection}/count", {"reason": "改派以前就做完了"})

    assert counting(bank) == (phone.inspection, VisitState.SUBMITTED)
    assert reviewer.get(f"/office/reviews/{bank.visits['0101']}").status_code == 200


@pytest.mark.fault("R13")
@pytest.mark.sqlite
def test_other_bytes_under_one_id_are_shown_beside_the_first(
    bank: Bank, reviewer: Browser, phone_to: MakePhone
) -> None:
    phone = phone_to(seed=1)
    phone.send()
    phone.seed = 2
    assert phone.send().status_code == 409
    phone.put(f"submissions/{phone.submission}", phone.body() + b" ")

    review = reviewer.get(f"/office/reviews/{bank.visits['0101']}").text
    page = reviewer.get(f"/office/visits/{bank.visits['0101']}/records")

    assert f"/office/visits/{bank.visits['0101']}/records" in review
    assert page.status_code == 200
    assert page.text.count('id="o') == 2


@pytest.mark.fault("R25")
@pytest.mark.sqlite
def test_a_reviewer_sees_the_stopwatch_the_clock_and_how_old_each_memory_was(
    bank: Bank, reviewer: Browser, phone_to: MakePhone
) -> None:
    marks = [("in", 0, 5.0), ("called", 7 * 60_000, 420_005.0), ("out", 20 * 60_000, 1_200_005.0)]
    told_marks = [
        {"what": what, "wall": ANSWERED_AT - HOUR - wall * 3, "monotonic": clock, "page": "p"}
        for what, wall, clock in marks
    ]
    phone = phone_to(changes={"left_at": ANSWERED_AT - 3 * HOUR, "marks": told_marks})
    ahead = round(utc_now().timestamp() * 1000) + 2 * HOUR

    assert phone.send(**{"X-Phone-Time": str(ahead)}).status_code == 201

    page = reviewer.get(f"/office/reviews/{bank.visits['0101']}").text
    assert "手机的钟不准" in page
    assert "隔了很久才答" in page
    assert "7 分 0 秒" in page
    assert "13 分 0 秒" in page
    assert "离开 3 小时 0 分 后答的" in page


def test_a_rescue_file_brings_what_a_phone_could_not_send_with_the_same_receipt(
    bank: Bank, reviewer: Browser, phone_to: MakePhone
) -> None:
    item = bank.checklist.sections[0].items[0].code
    claim = Claim(bank.visits["0101"], bank.user("inspector").id, None, utc_now() - timedelta(days=9))
    phone = phone_to(token=sign(claim, SECRET), photos={f"{item}.photos": [jpeg(1), jpeg(2)]})
    assert phone.send().status_code == 401
    reviewer.get("/office/rescue")
    before = told(bank)

    answer = reviewer.post("/office/rescue", rescue_file(phone))

    assert answer.status_code == 200
    assert "收下了" in answer.text
    assert counting(bank) == (phone.inspection, VisitState.SUBMITTED)
    rows = {"keep_photo": 2, "submit_inspection": 1, "take_in_rescue": 1}
    assert told(bank) - before == Counter(rows)
    phone.token = token_for(bank, "0101")
    later = phone.send()
    assert later.json is not None
    assert (later.status_code, later.json["missing_photos"]) == (200, [])
    with reading(bank.database) as session:
        assert (count(session, Submission), count(session, Photo)) == (1, 2)
    assert "以前就收到过" in reviewer.post("/office/rescue", rescue_file(phone)).text


@pytest.mark.sqlite
def test_what_is_wrong_in_a_rescue_file_keeps_nothing_else_from_being_taken(
    bank: Bank, reviewer: Browser, phone_to: MakePhone
) -> None:
    sound, forged, foreign = phone_to("0101"), phone_to("0102", token="forged"), phone_to("0102")
    foreign.token = token_for(bank, "0201")
    reviewer.get("/office/rescue")

    answer = reviewer.post("/office/rescue", rescue_file(forged, foreign, sound))

    assert (answer.status_code, answer.text.count("没有收"), answer.text.count("收下了")) == (200, 2, 1)
    changed = reviewer.post("/office/rescue", rescue_file(phone_to("0102"), body="{}"))
    assert "指纹不符" in changed.text
    with reading(bank.database) as session:
        assert session.scalars(select(Submission.id)).all() == [sound.submission]
    sound.seed = 5
    assert "两份都留下了" in reviewer.post("/office/rescue", rescue_file(sound)).text
    with reading(bank.database) as session:
        assert count(session, SubmissionConflict) == 1


def stops_file(phone: Phone, **changes: object) -> dict[str, object]:
    """Return the form that hands in a rescue file with a stop that a phone could not tell."""
    visit = str(phone.bank.visits[phone.branch_code])
    said = {"v": 1, "visit": visit, "stop": str(phone.submission), "why": "closed", "words": "贴了告示"}
    body = json.dumps(said, ensure_ascii=False)
    stop = {"visit": visit, "sha256": digest(body.encode()), "token": phone.token, "body": body, **changes}
    content = json.dumps({"rescue": 1, "made_at": ANSWERED_AT, "submissions": [], "stops": [stop]})
    return {"file": (io.BytesIO(content.encode()), "clock-2026-08-03.json")}


def test_a_rescue_file_brings_that_a_visit_was_broken_off_and_calls_it_off_once(
    bank: Bank, reviewer: Browser, phone_to: MakePhone
) -> None:
    phone = phone_to()
    reviewer.get("/office/rescue")
    before = told(bank)

    answers = [reviewer.post("/office/rescue", stops_file(phone)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("检查人说做不下去了，已经取消。" in answer.text for answer in answers)
    assert counting(bank) == (None, VisitState.CANCELLED)
    assert told(bank) - before == Counter({"cancel_visit": 1, "take_in_rescue": 2})


@pytest.mark.sqlite
def test_what_is_wrong_with_a_stop_in_a_rescue_file_is_said_and_calls_nothing_off(
    bank: Bank, reviewer: Browser, phone_to: MakePhone
) -> None:
    phone, sent = phone_to("0102"), phone_to("0101")
    sent.send()
    sent.submission = uuid.uuid4()
    reviewer.get("/office/rescue")

    def said(form: dict[str, object]) -> str:
        return reviewer.post("/office/rescue", form).text

    assert "凭证不是我们发的" in said(stops_file(phone, token="forged"))
    assert "指纹不符" in said(stops_file(phone, body="{}"))
    assert "内容不完整" in said(stops_file(phone, body="{}", sha256=digest(b"{}")))
    assert "不是同一次检查" in said(stops_file(phone, token=token_for(bank, "0201")))
    assert "只记在日志里" in said(stops_file(sent))
    with reading(bank.database) as session:
        assert visit_of_office(session, bank.visits["0102"]).state is VisitState.ASSIGNED
    assert counting(bank)[1] is VisitState.SUBMITTED


@pytest.mark.sqlite
@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b'{"rescue": 2}', b'{"rescue":1,"submissions":[{}]}'])
def test_what_is_no_rescue_file_is_refused_with_a_sentence(reviewer: Browser, junk: bytes) -> None:
    reviewer.get("/office/rescue")

    answer = reviewer.post("/office/rescue", {"file": (io.BytesIO(junk), "clock.json")})

    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


@pytest.mark.sqlite
def test_releasing_and_withdrawing_a_photo_are_a_row_each(
    bank: Bank, reviewer: Browser, phone_to: MakePhone
) -> None:
    item = bank.checklist.sections[0].items[0].code
    phone = phone_to(photos={f"{item}.photos": [jpeg(1)]})
    phone.send_photo(jpeg(1))
    phone.send()
    with reading(bank.database) as session:
        photo = session.scalars(select(Photo.id)).one()
    reviewer.get(f"/office/photos/{photo}")
    before = told(bank)

    reviewer.post(f"/office/photos/{photo}/release", {"nothing": "yes"})
    reviewer.post(f"/office/photos/{photo}/withdraw")

    assert told(bank) - before == Counter({"release_photo": 1, "withdraw_photo": 1})
