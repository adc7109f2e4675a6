"""What attackers try at sessions, forms, the sign-in and addresses: cases S01 to S08, S10 and S11."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from inspect_app.app import create_app
from inspect_app.config import Settings
from inspect_app.db import Database, reading, transaction
from inspect_app.models.people import LoginFailure, User
from inspect_app.queries.people import user_named
from inspect_app.services import accounts
from inspect_app.services.journal import Actor
from inspect_app.services.people import Post
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.account.conftest import SignIn
from tests.inspect_app.web.browsing import SECRET, TOKEN, Browser

WRONG = "wrong wrong"
ASKED_ANEW = frozenset({"/m/sw.js"})
"""The phone's worker: the same for everybody, kept by the browser and asked for anew each time."""

SOME_ID = "00000000-0000-4000-8000-000000000000"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}


def addresses(app: Flask, method: str) -> Iterator[str]:
    """Yield an address of every page that takes this method, its variable parts filled in with something."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            path = re.sub(r"<uuid:[^>]+>", SOME_ID, rule.rule)
            yield re.sub(r"<[^>]+>", "x", path)


def served(bank: Bank, folder: Path, proxies: int = 0) -> Flask:
    """Return the application as it is reached over https, behind so many proxies."""
    settings = Settings(
        data_dir=folder,
        database_url="",
        secret_key=SECRET,
        storage_url="",
        public_url="https://inspect.example",
        trusted_proxies=proxies,
    )
    return create_app(settings, bank.database)


def user_of(bank: Bank, name: str) -> User:
    """Return a user as the database has them."""
    with reading(bank.database) as session:
        user = user_named(session, name)
        assert user is not None
        return user


@pytest.mark.fault("S08")
@pytest.mark.fault("S09")
def test_every_answer_of_every_page_carries_the_whole_set_of_rules(bank: Bank, tmp_path: Path) -> None:
    client = served(bank, tmp_path).test_client()
    asked = 0
    for path in addresses(client.application, "GET"):
        with client.get(path, base_url="https://inspect.example") as response:
            headers = response.headers
            assert {name: headers.get(name) for name in HEADERS} == HEADERS, path
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert "Cookie" in headers["Vary"]
            kept = "no-cache" if path in ASKED_ANEW else "no-store"
            assert headers["Cache-Control"] == kept or path.startswith("/static/"), path
            for cookie in headers.getlist("Set-Cookie"):
                assert cookie.startswith(("__Host-", "inspect_language=")), path
                assert all(flag in cookie for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax")), path
                assert "Domain" not in cookie
        asked += 1

    assert asked > 20


@pytest.mark.parametrize("how", ["none", "made up", "another user's", "of before signing in", "other site"])
@pytest.mark.fault("S03")
def test_no_form_of_any_page_is_taken_without_the_token_of_this_session(
    app: Flask, sign_in: SignIn, how: str
) -> None:
    visitor = Browser(app)
    visitor.get("/login")
    browser, other = sign_in("administrator"), sign_in("reviewer")
    other.get("/account")
    browser.get("/account")
    tokens = {"none": "", "made up": "made-up", "another user's": other.token}
    token = tokens.get(how, visitor.token if how == "of before signing in" else browser.token)
    headers = {"Sec-Fetch-Site": "cross-site"} if how == "other site" else {}
    tried = 0
    for path in addresses(app, "POST"):
        answer = browser.client.post(path, data={"csrf_token": token}, headers=headers)
        assert (path, answer.status_code) == (path, 400)
        tried += 1

    assert tried > 20
    assert browser.get("/account").status_code == 200


@pytest.mark.fault("S03")
def test_json_as_plain_text_is_no_form(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("administrator")
    for path in addresses(app, "POST"):
        answer = browser.client.post(path, data='{"csrf_token": "x"}', content_type="text/plain")
        assert (path, answer.status_code) == (path, 400)


@pytest.mark.parametrize("change", ["signed out", "password", "shut", "moved", "everywhere"])
@pytest.mark.fault("S02")
def test_a_stolen_cookie_is_worth_nothing_after(bank: Bank, sign_in: SignIn, change: str) -> None:
    victim, thief, noise = sign_in("region01"), sign_in("region01"), sign_in("region02")
    thief.client.set_cookie("inspect", cookie_of(victim))
    assert thief.get("/account").status_code == 200
    now, administrator = utc_now(), Actor.user(bank.user("administrator"))
    victim.get("/account")
    if change == "signed out":
        victim.post("/logout")
    else:
        with transaction(bank.database) as session:
            user = session.merge(user_of(bank, "region01"))
            if change == "password":
                accounts.change_password(session, user, user.password_hash, now=now)
            elif change == "shut":
                accounts.deactivate(session, administrator, user, "left", now=now)
            elif change == "moved":
                accounts.change_post(session, administrator, user, Post(user.kind, "R02"), now=now)
            else:
                accounts.sign_out_everywhere(session, user, now=now)

    answer = thief.get("/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert noise.get("/account").status_code == 200


@pytest.mark.fault("S01")
def test_the_session_is_another_after_signing_in_and_the_planted_one_is_dead(app: Flask) -> None:
    attacker = Browser(app)
    attacker.sign_in("region02", PASSWORD)
    victim = Browser(app)
    planted = cookie_of(attacker)
    victim.client.set_cookie("inspect", planted)
    victim.get("/account")
    victim.post("/login", {"username": "region01", "password": PASSWORD})

    assert cookie_of(victim) != planted
    assert attacker.get("/account").headers["Location"] == "/login"


@pytest.mark.fault("S05")
def test_rotating_forwarded_addresses_does_not_get_round_the_limit(bank: Bank, tmp_path: Path) -> None:
    app = served(bank, tmp_path, proxies=1)
    with transaction(bank.database) as session:
        for number in range(100):
            session.add(LoginFailure(account=f"guess{number}", address="203.0.113.9", at=utc_now()))
    statuses = {
        sign_in_from(app, "nobody", f"198.51.100.{number}, 203.0.113.9").status_code for number in range(3)
    }

    assert statuses == {429}
    assert sign_in_from(app, "nobody", "203.0.113.9, 198.51.100.1").status_code == 422


@pytest.mark.fault("S05")
def test_without_trusted_proxies_what_a_browser_says_of_its_address_is_not_believed(
    bank: Bank, tmp_path: Path
) -> None:
    sign_in_from(served(bank, tmp_path), "nobody", "198.51.100.7")

    with reading(bank.database) as session:
        assert list(session.scalars(select(LoginFailure.address))) == ["127.0.0.1"]


def test_an_account_takes_ten_guesses_an_hour_from_wherever_and_then_not_even_the_right_one(
    bank: Bank, tmp_path: Path
) -> None:
    app = served(bank, tmp_path, proxies=1)
    statuses = [sign_in_from(app, "reviewer", f"198.51.100.{number}").status_code for number in range(12)]

    assert statuses == [422] * 10 + [429] * 2
    assert sign_in_from(app, "reviewer", "192.0.2.1", PASSWORD).status_code == 429
    assert sign_in_from(app, "reviewer2", "192.0.2.1", PASSWORD).status_code == 303
    with reading(bank.database) as session:
        assert session.scalar(select(func.count()).select_from(LoginFailure)) == 10


@pytest.mark.fault("S06")
def test_known_unknown_shut_and_uninvited_names_are_answered_alike(app: Flask, bank: Bank) -> None:
    with transaction(bank.database) as session:
        shut = session.merge(user_of(bank, "region02"))
        accounts.deactivate(session, Actor.system(), shut, "left", now=utc_now())
        session.merge(user_of(bank, "region01")).password_hash = ""
    answers = set()
    for name in ("reviewer", "nobodyxx", "region02", "region01"):
        answer = Browser(app).sign_in(name, "wrong wrong")
        text = TOKEN.sub("", answer.text.replace(name, "name"))
        answers.add((answer.status_code, text, tuple(sorted(answer.headers.keys()))))

    assert len(answers) == 1


@pytest.mark.parametrize(
    "goal",
    [
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "https:evil.example",
        "https://evil.example",
        "\x01//evil.example",
        "/\r\nLocation: https://evil.example",
        "//user@evil.example",
        "/office/waves@evil.example",
        "javascript:alert(1)",
    ],
)
@pytest.mark.fault("S07")
def test_signing_in_leads_nowhere_but_to_pages_of_the_product(app: Flask, goal: str) -> None:
    browser = Browser(app)
    browser.get("/login")
    with browser.client.session_transaction() as visitor:
        visitor["wanted"] = goal
    data = {"csrf_token": browser.token, "username": "administrator", "password": PASSWORD, "next": goal}
    answer = browser.client.post("/login", data=data, query_string={"next": goal})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/waves")


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/admin",
        "/console",
        "/debug",
        "/demo",
        "/demo/enter/administrator",
        "/backup.zip",
        "/inspect.sqlite3",
        "/data/inspect.sqlite3",
        "/secret.key",
        "/accounts.json",
        "/static/../../wsgi.py",
        "/metrics/../data",
        "/login?__debugger__=yes&cmd=resource&f=debugger.js",
    ],
)
@pytest.mark.fault("S11")
def test_nothing_lies_about_that_nobody_meant_to_serve(app: Flask, path: str) -> None:
    answer = Browser(app).get(path)

    assert answer.status_code == (200 if path.startswith("/login") else 404)
    assert "Traceback" not in answer.text
    assert "debugger" not in answer.text.replace("__debugger__", "")
    assert not app.debug


def test_a_fresh_database_has_no_account(database: Database) -> None:
    with reading(database) as session:
        assert session.scalar(select(func.count()).select_from(User)) == 0


def cookie_of(browser: Browser) -> str:
    """Return the session's cookie."""
    cookie = browser.client.get_cookie("inspect")
    assert cookie is not None
    return str(cookie.value)


def sign_in_from(app: Flask, name: str, forwarded: str, password: str = WRONG) -> TestResponse:
    """Try to sign in with what proxies, or liars, say of the address."""
    client = app.test_client()
    place = "https://inspect.example"
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
    found = TOKEN.search(client.get("/login", base_url=place, headers=headers).text)
    assert found is not None
    data = {"csrf_token": found.group(1), "username": name, "password": password}
    headers["Referer"] = f"{place}/login"
    return client.post("/login", base_url=place, data=data, headers=headers)
