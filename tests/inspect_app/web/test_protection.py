"""What every answer carries, and what is refused before a page is asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from inspect_app.app import create_app
from inspect_app.config import Settings
from inspect_app.db import Database, open_database
from inspect_app.web.access import UndeclaredPageError, refuse_undeclared_pages
from tests.inspect_app.web.browsing import SECRET, Browser, app_on


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    """Return an application in which nobody is signed in."""
    return app_on(database, tmp_path)


@pytest.mark.fault("S08")
def test_every_answer_carries_the_same_rules(app: Flask) -> None:
    browser = Browser(app)
    for path in ("/login", "/healthz", "/nope", "/"):
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Cookie" in headers["Vary"]
        assert "Strict-Transport-Security" not in headers


def test_static_files_are_kept_for_ever_under_an_address_that_changes_with_them(app: Flask) -> None:
    page = Browser(app).get("/login").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]

    with Browser(app).get(address) as response:
        cached = response.headers["Cache-Control"]

    assert response.status_code == 200
    assert "immutable" in cached
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("name", ["/static/", "/static/../config.py", "/static/x/css/base.css"])
def test_nothing_else_lies_below_the_static_files(app: Flask, name: str) -> None:
    assert Browser(app).get(name).status_code == 404


@pytest.mark.parametrize("token", ["", "made-up", "IjEi.made.up"])
@pytest.mark.fault("S03")
def test_a_form_without_its_token_changes_nothing(app: Flask, token: str) -> None:
    browser = Browser(app)
    browser.get("/login")
    browser.token = token

    response = browser.post("/login", {"username": "a", "password": "b"})

    assert response.status_code == 400
    assert "这一页打开得太久了" in response.text


def test_a_token_of_another_browser_is_refused(app: Flask) -> None:
    mine, theirs = Browser(app), Browser(app)
    mine.get("/login")
    theirs.get("/login")
    mine.token = theirs.token

    assert mine.post("/login", {"username": "a", "password": "b"}).status_code == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.fault("S03")
def test_what_another_site_sends_is_refused(app: Flask, site: str) -> None:
    browser = Browser(app)
    browser.get("/login")

    response = browser.post("/login", {"username": "a", "password": "b"}, **{"Sec-Fetch-Site": site})

    assert response.status_code == 400


def test_a_large_page_is_packed_for_a_browser_that_takes_it(app: Flask) -> None:
    packed = app.test_client().get("/login", headers={"Accept-Encoding": "gzip"})
    plain = Browser(app).get("/login")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert len(packed.data) < len(plain.data)


@pytest.mark.fault("S08")
def test_over_https_cookies_and_headers_are_strict(database: Database, tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        database_url="",
        secret_key=SECRET,
        storage_url="",
        public_url="https://inspect.example",
    )
    response = create_app(settings, database).test_client().get("/login", base_url="https://inspect.example")

    assert response.headers["Strict-Transport-Security"]
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-inspect-visitor=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "Path=/" in cookie


@pytest.mark.fault("A01")
def test_a_page_that_does_not_say_who_may_see_it_stops_the_start(app: Flask) -> None:
    app._got_first_request = False
    app.add_url_rule("/undeclared", "undeclared", lambda: "")

    with pytest.raises(UndeclaredPageError, match="undeclared"):
        refuse_undeclared_pages(app)


@pytest.mark.fault("S11")
def test_a_fault_of_the_product_is_said_without_its_inside(app: Flask) -> None:
    app._got_first_request = False

    def broken() -> str:
        raise RuntimeError("inside story")

    app.add_url_rule("/broken", "broken", broken)
    response = Browser(app).get("/broken")

    assert response.status_code == 500
    assert "出了故障" in response.text
    assert "inside story" not in response.text


def test_ready_says_what_is_missing(tmp_path: Path, unmigrated: Database) -> None:
    app = app_on(unmigrated, tmp_path)

    response = Browser(app).get("/readyz")

    assert (response.status_code, response.get_json()) == (
        503,
        {"status": "unavailable", "database": "not migrated", "storage": "ok", "queue": "ok"},
    )


@pytest.fixture
def unmigrated(database_url: str) -> Iterator[Database]:
    """Return a database without any table."""
    opened = open_database(database_url)
    yield opened
    opened.writing.dispose()
