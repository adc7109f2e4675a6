"""A form that comes too late: nothing that was typed is lost, and nothing is done without a sign-in."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from inspect_app.db import reading, transaction
from inspect_app.models.people import LoginSession
from inspect_app.models.visits import Visit, VisitState
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.page_reading import signed_in

REASON = "网点 9 月装修，<b>去不了</b>"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def address_of(bank: Bank) -> str:
    """Return where a visit is cancelled."""
    return f"/office/visits/{bank.visits['0101']}/cancel"


def end_all_logins(bank: Bank) -> None:
    """Let thirty hours pass: no sign-in lasts so long."""
    with transaction(bank.database) as session:
        session.execute(update(LoginSession).values(expires_at=utc_now() - timedelta(hours=18)))


def state_of(bank: Bank) -> VisitState:
    """Return what has become of the visit."""
    with reading(bank.database) as session:
        visit = session.get_one(Visit, bank.visits["0101"])
        return visit.state


def held(page: str) -> dict[str, str]:
    """Return the fields that a page is ready to send."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page)}


@pytest.fixture
def app(bank: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank."""
    return app_on(bank.database, tmp_path)


@pytest.fixture
def administrator(app: Flask) -> Browser:
    """Return the browser of head office."""
    return signed_in(app, "administrator")


@pytest.mark.fault("S04")
def test_after_thirty_hours_what_was_typed_is_kept_and_saved_after_signing_in_again(
    bank: Bank, administrator: Browser
) -> None:
    administrator.get(f"/office/visits/{bank.visits['0101']}")
    end_all_logins(bank)

    late = administrator.post(address_of(bank), {"reason": REASON})
    assert late.status_code == 400
    assert held(late.text)["reason"] == REASON
    assert "网点 9 月装修，&lt;b&gt;去不了&lt;/b&gt;" in late.text
    assert state_of(bank) is VisitState.ASSIGNED

    kept = held(late.text)
    assert administrator.sign_in("administrator", PASSWORD).status_code == 303
    looked_at = administrator.client.post(address_of(bank), data=kept)
    assert looked_at.status_code == 400
    assert held(looked_at.text)["reason"] == REASON
    sent = administrator.client.post(address_of(bank), data=held(looked_at.text))

    assert sent.status_code == 303
    assert state_of(bank) is VisitState.CANCELLED


@pytest.mark.fault("S04")
def test_a_form_of_an_earlier_sign_in_is_shown_again_with_the_token_of_this_one(
    bank: Bank, administrator: Browser
) -> None:
    administrator.get(f"/office/visits/{bank.visits['0101']}")
    early = administrator.token
    administrator.post("/login", {"username": "administrator", "password": PASSWORD})

    shown = administrator.client.post(address_of(bank), data={"csrf_token": early, "reason": REASON})
    assert shown.status_code == 400
    assert state_of(bank) is VisitState.ASSIGNED
    assert administrator.client.post(address_of(bank), data=held(shown.text)).status_code == 303
    assert state_of(bank) is VisitState.CANCELLED


@pytest.mark.fault("S03")
def test_what_another_site_sent_is_not_shown_again(bank: Bank, administrator: Browser) -> None:
    refused = administrator.client.post(
        address_of(bank), data={"reason": REASON}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert refused.status_code == 400
    assert "去不了" not in refused.text
    assert state_of(bank) is VisitState.ASSIGNED


def test_a_password_is_never_shown_again(app: Flask) -> None:
    browser = signed_in(app, "branch0101")
    refused = browser.client.post("/account/password", data={"old": PASSWORD, "password": "a new one here"})

    assert refused.status_code == 400
    assert PASSWORD not in refused.text
    assert "a new one here" not in refused.text


@pytest.mark.fault("J03")
@pytest.mark.parametrize("address", ["/office/waves?q=%00", "/office/waves/%00", "/office/people?q=a%00b"])
def test_the_character_that_no_database_holds_is_refused_as_typed_wrongly(
    administrator: Browser, address: str
) -> None:
    assert administrator.get(address).status_code in (400, 404)


@pytest.mark.fault("J03")
def test_in_a_field_it_changes_nothing(bank: Bank, administrator: Browser) -> None:
    administrator.get(f"/office/visits/{bank.visits['0101']}")

    assert administrator.post(address_of(bank), {"reason": "a\0b"}).status_code == 400
    assert state_of(bank) is VisitState.ASSIGNED
