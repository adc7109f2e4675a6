"""A frozen inspection is taken in exactly once, whatever comes of the call, of the phone and of the wave."""

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import reading, transaction
from inspect_app.models.inspections import Draft, Inspection, Revision, Submission, SubmissionConflict
from inspect_app.models.journal import JournalEntry
from inspect_app.models.phones import ArrivedAs, OddArrival
from inspect_app.models.visits import VisitIdentity, VisitState
from inspect_app.queries.people import user_named
from inspect_app.queries.visits import visit_of_office
from inspect_app.queries.waves import wave_with_id
from inspect_app.services.accounts import change_password, deactivate
from inspect_app.services.handbooks import store_checklist
from inspect_app.services.journal import Actor
from inspect_app.services.visit_tokens import Claim, sign
from inspect_app.services.visits import assign_visit
from inspect_app.services.waves import close_wave
from inspect_app.web.clock import utc_now
from reports.stated_scores import parse_scores
from tests.inspect_app.made_up_bank import NOW, PASSWORD, Bank, count
from tests.inspect_app.web.browsing import SECRET, Browser
from tests.inspect_app.web.sync.phones import ANSWERED_AT, Phone, digest, token_for

MakePhone = Callable[..., Phone]
SENDERS = 20
A_YEAR = 365 * 24 * 3600 * 1000
"""Milliseconds."""


def state_of(bank: Bank, branch_code: str = "0101") -> VisitState:
    """Return the state of the visit to a branch."""
    with reading(bank.database) as session:
        return visit_of_office(session, bank.visits[branch_code]).state


def arrived_as(bank: Bank, phone: Phone) -> ArrivedAs | None:
    """Return why what a phone sent was kept apart; None where it was not."""
    with reading(bank.database) as session:
        odd = session.get(OddArrival, phone.submission)
        return None if odd is None else odd.arrived_as


def close(bank: Bank) -> None:
    """End the field work of the wave."""
    with transaction(bank.database) as session:
        administrator = Actor.user(bank.user("administrator"))
        close_wave(session, administrator, wave_with_id(session, bank.wave_id), now=NOW)


def test_what_is_sent_is_taken_and_answered_with_a_receipt_for_its_very_bytes(
    bank: Bank, phone: Phone
) -> None:
    answer = phone.send()

    assert answer.status_code == 201
    assert answer.json is not None
    said = json.loads(answer.json["receipt"])
    assert (answer.json["api"], answer.json["sha256"]) == (1, digest(phone.body()))
    assert (answer.json["status"], answer.json["photos"], answer.json["missing_photos"]) == ("taken", [], [])
    assert said["payload_sha256"] == digest(phone.body())
    assert (said["submission"], said["inspection"]) == (str(phone.submission), str(phone.inspection))
    assert state_of(bank) is VisitState.SUBMITTED
    with reading(bank.database) as session:
        assert session.scalars(select(Submission.body)).all() == [phone.body()]


def test_the_same_bytes_again_are_answered_with_the_same_receipt(bank: Bank, phone: Phone) -> None:
    first, again = phone.send(), phone.send()

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    with reading(bank.database) as session:
        assert (count(session, Submission), count(session, Revision)) == (1, 1)


@pytest.mark.fault("R12")
def test_twenty_equal_calls_at_once_make_one_row_and_one_receipt(bank: Bank, phone: Phone) -> None:
    together, answers = threading.Barrier(SENDERS), []

    def send() -> None:
        together.wait()
        answers.append(phone.send())

    threads = [threading.Thread(target=send) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    codes = sorted(answer.status_code for answer in answers)
    assert codes.count(201) == 1
    assert set(codes) <= {200, 201, 423, 503}
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code >= 400)
    assert (
        len({answer.json["receipt"] for answer in answers if answer.status_code < 400 and answer.json}) == 1
    )
    with reading(bank.database) as session:
        assert (count(session, Submission), count(session, Inspection)) == (1, 1)


@pytest.mark.fault("R13")
def test_other_bytes_under_a_taken_id_are_kept_beside_the_first(bank: Bank, phone: Phone) -> None:
    first = phone.send()
    frozen = phone.body()

    phone.seed = 2
    other = phone.send()

    assert (other.status_code, other.json) == (409, {"api": 1, "error": "other_bytes"})
    with reading(bank.database) as session:
        assert session.scalars(select(Submission.body)).all() == [frozen]
        assert session.scalars(select(SubmissionConflict.body)).all() == [phone.body()]
    phone.seed = 1
    assert phone.send().json == first.json


@pytest.mark.fault("R14")
def test_an_id_that_another_inspector_took_tells_nothing_of_it(bank: Bank, phone_to: MakePhone) -> None:
    mine = phone_to("0101")
    mine.send()
    theirs = phone_to("0201", submission=mine.submission)

    answer = theirs.send()

    assert (answer.status_code, answer.json) == (409, {"api": 1, "error": "other_bytes"})
    inside = phone_to("0201", inspection=mine.inspection).send()
    assert (inside.status_code, inside.json) == (403, {"api": 1, "error": "visit"})
    assert state_of(bank, "0201") is VisitState.ASSIGNED


@pytest.mark.fault("R15")
def test_an_id_used_for_something_else_is_never_answered_with_what_is_stored(phone: Phone) -> None:
    phone.send()

    elsewhere = phone.put(f"submissions/{uuid.uuid4()}", phone.body())
    as_answers = phone.put(f"inspections/{phone.submission}/answers", phone.body())

    assert (elsewhere.status_code, elsewhere.json) == (
        422,
        {"api": 1, "error": "invalid", "fields": ["submission"]},
    )
    assert as_answers.status_code == 422


@pytest.mark.fault("R20")
@pytest.mark.parametrize("change", ["password", "account"])
def test_a_token_still_sends_after_the_account_changed(bank: Bank, phone: Phone, change: str) -> None:
    with transaction(bank.database) as session:
        inspector = user_named(session, "inspector")
        assert inspector is not None
        if change == "password":
            change_password(session, inspector, "another hash", now=NOW)
        else:
            deactivate(session, Actor.user(bank.user("administrator")), inspector, "left", now=NOW)

    answer = phone.send()

    assert answer.json is not None
    expected = (201, "taken") if change == "password" else (202, "revoked")
    assert (answer.status_code, answer.json["status"]) == expected
    with reading(bank.database) as session:
        assert (count(session, Submission), count(session, Revision)) == (1, 1)
    assert state_of(bank) is (VisitState.SUBMITTED if change == "password" else VisitState.ASSIGNED)


@pytest.mark.fault("R21")
@pytest.mark.sqlite
def test_a_token_that_does_not_hold_opens_nothing(bank: Bank, phone: Phone) -> None:
    good = phone.token
    over = Claim(bank.visits["0101"], bank.user("inspector").id, None, utc_now() - timedelta(seconds=1))
    errors = {
        "": "token",
        "nonsense": "token",
        good[:-2]: "token",
        f"x{good}": "token",
        sign(replace(over, expires_at=utc_now() + timedelta(days=1)), "another secret"): "token",
        sign(over, SECRET): "expired",
    }
    for token, error in errors.items():
        phone.token = token
        answer = phone.send()
        assert (token, answer.status_code, answer.json) == (token, 401, {"api": 1, "error": error})
    phone.token = token_for(bank, "0102")
    answer = phone.send()
    assert (answer.status_code, answer.json) == (403, {"api": 1, "error": "visit"})
    with reading(bank.database) as session:
        assert count(session, Submission) == 0


@pytest.mark.fault("R21")
@pytest.mark.sqlite
def test_a_token_reads_nothing(app: Flask, bank: Bank, phone: Phone) -> None:
    phone.send()
    client = app.test_client(use_cookies=False)
    signed_in_as = {"Authorization": f"Visit {phone.token}"}

    for path in ("/m/", f"/m/v/{bank.visits['0101']}", "/office/reviews", "/account"):
        answer = client.get(path, headers=signed_in_as)
        assert (path, answer.status_code) == (path, 303)
    for path in (f"submissions/{phone.submission}", f"inspections/{phone.inspection}/answers"):
        assert client.get(f"/sync/v1/{path}", headers=signed_in_as).status_code in (404, 405)


@pytest.mark.fault("S03")
@pytest.mark.sqlite
def test_a_call_with_a_cookie_is_refused_whatever_else_is_right(app: Flask, bank: Bank, phone: Phone) -> None:
    browser = Browser(app)
    browser.sign_in("inspector", PASSWORD)
    headers = {"Authorization": f"Visit {phone.token}", "X-Content-SHA256": digest(phone.body())}

    answer = browser.client.put(
        f"/sync/v1/submissions/{phone.submission}", data=phone.body(), headers=headers
    )

    assert (answer.status_code, answer.json) == (400, {"api": 1, "error": "credentials"})
    sent = phone.send()
    assert "Set-Cookie" not in sent.headers
    assert state_of(bank) is VisitState.SUBMITTED


@pytest.mark.fault("R22")
def test_what_comes_after_the_wave_closed_is_kept_flagged_and_shown_to_reviewers(
    bank: Bank, phone: Phone, app: Flask
) -> None:
    close(bank)

    answer = phone.send()

    assert answer.json is not None
    assert (answer.status_code, answer.json["status"]) == (202, "late")
    with reading(bank.database) as session:
        assert session.scalars(select(Inspection.is_late)).all() == [True]
    reviewer = Browser(app)
    reviewer.sign_in("reviewer", PASSWORD)
    assert "0101" in reviewer.get("/office/reviews").text


@pytest.mark.fault("R23")
def test_a_visit_that_was_given_to_another_keeps_both_and_counts_neither_by_itself(
    bank: Bank, phone: Phone, app: Flask
) -> None:
    with transaction(bank.database) as session:
        visit = visit_of_office(session, bank.visits["0101"])
        assign_visit(session, Actor.user(bank.user("administrator")), visit, bank.user("inspector2"), now=NOW)
    replacing = Phone(app, bank, "0101", token_for(bank, "0101", "inspector2"), seed=3)

    withdrawn, other = phone.send(), replacing.send()

    assert withdrawn.json is not None
    assert other.json is not None
    assert (withdrawn.status_code, withdrawn.json["status"]) == (202, "reassigned")
    assert (other.status_code, other.json["status"]) == (201, "taken")
    assert arrived_as(bank, phone) is ArrivedAs.REASSIGNED
    with reading(bank.database) as session:
        assert visit_of_office(session, bank.visits["0101"]).counting_inspection_id == replacing.inspection
        assert count(session, Revision) == 2
        identity = session.scalars(select(VisitIdentity).where(VisitIdentity.visit_id == bank.visits["0101"]))
        assert identity.one().inspector_id == bank.user("inspector2").id


def test_a_second_inspection_of_a_visit_is_kept_beside_the_first(bank: Bank, phone_to: MakePhone) -> None:
    first, second = phone_to(seed=1), phone_to(seed=2)
    first.send()

    answer = second.send()

    assert answer.json is not None
    assert (answer.status_code, answer.json["status"]) == (202, "conflict")
    assert second.send().json == answer.json
    with reading(bank.database) as session:
        assert visit_of_office(session, bank.visits["0101"]).counting_inspection_id == first.inspection


@pytest.mark.fault("R24")
@pytest.mark.sqlite
def test_a_newer_checklist_changes_nothing_for_who_is_under_way(bank: Bank, phone: Phone) -> None:
    phone.save(1)
    with transaction(bank.database) as session:
        store_checklist(session, generate(shipped_edition(), shipped_recipe("mystery")), now=NOW)
    unknown = ["S99.A1", "met", ANSWERED_AT]
    phone.changes = {"fields": [*phone.fields(), unknown]}

    assert phone.send().status_code == 201

    with reading(bank.database) as session:
        revision = session.scalars(select(Revision)).one()
        assert revision.checklist_hash == bank.checklist.hash
        assert "S99.A1" not in revision.answers
        assert b"S99.A1" in session.scalars(select(Submission.body)).one()


@pytest.mark.fault("R25")
@pytest.mark.parametrize("years", [-10, 10])
def test_a_wrong_clock_is_noted_and_decides_nothing(bank: Bank, phone: Phone, years: int) -> None:
    wrong = ANSWERED_AT + years * A_YEAR
    phone.changes = {
        "phone_time": wrong,
        "left_at": wrong,
        "fields": [[name, value, wrong - place] for place, (name, value, _) in enumerate(phone.fields())],
    }
    clock = round(utc_now().timestamp() * 1000) + years * A_YEAR

    answer = phone.send(**{"X-Phone-Time": str(clock)})

    assert answer.status_code == 201
    with reading(bank.database) as session:
        received = session.scalars(select(Submission.received_at)).one()
        noted = session.scalars(
            select(VisitIdentity.times).where(VisitIdentity.visit_id == bank.visits["0101"])
        )
        skew = json.loads(noted.one())["skew"][str(phone.submission)]
    assert abs(utc_now() - received) < timedelta(minutes=5)
    assert abs(skew - years * A_YEAR / 1000) < 300


@pytest.mark.fault("R25")
@pytest.mark.sqlite
def test_a_time_that_is_none_keeps_nothing_from_being_sent(phone_to: MakePhone) -> None:
    clocks: tuple[object, ...] = ("never", 1e300, -(2**60), [], {"a": 1}, "2026-13-45", True, "9" * 400)
    for clock in clocks:
        marks = [{"what": "in", "wall": clock, "monotonic": clock, "page": clock}, clock]
        said = {"phone_time": clock, "left_at": clock, "zone": clock, "app": clock, "marks": marks}

        answer = phone_to(changes=said).send()

        assert (clock, answer.status_code in (201, 202)) == (clock, True)


@pytest.mark.fault("R26")
@pytest.mark.sqlite
def test_at_midnight_and_at_the_end_of_a_quarter_a_visit_counts_in_its_own_wave(
    bank: Bank, phone_to: MakePhone
) -> None:
    quarter_ends = 1_790_783_999_500  # 23:59:59.5 in Shanghai on the last day of September 2026
    for place, code in enumerate(("0101", "0102", "0201")):
        frozen_at = quarter_ends + place * 500
        assert (
            phone_to(code, changes={"phone_time": frozen_at, "left_at": frozen_at}).send().status_code == 201
        )

    with reading(bank.database) as session:
        visits = [visit_of_office(session, visit_id) for visit_id in bank.visits.values()]
        assert {visit.wave_id for visit in visits} == {bank.wave_id}
        assert {visit.state for visit in visits} == {VisitState.SUBMITTED}


@pytest.mark.fault("R28")
def test_a_poison_record_stops_no_other_and_can_be_sent_once_it_is_mended(
    bank: Bank, phone_to: MakePhone
) -> None:
    poison, sound = phone_to("0101"), phone_to("0102")
    poison.changes = {"fields": poison.fields()[3:]}

    refused, taken = poison.send(), sound.send()

    assert refused.json is not None
    assert (refused.status_code, refused.json["error"]) == (422, "invalid")
    assert refused.json["fields"]
    assert taken.status_code == 201
    with reading(bank.database) as session:
        assert count(session, Submission) == 1
    poison.changes = {}
    assert poison.send().status_code == 201


NO_BODIES: tuple[tuple[dict[str, object], str], ...] = (
    ({"v": 2}, "v"),
    ({"visit": "no id"}, "visit"),
    ({"inspection": 7}, "inspection"),
    ({"checklist": "0" * 64}, "checklist"),
    ({"fields": "all met"}, "fields"),
    ({"fields": [["S06.A1"]]}, "fields"),
    ({"fields": [["S06.A1", {"a": 1}]]}, "fields"),
    ({"photos": [{"sha256": "../../etc/passwd"}]}, "photos"),
    ({"photos": {"__proto__": 1}}, "photos"),
)


@pytest.mark.sqlite
def test_what_is_no_body_is_refused_by_the_name_of_what_is_wrong(bank: Bank, phone: Phone) -> None:
    for changes, field in NO_BODIES:
        phone.changes = changes
        answer = phone.send()
        assert (answer.status_code, answer.json) == (422, {"api": 1, "error": "invalid", "fields": [field]})

    with reading(bank.database) as session:
        assert (count(session, Submission), count(session, Inspection)) == (0, 0)


@pytest.mark.sqlite
def test_what_is_no_json_is_refused(phone: Phone) -> None:
    for junk in (b"[", b"[1]", b"\xff\xfe", b"[" * 100_000, b'{"v": NaN}'):
        answer = phone.put(f"submissions/{phone.submission}", junk)
        assert answer.json is not None
        assert (junk[:9], answer.status_code, answer.json["error"]) == (junk[:9], 422, "invalid")


@pytest.mark.fault("C13")
@pytest.mark.sqlite
def test_what_somebody_adds_to_a_body_by_hand_changes_no_score(bank: Bank, phone_to: MakePhone) -> None:
    honest, tampered = phone_to("0101", seed=4), phone_to("0102", seed=4)
    tampered.changes = {
        "score": 10000,
        "scores": {"visit": 10000},
        "branch": "0201",
        "state": "approved",
        "is_late": False,
        "inspector": str(bank.user("inspector2").id),
        "received_at": ANSWERED_AT,
    }

    assert (honest.send().status_code, tampered.send().status_code) == (201, 201)

    with reading(bank.database) as session:
        scores = [parse_scores(text).visit for text in session.scalars(select(Revision.scores)) if text]
        owner = session.get(VisitIdentity, bank.visits["0102"])
        assert scores[0] == scores[1]
        assert owner is not None
        assert owner.inspector_id == bank.user("inspector").id
    assert (state_of(bank, "0102"), state_of(bank, "0201")) == (VisitState.SUBMITTED, VisitState.ASSIGNED)


def test_answers_so_far_are_kept_by_the_highest_sequence(bank: Bank, phone: Phone) -> None:
    early, late = phone.fields()[:2], phone.fields()[:4]

    answers = [phone.save(7, late), phone.save(3, early), phone.save(7, early)]

    assert [
        (answer.status_code, answer.json["seq"], answer.json["kept"]) for answer in answers if answer.json
    ] == [
        (200, 7, True),
        (200, 7, False),
        (200, 7, False),
    ]
    with reading(bank.database) as session:
        draft = session.scalars(select(Draft)).one()
        assert list(json.loads(draft.fields)) == [name for name, *_ in late]
        assert count(session, Revision) == 0
    assert state_of(bank) is VisitState.IN_PROGRESS


@pytest.mark.sqlite
def test_a_late_copy_of_answers_changes_nothing_once_the_inspection_was_sent(
    bank: Bank, phone: Phone
) -> None:
    phone.save(1)
    phone.send()

    answer = phone.save(2)

    assert (answer.status_code, answer.json and answer.json["kept"]) == (200, False)
    with reading(bank.database) as session:
        assert count(session, Draft) == 0


@pytest.mark.sqlite
def test_a_sequence_that_is_none_is_refused(phone: Phone) -> None:
    for sequence in (0, -1, True, "1", 2**40, None):
        said = json.dumps({"seq": sequence, "fields": []}).encode()
        answer = phone.put(f"inspections/{phone.inspection}/answers", said)
        assert (sequence, answer.status_code) == (sequence, 422)


def test_each_call_that_changes_something_is_one_entry_of_the_journal_without_a_name(
    bank: Bank, phone: Phone
) -> None:
    with reading(bank.database) as session:
        before = count(session, JournalEntry)

    phone.save(1)
    phone.save(2)
    phone.send()
    phone.send()

    with reading(bank.database) as session:
        entries = session.scalars(select(JournalEntry).where(JournalEntry.actor_kind == "inspector")).all()
        assert count(session, JournalEntry) == before + 2
        assert [(entry.actor_id, entry.subject) for entry in entries] == [(None, "visit")] * 2


@pytest.mark.sqlite
def test_a_phone_is_told_from_which_sequence_to_go_on(app: Flask, bank: Bank, phone: Phone) -> None:
    inspector = Browser(app)
    inspector.sign_in("inspector", PASSWORD)
    address = f"/visits/{bank.visits['0101']}/bundle"
    before = inspector.get(address).json

    phone.save(7)

    after = inspector.get(address).json
    assert before is not None
    assert after is not None
    assert (before["seq"], after["seq"], after["inspection"]) == (0, 7, str(phone.inspection))
