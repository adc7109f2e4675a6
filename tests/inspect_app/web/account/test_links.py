"""One-time links: once, for a while, for one account, and their token in no address that a page has."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.models.accounts import AccountLink
from inspect_app.queries.people import user_named
from inspect_app.services.accounts import deactivate, hand_out_link
from inspect_app.services.journal import Actor
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.account.conftest import SignIn
from tests.inspect_app.web.browsing import Browser

NEW = "mu ma ren jiu"
AN_HOUR = timedelta(hours=1)


def link_for(bank: Bank, username: str, ago: timedelta = timedelta(0)) -> str:
    """Hand out a link to an account, some time ago; return its token."""
    with transaction(bank.database) as session:
        user = user_named(session, username)
        assert user is not None
        return hand_out_link(session, Actor.system(), user, now=utc_now() - ago).token


def opened(app: Flask, token: str) -> Browser:
    """Return a browser that has followed a link."""
    browser = Browser(app)
    assert browser.get(f"/account/link/{token}").headers["Location"] == "/account/password"
    browser.get("/account/password")
    return browser


def set_password(browser: Browser, password: str = NEW, repeated: str = NEW) -> int:
    """Send the form; return the status of the answer."""
    return browser.post("/account/password", {"password": password, "repeated": repeated}).status_code


@pytest.mark.fault("S02")
def test_a_link_sets_the_password_signs_in_and_ends_every_other_session(
    app: Flask, bank: Bank, sign_in: SignIn
) -> None:
    elsewhere, noise = sign_in("reviewer"), sign_in("reviewer2")

    browser = opened(app, link_for(bank, "reviewer"))

    assert set_password(browser) == 303
    assert browser.get("/account").status_code == 200
    assert elsewhere.get("/account").headers["Location"] == "/login"
    assert noise.get("/account").status_code == 200
    assert Browser(app).sign_in("reviewer", PASSWORD).status_code == 422
    assert Browser(app).sign_in("reviewer", NEW).status_code == 303


@pytest.mark.fault("S10")
def test_a_link_can_be_used_once(app: Flask, bank: Bank) -> None:
    token = link_for(bank, "reviewer")
    first, second = opened(app, token), opened(app, token)

    assert (set_password(first), set_password(second, "another one", "another one")) == (303, 404)
    assert Browser(app).sign_in("reviewer", NEW).status_code == 303


def test_used_replaced_expired_altered_and_shut_links_look_alike(app: Flask, bank: Bank) -> None:
    used, replaced = link_for(bank, "region01"), link_for(bank, "reviewer")
    set_password(opened(app, used))
    link_for(bank, "reviewer")
    expired, shut = link_for(bank, "reviewer2", AN_HOUR), link_for(bank, "inspector")
    with transaction(bank.database) as session:
        user = user_named(session, "inspector")
        assert user is not None
        deactivate(session, Actor.system(), user, "left", now=utc_now())
    answers = set()
    for token in (used, replaced, expired, shut, "made-up"):
        browser = Browser(app)
        browser.get(f"/account/link/{token}")
        answer = browser.get("/account/password")
        answers.add((answer.status_code, answer.text))

    assert len(answers) == 1
    status, text = answers.pop()
    assert status == 404
    assert "链接不能用了" in text


def test_a_link_of_the_last_minute_still_opens(app: Flask, bank: Bank) -> None:
    assert set_password(opened(app, link_for(bank, "reviewer", AN_HOUR - timedelta(minutes=1)))) == 303


@pytest.mark.fault("S10")
def test_the_token_stands_in_no_page_and_is_kept_as_a_digest_alone(app: Flask, bank: Bank) -> None:
    token = link_for(bank, "reviewer")
    browser = Browser(app)
    redirect = browser.get(f"/account/link/{token}")
    page = browser.get("/account/password")

    assert len(token) >= 43
    assert redirect.headers["Cache-Control"] == "no-store"
    assert token not in redirect.text
    assert token not in page.text
    cookie = browser.client.get_cookie("inspect_link")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    with reading(bank.database) as session:
        assert token not in list(session.scalars(select(AccountLink.token_hash)))


def test_a_link_preview_uses_nothing_up(app: Flask, bank: Bank) -> None:
    token = link_for(bank, "reviewer")
    for _preview in range(3):
        Browser(app).get(f"/account/link/{token}")

    assert set_password(opened(app, token)) == 303


@pytest.mark.parametrize(
    ("password", "repeated", "sentence"),
    [
        ("short", "short", "密码至少 10 个字符。"),
        ("branch0101", "branch0101", "密码不能就是用户名。"),
        ("1234567890", "1234567890", "这个密码太常见"),
        (NEW, "something else", "两次填的不一样。"),
        ("", "", "请填密码。"),
    ],
)
def test_a_poor_password_is_refused_with_a_sentence_and_the_link_stays(
    app: Flask, bank: Bank, password: str, repeated: str, sentence: str
) -> None:
    browser = opened(app, link_for(bank, "branch0101"))

    answer = browser.post("/account/password", {"password": password, "repeated": repeated})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert password in ("", "branch0101") or password not in answer.text
    assert set_password(browser) == 303


def test_whoever_is_signed_in_as_somebody_else_becomes_the_one_of_the_link(
    bank: Bank, sign_in: SignIn
) -> None:
    browser = sign_in("reviewer2")
    browser.get(f"/account/link/{link_for(bank, 'reviewer')}")
    assert "孙复核" in browser.get("/account/password").text

    assert set_password(browser) == 303
    assert "孙复核" in browser.get("/account").text
