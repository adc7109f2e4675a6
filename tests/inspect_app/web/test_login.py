"""Signing in, signing out, and what a browser keeps."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from inspect_app.db import Database, reading, transaction
from inspect_app.models.people import LoginFailure, LoginSession, User, UserKind
from inspect_app.queries.people import user_named
from inspect_app.services.journal import Actor
from inspect_app.services.passwords import hash_password
from inspect_app.services.people import UserPlan, add_user, record_login_failure
from tests.inspect_app.web.browsing import Browser, app_on

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    """Return an application that knows an administrator and a reviewer."""
    with transaction(database) as session:
        for name, kind in (("head", UserKind.ADMINISTRATOR), ("noise", UserKind.REVIEWER)):
            plan = UserPlan(name, name.title(), kind, hash_password(PASSWORD))
            add_user(session, Actor.system(), plan, now=NOW)
    return app_on(database, tmp_path)


def user_of(database: Database, name: str) -> User:
    """Return a user as the database has them."""
    with reading(database) as session:
        user = user_named(session, name)
        assert user is not None
        return user


def count(database: Database, table: type[LoginSession] | type[LoginFailure]) -> int:
    """Count the rows of a table."""
    with reading(database) as session:
        return session.query(table).count()


def test_the_right_password_leads_to_the_first_page(app: Flask) -> None:
    browser = Browser(app)

    response = browser.sign_in("head", PASSWORD)

    assert (response.status_code, response.headers["Location"]) == (303, "/office/waves")
    assert browser.get("/").headers["Location"] == "/office/waves"


@pytest.mark.parametrize(("name", "password"), [("head", "wrong"), ("nobody", PASSWORD), ("HEAD", PASSWORD)])
@pytest.mark.fault("S06")
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    app: Flask, database: Database, name: str, password: str
) -> None:
    response = Browser(app).sign_in(name, password)

    assert response.status_code == 422
    assert "用户名或密码不对。" in response.text
    assert count(database, LoginSession) == 0
    assert count(database, LoginFailure) == 1


def test_empty_fields_are_named_and_are_no_attempt(app: Flask, database: Database) -> None:
    response = Browser(app).sign_in("", "")

    assert response.status_code == 422
    assert "请填用户名。" in response.text
    assert "请填密码。" in response.text
    assert count(database, LoginFailure) == 0


def test_a_password_is_never_written_back_into_the_page(app: Flask) -> None:
    assert "s3cret-typed" not in Browser(app).sign_in("head", "s3cret-typed").text


def test_a_deactivated_user_cannot_sign_in(app: Flask, database: Database) -> None:
    with transaction(database) as session:
        session.merge(user_of(database, "head")).is_active = False

    assert Browser(app).sign_in("head", PASSWORD).status_code == 422


@pytest.mark.fault("S02")
def test_deactivating_ends_a_session_at_its_next_request(app: Flask, database: Database) -> None:
    browser = Browser(app)
    browser.sign_in("head", PASSWORD)
    with transaction(database) as session:
        session.merge(user_of(database, "head")).is_active = False

    assert browser.get("/office/waves").headers["Location"] == "/login"


def test_a_raised_session_version_ends_all_sessions_of_that_user_alone(
    app: Flask, database: Database
) -> None:
    head, noise = Browser(app), Browser(app)
    head.sign_in("head", PASSWORD)
    noise.sign_in("noise", PASSWORD)
    with transaction(database) as session:
        session.merge(user_of(database, "head")).session_version += 1

    assert head.get("/office/waves").status_code == 303
    assert noise.get("/office/waves").status_code == 200


@pytest.mark.fault("S02")
def test_signing_out_makes_the_cookie_worthless(app: Flask) -> None:
    browser = Browser(app)
    browser.sign_in("head", PASSWORD)
    cookie = browser.client.get_cookie("inspect")
    assert cookie is not None

    browser.post("/logout")
    browser.client.set_cookie("inspect", cookie.value)

    assert browser.get("/office/waves").headers["Location"] == "/login"


@pytest.mark.fault("S01")
def test_signing_in_gives_a_new_token_and_ends_the_old_one(app: Flask, database: Database) -> None:
    browser = Browser(app)
    browser.sign_in("head", PASSWORD)
    before = browser.client.get_cookie("inspect")
    browser.post("/login", {"username": "head", "password": PASSWORD})
    after = browser.client.get_cookie("inspect")

    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert count(database, LoginSession) == 1


@pytest.mark.fault("S01")
def test_a_token_that_an_attacker_planted_is_not_taken_over(app: Flask) -> None:
    browser = Browser(app)
    browser.client.set_cookie("inspect", "planted")
    browser.sign_in("head", PASSWORD)
    cookie = browser.client.get_cookie("inspect")

    assert cookie is not None
    assert cookie.value != "planted"
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")


@pytest.mark.fault("S10")
def test_the_database_holds_no_token(app: Flask, database: Database) -> None:
    browser = Browser(app)
    browser.sign_in("head", PASSWORD)
    cookie = browser.client.get_cookie("inspect")
    assert cookie is not None

    with reading(database) as session:
        kept = [login.token_hash for login in session.query(LoginSession)]

    assert kept
    assert cookie.value not in kept


@pytest.mark.fault("S05")
def test_ten_failures_in_an_hour_stop_further_attempts_at_that_name_alone(
    app: Flask, database: Database
) -> None:
    with transaction(database) as session:
        for _attempt in range(10):
            record_login_failure(session, "head", "192.0.2.7", now=datetime.now(UTC))

    assert Browser(app).sign_in("head", PASSWORD).status_code == 429
    assert Browser(app).sign_in("noise", PASSWORD).status_code == 303


def test_failures_of_an_hour_ago_are_forgotten(app: Flask, database: Database) -> None:
    with transaction(database) as session:
        for _attempt in range(10):
            record_login_failure(session, "head", "192.0.2.7", now=datetime.now(UTC) - timedelta(minutes=61))

    assert Browser(app).sign_in("head", PASSWORD).status_code == 303


@pytest.mark.fault("S05")
@pytest.mark.fault("S06")
def test_a_name_that_nobody_has_is_throttled_just_so(app: Flask, database: Database) -> None:
    with transaction(database) as session:
        for _attempt in range(10):
            record_login_failure(session, "nobody", "192.0.2.7", now=datetime.now(UTC))

    assert Browser(app).sign_in("nobody", PASSWORD).status_code == 429


def test_of_many_attempts_at_once_no_more_get_through_than_one_after_the_other(app: Flask) -> None:
    browsers = [Browser(app) for _ in range(16)]
    for browser in browsers:
        browser.get("/login")

    def guess(browser: Browser) -> int:
        return browser.post("/login", {"username": "head", "password": "a wrong one"}).status_code

    with ThreadPoolExecutor(len(browsers)) as guessers:
        answers = Counter(guessers.map(guess, browsers))

    assert answers == {422: 10, 429: 6}


def test_who_signs_in_in_the_end_leaves_no_attempt_behind(app: Flask, database: Database) -> None:
    for _ in range(3):
        assert Browser(app).sign_in("head", PASSWORD).status_code == 303

    with reading(database) as session:
        assert session.query(LoginFailure).count() == 0


def test_the_page_that_was_wanted_follows_the_sign_in(app: Flask) -> None:
    browser = Browser(app)
    assert browser.get("/handbook").headers["Location"] == "/login"

    response = browser.post("/login", {"username": "head", "password": PASSWORD})
    response = browser.sign_in("head", PASSWORD) if response.status_code != 303 else response

    assert response.headers["Location"] == "/handbook"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Mode": "cors"}, {"Accept": "*/*"}])
def test_what_a_script_asked_for_is_not_shown_after_the_sign_in(app: Flask, headers: dict[str, str]) -> None:
    browser = Browser(app)
    browser.client.get("/handbook", headers=headers)

    assert browser.sign_in("head", PASSWORD).headers["Location"] == "/office/waves"


@pytest.mark.parametrize("path", ["//evil.example/x", "/nope", "/m/"])
@pytest.mark.fault("S07")
def test_what_is_not_the_users_is_never_gone_on_to(app: Flask, path: str) -> None:
    browser = Browser(app)
    with browser.client.session_transaction() as visitor:
        visitor["wanted"] = path

    assert browser.sign_in("head", PASSWORD).headers["Location"] == "/office/waves"


def test_a_language_is_kept_in_the_browser_and_leads_back(app: Flask) -> None:
    browser = Browser(app)
    browser.get("/login")

    response = browser.post("/language", {"language": "en"}, Referer="http://localhost/login")

    assert response.headers["Location"] == "/login"
    assert 'lang="en"' in browser.get("/login").text


@pytest.mark.parametrize("before", ["http://evil.example/", "http://localhost//evil.example", "", "nonsense"])
@pytest.mark.fault("S07")
def test_choosing_a_language_leads_to_no_other_site(app: Flask, before: str) -> None:
    browser = Browser(app)
    browser.get("/login")

    response = browser.post("/language", {"language": "en"}, Referer=before)

    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("en;q=0.5, zh-Hant;q=0.9", "zh-Hant"),
        ("fr-FR, en-GB;q=0.5", "en"),
        ("fr", "zh-Hans"),
        ("*", "zh-Hans"),
    ],
)
def test_a_new_browser_is_spoken_to_in_the_first_language_that_it_and_the_pages_speak(
    app: Flask, accepted: str, language: str
) -> None:
    page = Browser(app).get("/login", **{"Accept-Language": accepted})

    assert f'<html lang="{language}">' in page.text


def test_a_page_offers_the_other_two_languages_each_by_its_own_name(app: Flask) -> None:
    browser = Browser(app)
    browser.get("/login")
    browser.post("/language", {"language": "zh-Hant"})

    page = browser.get("/login").text

    assert "登入" in page
    assert ("简体中文" in page, "繁體中文" in page, "English" in page) == (True, False, True)


def test_an_unknown_language_changes_nothing(app: Flask) -> None:
    browser = Browser(app)
    browser.get("/login")
    browser.post("/language", {"language": "xx"})

    assert 'lang="zh-Hans"' in browser.get("/login").text
