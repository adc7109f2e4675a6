"""The own account: who one is, the password, the language, ending every session."""

from datetime import timedelta

import pytest
from flask import Flask

from inspect_app.db import reading, transaction
from inspect_app.queries.people import user_named
from inspect_app.services.people import record_login_failure
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.account.conftest import SignIn
from tests.inspect_app.web.browsing import Browser

NEW = "mu ma ren jiu"
CHANGE = {"old": PASSWORD, "password": NEW, "repeated": NEW}
KINDS = ["administrator", "reviewer", "inspector", "region01", "branch0101"]


@pytest.mark.parametrize("username", KINDS)
def test_everybody_has_a_page_that_the_own_name_leads_to(sign_in: SignIn, username: str) -> None:
    browser = sign_in(username)
    home = browser.get(browser.get("/").headers["Location"])
    while home.status_code == 303:
        home = browser.get(home.headers["Location"])

    assert 'href="/account"' in home.text
    assert username in browser.get("/account").text


def test_on_an_inspectors_phone_the_page_does_not_tell_what_it_is_for(sign_in: SignIn) -> None:
    page = sign_in("inspector").get("/account").text

    for word in ("神秘人", "检查", "mark.", "两步登录"):
        assert word not in page


def test_a_place_is_shown_to_who_has_one(sign_in: SignIn) -> None:
    assert "重庆分行" in sign_in("region01").get("/account").text
    assert "渝中支行" in sign_in("branch0101").get("/account").text


@pytest.mark.fault("S02")
def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(app: Flask, sign_in: SignIn) -> None:
    browser, elsewhere = sign_in("reviewer"), sign_in("reviewer")
    before = browser.client.get_cookie("inspect")
    browser.get("/account")

    answer = browser.post("/account/change-password", CHANGE)

    after = browser.client.get_cookie("inspect")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account?done=password")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert browser.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    browser.client.set_cookie("inspect", before.value)
    assert browser.get("/account").status_code == 303
    assert Browser(app).sign_in("reviewer", NEW).status_code == 303


def test_without_the_old_password_nothing_changes_and_it_counts_as_a_failure(
    bank: Bank, sign_in: SignIn
) -> None:
    browser = sign_in("reviewer")
    browser.get("/account")
    with transaction(bank.database) as session:
        for _time in range(9):
            record_login_failure(session, "reviewer", "192.0.2.7", now=utc_now() - timedelta(minutes=1))

    wrong = browser.post("/account/change-password", CHANGE | {"old": "not it at all"})
    throttled = browser.post("/account/change-password", CHANGE)

    assert (wrong.status_code, throttled.status_code) == (422, 429)
    assert "现在的密码不对。" in wrong.text
    with reading(bank.database) as session:
        user = user_named(session, "reviewer")
        assert user is not None
        assert user.password_hash == bank.user("reviewer").password_hash


def test_signing_out_everywhere_ends_every_session_of_this_user_alone(sign_in: SignIn) -> None:
    browser, elsewhere, noise = sign_in("reviewer"), sign_in("reviewer"), sign_in("reviewer2")
    browser.get("/account")

    assert browser.post("/account/sign-out-everywhere").headers["Location"] == "/login"
    assert [one.get("/account").status_code for one in (browser, elsewhere, noise)] == [303, 303, 200]


def test_the_language_of_the_account_takes_the_place_of_the_browsers(sign_in: SignIn) -> None:
    browser = sign_in("reviewer")
    browser.get("/account")
    browser.post("/language", {"language": "zh-Hans"})

    assert browser.post("/account/language", {"language": "en"}).status_code == 303
    assert 'lang="en"' in browser.get("/account").text
    assert browser.post("/account/language", {"language": "xx"}).status_code == 422
