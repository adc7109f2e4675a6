"""Links that go out by mail: where there is an address and a server, in the language of who gets them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.db import reading
from inspect_app.models.jobs import Mail, MailState
from inspect_app.queries.people import user_named
from inspect_app.web.access import current_settings
from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.office.test_people import HAN, LINK, PAGE, place

pytestmark = pytest.mark.sqlite
"""What these pages ask of the database is tried on both kinds beside the services."""

SMTP = "smtp://127.0.0.1:2525?from=inspect@bank.example"


@pytest.fixture
def mailing(bank: Bank, tmp_path: Path) -> Browser:
    """Return the administrator's browser where a mail server is set."""
    app = app_on(bank.database, tmp_path)
    with app.app_context():
        settings = current_settings()
    app.extensions["inspect_settings"] = replace(settings, smtp_url=SMTP)
    return signed_in(app)


def signed_in(app: Flask) -> Browser:
    """Return the browser of a signed-in administrator who has seen a form."""
    browser = Browser(app)
    assert browser.sign_in("administrator", PASSWORD).status_code == 303
    browser.get(f"{PAGE}/new")
    return browser


def all_mails(bank: Bank) -> list[Mail]:
    """Return every mail as it is now."""
    with reading(bank.database) as session:
        return list(session.scalars(select(Mail).order_by(Mail.queued_at)))


def test_an_invitation_goes_out_with_the_very_link_that_the_page_shows(bank: Bank, mailing: Browser) -> None:
    page = mailing.post(
        f"{PAGE}/new", {**HAN, "email": "han@bank.example", "by_mail": "yes", "language": "en"}
    )

    found = LINK.search(page.text)
    (mail,) = all_mails(bank)
    assert found is not None
    assert f"http://localhost{found[1]}\n" in (mail.text or "")
    assert (mail.address, mail.state) == ("han@bank.example", MailState.QUEUED)
    assert mail.useless_from is not None
    assert "han@bank.example" in page.text


@pytest.mark.parametrize("fields", [{"email": "han@bank.example"}, {"email": "", "by_mail": "yes"}])
def test_without_an_address_or_the_wish_no_mail_goes_out(
    bank: Bank, mailing: Browser, fields: dict[str, str]
) -> None:
    assert mailing.post(f"{PAGE}/new", {**HAN, **fields}).status_code == 200

    assert all_mails(bank) == []


def test_without_a_server_nobody_is_offered_a_mail_nor_gets_one(bank: Bank, administrator: Browser) -> None:
    page = administrator.get(f"{PAGE}/new")
    administrator.post(f"{PAGE}/new", {**HAN, "email": "han@bank.example", "by_mail": "yes"})

    assert "by_mail" not in page.text
    assert all_mails(bank) == []


def test_a_new_link_calls_off_the_mail_with_the_old_one(bank: Bank, mailing: Browser) -> None:
    mailing.post(f"{place(bank, 'region01')}/email", {"email": "region01@bank.example"})
    for _time in range(2):
        mailing.post(f"{place(bank, 'region01')}/link", {"by_mail": "yes"})

    first, second = all_mails(bank)
    assert (first.state, first.text) == (MailState.CANCELLED, None)
    assert (second.state, bool(second.text)) == (MailState.QUEUED, True)


@pytest.mark.parametrize(
    "email",
    ["region01", "a@b@c", "a b@c.example", "a@b.example\r\nBcc: x@y.example", "张@银行.example", "a@"],
)
def test_what_is_no_address_is_not_written_down(bank: Bank, mailing: Browser, email: str) -> None:
    answer = mailing.post(f"{place(bank, 'region01')}/email", {"email": email})

    assert answer.status_code == 422
    assert "请填邮件地址" in answer.text
    with reading(bank.database) as session:
        user = user_named(session, "region01")
        assert user is not None
        assert user.email is None


def test_an_address_is_written_down_and_taken_away_again(bank: Bank, mailing: Browser) -> None:
    for typed, kept in ((" region01@bank.example ", "region01@bank.example"), ("", None)):
        assert mailing.post(f"{place(bank, 'region01')}/email", {"email": typed}).status_code == 303
        with reading(bank.database) as session:
            user = user_named(session, "region01")
            assert user is not None
            assert user.email == kept
    assert re.search(r"改了电子邮件", mailing.get(place(bank, "region01")).text)
