"""One line for each request, and nothing in any line that tells whom or what it was about."""

import io
import json
import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from inspect_app.app import create_app
from inspect_app.config import Settings
from inspect_app.db import session, transaction
from inspect_app.logs import begin_log
from inspect_app.models.people import UserKind
from inspect_app.services.accounts import hand_out_link
from inspect_app.services.journal import Actor
from inspect_app.web.access import open_to_all
from tests.inspect_app.made_up_bank import NOW, PASSWORD, Bank
from tests.inspect_app.operations.conftest import whole
from tests.inspect_app.web.browsing import SECRET, Browser, app_on

pytestmark = pytest.mark.sqlite

AGENT = "Huawei Mate 60 CANARY-AGENT"
WRONG = "CANARY-wrong-password"
QUERY = "CANARY-query"


@pytest.fixture
def app(bank: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank, with one page that breaks over a row."""
    made = whole(app_on(bank.database, tmp_path))

    @open_to_all
    def broken(name: str) -> str:
        session.execute(
            text("INSERT INTO region (id, code, name, name_key, path) VALUES (:id, 'HO', :name, :name, :id)"),
            {"id": uuid.uuid4().hex, "name": name},
        )
        return ""

    made.add_url_rule("/broken/<name>", "broken", broken, methods=["GET"])
    return made


def lines(log: io.StringIO, event: str = "request") -> list[dict[str, object]]:
    """Return the lines that tell of one kind of thing."""
    return [line for line in map(json.loads, log.getvalue().splitlines()) if line["event"] == event]


@dataclass
class Session:
    """One browser's way through the product: what it asked, and everything that it must not have left."""

    browser: Browser
    asked: int = 0

    def get(self, path: str) -> str:
        """Open a page; return what it shows."""
        self.asked += 1
        return self.browser.get(path, **{"User-Agent": AGENT}).text

    def post(self, path: str, **fields: str) -> None:
        """Send a form."""
        self.asked += 1
        self.browser.post(path, fields, **{"User-Agent": AGENT})

    def held(self) -> Iterator[str]:
        """Yield the tokens that the browser holds."""
        for cookie in (self.browser.client._cookies or {}).values():
            yield cookie.value
        yield self.browser.token


def test_a_whole_session_leaves_no_trace_of_who_and_what_in_the_log(
    bank: Bank, app: Flask, log: io.StringIO
) -> None:
    forbidden = {AGENT, WRONG, QUERY, PASSWORD, "CANARY-broken", "203.0.113.7"}
    asked = 0
    with transaction(bank.database) as opened:
        link = hand_out_link(opened, Actor.system(), bank.user("branch0201"), now=NOW)
    for name, user in bank.users.items():
        one = Session(Browser(app))
        one.get(f"/login?next={QUERY}")
        one.post("/login", username=name, password=WRONG)
        one.post("/login", username=name, password=PASSWORD)
        one.get("/")
        one.get(f"/no/such/page/{QUERY}?x={QUERY}")
        for visit in bank.visits.values():
            one.get(f"/m/v/{visit}")
            one.post(f"/m/v/{visit}/send")
        one.get("/account")
        one.get(f"/broken/CANARY-broken-{name}")
        one.get(f"/account/link/{link.token}")
        one.get("/account/password")
        forbidden |= {name, user.display_name, str(user.id), *one.held()}
        asked += one.asked
    forbidden |= {link.token, *map(str, bank.visits.values())}
    forbidden -= {kind.value for kind in UserKind}  # Some users are called what they are.

    written = log.getvalue()

    assert [found for found in forbidden if found and found in written] == []
    told = lines(log)
    assert len(told) == asked
    assert {line["user"] for line in told} == {"visitor", *(user.kind.value for user in bank.users.values())}
    routes = {line["route"] for line in told}
    assert {"/login", "/account/link/<token>", "/m/v/<uuid:visit_id>", "none"} <= routes
    assert len(lines(log, "failure")) == len(bank.users)


def test_a_failure_is_told_by_its_places_and_kinds_but_not_by_what_was_in_the_row(
    app: Flask, log: io.StringIO
) -> None:
    Browser(app).get("/broken/CANARY-broken")

    (failure,) = lines(log, "failure")
    assert failure["route"] == "/broken/<name>"
    said = str(failure["exception"])
    assert " in broken\n" in said
    assert "sqlalchemy.exc." in said
    assert "CANARY" not in log.getvalue()
    (request,) = lines(log)
    assert (request["status"], request["request"]) == (500, failure["request"])


def test_a_request_has_a_number_that_is_given_back_and_stands_in_its_line(
    app: Flask, log: io.StringIO
) -> None:
    answer = Browser(app).get("/healthz", **{"X-Request-ID": "chosen-by-anybody"})

    (line,) = lines(log)
    assert line["request"] == answer.headers["X-Request-ID"] != "chosen-by-anybody"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/healthz", 200)
    assert isinstance(line["milliseconds"], float)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("proxy-1234", 1), ("short", 0), ("with blank ok", 0), ("x" * 65, 0), ("行行行行行行行行", 0)],
)
def test_a_trusted_proxy_s_number_is_kept_where_it_is_one(
    bank: Bank, tmp_path: Path, log: io.StringIO, given: str, kept: int
) -> None:
    settings = Settings(tmp_path, "", SECRET, tmp_path.as_uri(), trusted_proxies=1)
    app = whole(create_app(settings, bank.database))

    environ = {"HTTP_X_REQUEST_ID": given.encode().decode("latin-1")}
    answer = app.test_client().get("/healthz", environ_overrides=environ)

    (line,) = lines(log)
    assert line["request"] == answer.headers["X-Request-ID"]
    assert (line["request"] == given) == bool(kept)


def test_static_files_have_a_line_too(app: Flask, log: io.StringIO) -> None:
    page = Browser(app).get("/login").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    with Browser(app).get(address):
        pass

    assert [(line["route"], line["status"]) for line in lines(log)] == [("/login", 200), ("/static/", 200)]


def test_of_other_packages_lines_the_values_are_left_out(log: io.StringIO) -> None:
    other = logging.getLogger("gunicorn.error")
    other.warning("Invalid request from ip=203.0.113.7: GET /account/link/CANARY")
    other.error("Error handling request %s", "/account/link/CANARY")
    other.warning("Worker (pid:%d) was sent SIGTERM!", 4711)

    assert "CANARY" not in log.getvalue()
    events = [json.loads(line)["event"] for line in log.getvalue().splitlines()]
    sentences = ["Invalid request from …", "Error handling request …"]
    assert events == [*sentences, "Worker (pid:4711) was sent SIGTERM!"]


def test_a_line_stays_one_line_whatever_is_in_it(log: io.StringIO) -> None:
    logging.getLogger("inspect_app.x").warning("first\r\nsecond")

    assert len(log.getvalue().splitlines()) == 1


def test_on_a_terminal_it_is_to_be_read_and_elsewhere_json_unless_the_setting_says_so(
    tmp_path: Path, log: io.StringIO
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    settings = Settings(tmp_path, "", "", "")
    written = {}
    for chosen in (None, "json", "text"):
        for stream in (Terminal(), io.StringIO()):
            begin_log(replace(settings, log=chosen), stream)
            logging.getLogger("inspect_app.x").info("request", extra={"status": 200})
            written[chosen, stream.isatty()] = stream.getvalue().startswith("{")

    assert written == {
        (None, True): False,
        (None, False): True,
        ("json", True): True,
        ("json", False): True,
        ("text", True): False,
        ("text", False): False,
    }
    assert log.getvalue() == ""
