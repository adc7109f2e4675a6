"""Inspectors come in on a phone: with a link that works once, or its short code; and a phone can be ended."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.models.journal import JournalEntry
from inspect_app.models.people import LoginSession
from inspect_app.models.phones import PersonalEntry, Phone
from inspect_app.services.entries import LINK_LASTS, PHONE_LASTS
from inspect_app.services.tokens import hash_of
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import PASSWORD, Bank, count
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.sync import phones
from tests.inspect_app.web.sync.phones import token_for

LINK = re.compile(r'value="http://localhost(/in/[\w-]+)"')
CODE = re.compile(r'class="short-code"[^>]*>([0-9A-Z]{4}-[0-9A-Z]{4})<')


@pytest.fixture
def app(bank: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank."""
    return app_on(bank.database, tmp_path)


@pytest.fixture
def office(app: Flask) -> Browser:
    """Return the browser of head office."""
    browser = Browser(app)
    assert browser.sign_in("administrator", PASSWORD).status_code == 303
    return browser


def page_of(bank: Bank, step: str = "phones") -> str:
    """Return an address of head office about the inspector."""
    return f"/office/people/{bank.user('inspector').id}/{step}"


def hand_out(office: Browser, bank: Bank) -> str:
    """Return the path of a fresh link for the inspector."""
    office.get(page_of(bank))
    answer = office.post(page_of(bank, "entry"))
    assert answer.status_code == 200
    found = LINK.search(answer.text)
    assert found
    assert "<svg" in answer.text
    return found[1]


def come_in(app: Flask, path: str) -> tuple[Browser, str]:
    """Return the phone that came in with a link, and the code that it was shown."""
    phone = Browser(app)
    assert phone.get(path).headers["Location"] == "/in"
    assert phone.get("/in").status_code == 200
    answer = phone.post("/in")
    code = CODE.search(answer.text)
    assert answer.status_code == 200
    assert code
    return phone, code[1]


def test_a_link_lets_one_phone_in_once_without_a_password(app: Flask, bank: Bank, office: Browser) -> None:
    path = hand_out(office, bank)

    phone, _code = come_in(app, path)

    assert phone.get("/m/").status_code == 200
    late = Browser(app)
    late.get(path)
    assert late.get("/in").status_code == 404
    assert late.post("/in").status_code == 404
    assert late.get("/m/").status_code == 303
    with reading(bank.database) as session:
        held = session.scalars(select(PersonalEntry.token_hash)).all()
        assert hash_of(path.removeprefix("/in/")) in held
        assert path.removeprefix("/in/") not in held
        opened = session.scalars(select(LoginSession).order_by(LoginSession.expires_at.desc())).first()
        assert opened is not None
        assert opened.expires_at - utc_now() > PHONE_LASTS - timedelta(hours=1)
        assert session.scalars(select(Phone.session_hash)).all() == [opened.token_hash]


@pytest.mark.sqlite
def test_looking_at_a_link_uses_nothing_up(app: Flask, bank: Bank, office: Browser) -> None:
    path = hand_out(office, bank)

    for _ in range(3):
        ahead = Browser(app)
        ahead.get(path)
        ahead.get("/in")

    come_in(app, path)


@pytest.mark.sqlite
@pytest.mark.fault("S10")
def test_a_link_that_was_replaced_taken_back_or_has_run_out_is_dead(
    app: Flask, bank: Bank, office: Browser
) -> None:
    replaced, taken_back = hand_out(office, bank), hand_out(office, bank)
    assert office.post(page_of(bank, "entry/end")).status_code == 303
    assert office.post(page_of(bank, "entry/end")).status_code == 409
    run_out = hand_out(office, bank)
    with transaction(bank.database) as session:
        for entry in session.scalars(select(PersonalEntry)):
            entry.expires_at -= LINK_LASTS

    texts = set()
    for path in (replaced, taken_back, run_out, "/in/guessed"):
        phone = Browser(app)
        phone.get(path)
        assert phone.get("/in").status_code == 404
        answer = phone.post("/in")
        assert (path, answer.status_code) == (path, 404)
        texts.add(re.sub(r'value="[^"]*"', "", answer.text))
    assert len(texts) == 1


def test_a_code_lets_the_app_on_the_same_phone_in_once(app: Flask, bank: Bank, office: Browser) -> None:
    _phone, code = come_in(app, hand_out(office, bank))
    installed = Browser(app)
    installed.get("/in/code")

    answer = installed.post("/in/code", {"code": f" {code.lower().replace('-', ' ')} "})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/m/")
    assert installed.get("/m/").status_code == 200
    other = Browser(app)
    other.get("/in/code")
    assert other.post("/in/code", {"code": code}).status_code == 422
    with reading(bank.database) as session:
        assert count(session, Phone) == 2


@pytest.mark.sqlite
def test_who_guesses_codes_is_stopped(app: Flask) -> None:
    phone = Browser(app)
    phone.get("/in/code")

    answers = [phone.post("/in/code", {"code": f"2222-{place:04}"}).status_code for place in range(12)]

    assert answers == [422] * 10 + [429] * 2


def test_a_phone_that_the_office_ended_is_signed_out_and_told_so(
    app: Flask, bank: Bank, office: Browser
) -> None:
    phone, _code = come_in(app, hand_out(office, bank))
    with reading(bank.database) as session:
        row = session.scalars(select(Phone)).one()
    office.get(page_of(bank))

    assert office.post(page_of(bank, f"phones/{row.id}/end")).status_code == 303

    assert phone.get("/m/").headers["Location"] == "/in/ended"
    page = phone.get("/in/ended")
    assert "data-ended-phone" in page.text
    wiped = phone.post("/logout")
    assert wiped.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert phone.get("/m/").headers["Location"] == "/login"
    assert office.post(page_of(bank, f"phones/{row.id}/end")).status_code == 409


def test_what_an_ended_phone_still_sends_is_kept_apart(app: Flask, bank: Bank, office: Browser) -> None:
    come_in(app, hand_out(office, bank))
    with reading(bank.database) as session:
        row = session.scalars(select(Phone)).one()
    bound = token_for(bank, "0101", session_hash=row.session_hash)
    office.get(page_of(bank))
    office.post(page_of(bank, f"phones/{row.id}/end"))

    answer = phones.Phone(app, bank, "0101", bound).send()

    assert answer.json is not None
    assert (answer.status_code, answer.json["status"]) == (202, "revoked")


@pytest.mark.sqlite
def test_signing_out_wipes_a_phone_and_ends_it(app: Flask, bank: Bank, office: Browser) -> None:
    phone, _code = come_in(app, hand_out(office, bank))
    phone.get("/m/")

    answer = phone.post("/logout")

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert phone.get("/m/").headers["Location"] == "/login"
    with reading(bank.database) as session:
        row = session.scalars(select(Phone)).one()
        assert (row.ended_at is not None, row.ended_by_id) == (True, None)
    office.get("/office/people")
    assert "Clear-Site-Data" not in office.post("/logout").headers


@pytest.mark.sqlite
def test_only_inspectors_get_such_links_and_the_journal_names_none_of_them(
    app: Flask, bank: Bank, office: Browser
) -> None:
    come_in(app, hand_out(office, bank))
    for name in ("reviewer", "branch0101"):
        assert office.post(f"/office/people/{bank.user(name).id}/entry").status_code == 404
    with reading(bank.database) as session:
        told = session.scalars(select(JournalEntry).where(JournalEntry.action.like("%entry%"))).all()
        inside = session.scalars(select(JournalEntry).where(JournalEntry.action == "come_in")).all()
    assert [entry.subject_id for entry in (*told, *inside)] == ["inspector"] * 2
    assert inside[0].actor_id is None
