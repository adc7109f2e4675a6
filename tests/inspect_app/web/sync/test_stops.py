"""A visit that was broken off on a phone is called off once, or kept for head office; nothing is lost."""

import json
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from inspect_app.db import reading, transaction
from inspect_app.models.journal import JournalEntry
from inspect_app.models.visits import VisitState
from inspect_app.queries.visits import visit_of_office
from inspect_app.services.journal import Actor
from inspect_app.services.stops import Hindrance
from inspect_app.services.visit_tokens import Claim, sign
from inspect_app.services.visits import assign_visit
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import NOW, PASSWORD, Bank
from tests.inspect_app.web.browsing import SECRET, Browser
from tests.inspect_app.web.sync.phones import Phone, digest, token_for

MakePhone = Callable[..., Phone]
SENDERS = 12
SAID = {"why": "closed", "words": "门口贴了告示"}


def stop_body(phone: Phone, **changes: object) -> bytes:
    """Return the bytes that say that the phone's visit was broken off."""
    visit = phone.bank.visits[phone.branch_code]
    said = {"v": 1, "visit": str(visit), "stop": str(phone.submission), **SAID, **changes}
    return json.dumps(said, ensure_ascii=False).encode()


def stop(phone: Phone, branch_code: str | None = None, **changes: object) -> TestResponse:
    """Send that the phone's visit was broken off."""
    visit = phone.bank.visits[branch_code or phone.branch_code]
    return phone.put(f"visits/{visit}/stop", stop_body(phone, **changes), **{"Accept-Language": "zh-CN"})


def stands(bank: Bank, branch_code: str = "0101") -> tuple[VisitState, str | None]:
    """Return the state of a visit with its reason."""
    with reading(bank.database) as session:
        visit = visit_of_office(session, bank.visits[branch_code])
        return visit.state, visit.reason


def told(bank: Bank, branch_code: str = "0101") -> list[tuple[str, str | None]]:
    """Return what the journal says of a visit being called off, with its reasons."""
    with reading(bank.database) as session:
        entries = session.scalars(
            select(JournalEntry).where(JournalEntry.subject_id == str(bank.visits[branch_code]))
        )
        return [(one.action, one.reason) for one in entries if one.action in ("cancel_visit", "keep_stop")]


REASON = "网点没开门，或搬走了：门口贴了告示"


def test_a_visit_is_called_off_with_the_reason_in_words(bank: Bank, phone: Phone) -> None:
    answer = stop(phone)

    assert answer.status_code == 201
    assert answer.json == {"api": 1, "sha256": digest(stop_body(phone)), "status": "called_off"}
    assert stands(bank) == (VisitState.CANCELLED, REASON)
    assert stands(bank, "0102")[0] is VisitState.ASSIGNED
    assert told(bank) == [("cancel_visit", REASON)]


@pytest.mark.parametrize("why", list(Hindrance))
def test_every_hindrance_can_be_told_without_words(bank: Bank, phone: Phone, why: Hindrance) -> None:
    assert stop(phone, why=why.value, words="  ").status_code == 201

    state, reason = stands(bank)
    assert state is VisitState.CANCELLED
    assert reason
    assert "：" not in reason


@pytest.mark.fault("R10")
def test_the_same_bytes_again_are_told_the_same_and_change_nothing(bank: Bank, phone: Phone) -> None:
    first, again = stop(phone), stop(phone)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert told(bank) == [("cancel_visit", REASON)]


@pytest.mark.fault("R12")
def test_a_dozen_equal_calls_at_once_call_a_visit_off_once(bank: Bank, phone: Phone) -> None:
    together, codes = threading.Barrier(SENDERS), []

    def send() -> None:
        together.wait()
        codes.append(stop(phone).status_code)

    threads = [threading.Thread(target=send) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes.count(201) == 1
    assert set(codes) <= {200, 201, 423, 503}
    assert told(bank) == [("cancel_visit", REASON)]


@pytest.mark.fault("R22")
def test_what_was_sent_already_is_not_called_off_but_the_reason_is_kept_once(
    bank: Bank, phone: Phone
) -> None:
    phone.send()
    phone.submission = uuid.uuid4()

    first, again = stop(phone), stop(phone)

    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json is not None
    assert first.json["status"] == "kept"
    assert stands(bank)[0] is VisitState.SUBMITTED
    assert told(bank) == [("keep_stop", REASON)]


@pytest.mark.fault("R23")
def test_a_phone_that_has_lost_its_visit_calls_nothing_off_and_learns_nothing(
    bank: Bank, phone: Phone
) -> None:
    with transaction(bank.database) as session:
        visit = visit_of_office(session, bank.visits["0101"])
        assign_visit(session, Actor.user(bank.user("administrator")), visit, bank.user("inspector2"), now=NOW)

    answer = stop(phone)

    assert answer.status_code == 202
    assert answer.json is not None
    assert answer.json["status"] == "kept"
    assert stands(bank) == (VisitState.ASSIGNED, None)
    assert told(bank) == [("keep_stop", REASON)]


@pytest.mark.fault("R21")
def test_another_visits_token_opens_nothing(bank: Bank, phone: Phone) -> None:
    assert stop(phone, branch_code="0102").status_code == 403
    assert stop(phone, visit=str(bank.visits["0102"])).status_code == 403

    phone.token = token_for(bank, "0201")
    assert stop(phone).status_code == 403
    claim = Claim(bank.visits["0101"], bank.user("inspector").id, None, utc_now() - timedelta(days=1))
    phone.token = sign(claim, SECRET)
    assert stop(phone).status_code == 401

    assert stands(bank) == (VisitState.ASSIGNED, None)
    assert stands(bank, "0102")[0] is VisitState.ASSIGNED
    assert told(bank) == []


@pytest.mark.fault("C13")
@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"v": 2}, "v"),
        ({"why": "lazy"}, "why"),
        ({"why": ["closed"]}, "why"),
        ({"why": None}, "why"),
        ({"stop": "1"}, "stop"),
        ({"visit": None}, "visit"),
    ],
)
def test_what_says_nothing_of_a_stop_is_refused_by_name(
    bank: Bank, phone: Phone, changes: Mapping[str, Any], wrong: str
) -> None:
    answer = stop(phone, **changes)

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["fields"] == [wrong]
    assert stands(bank) == (VisitState.ASSIGNED, None)


@pytest.mark.parametrize("words", [None, 7, ["x"]])
def test_words_that_are_none_are_left_out(bank: Bank, phone: Phone, words: object) -> None:
    assert stop(phone, words=words).status_code == 201
    assert stands(bank)[1] == "网点没开门，或搬走了"


def test_words_are_cut_where_the_form_would_end(bank: Bank, phone: Phone) -> None:
    assert stop(phone, words="贴" * 400).status_code == 201
    assert stands(bank)[1] == f"网点没开门，或搬走了：{'贴' * 300}"


@pytest.mark.fault("R19")
def test_damaged_bytes_are_asked_for_again(bank: Bank, phone: Phone) -> None:
    body = stop_body(phone)
    answer = phone.put(f"visits/{bank.visits['0101']}/stop", body, **{"X-Content-SHA256": digest(b"")})

    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["error"] == "hash_mismatch"
    assert stands(bank) == (VisitState.ASSIGNED, None)


def test_head_office_reads_in_the_visits_history_what_was_kept(app: Flask, bank: Bank, phone: Phone) -> None:
    phone.send()
    phone.submission = uuid.uuid4()
    stop(phone)
    administrator = Browser(app)
    administrator.sign_in("administrator", PASSWORD)

    page = administrator.get(f"/office/visits/{bank.visits['0101']}").text

    assert "说做不下去了，留着" in page
    assert REASON in page
