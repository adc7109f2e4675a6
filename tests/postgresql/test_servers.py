"""Two servers of several processes on one PostgreSQL: one is killed; nobody is signed out, nothing lost."""

import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from inspect_app.db import reading
from inspect_app.models.journal import JournalEntry
from inspect_app.models.people import User
from tests.inspect_app.cli.running import free_port, surroundings
from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.browsing import TOKEN
from tests.spreading import spreading
from tests.waiting import until

pytestmark = pytest.mark.postgresql

SECRET = secrets.token_urlsafe(48)
PEOPLE = 24
NEWCOMERS = 32
TAKEN = "这个用户名已经有人用了"


@pytest.fixture
def servers(bank: Bank, tmp_path: Path) -> Iterator[list[tuple[subprocess.Popen[bytes], str]]]:
    """Return two servers of two processes each, with their addresses."""
    setting = {"INSPECT_DATABASE_URL": bank.url, "INSPECT_SECRET_KEY": SECRET}
    started = []
    for _ in range(2):
        port = free_port()
        command = [sys.executable, "-m", "inspect_app", "serve", "--workers", "2", "--port", str(port)]
        server = subprocess.Popen(command, cwd=tmp_path, env=surroundings() | setting, start_new_session=True)
        started.append((server, f"http://127.0.0.1:{port}"))
    for _server, address in started:
        until(partial(is_up, address))
    yield started
    for server, _address in started:
        kill(server)


def kill(server: subprocess.Popen[bytes]) -> None:
    """Kill a server with all its processes."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def is_up(address: str) -> bool:
    """Say whether a server answers."""
    try:
        with build_opener().open(f"{address}/readyz") as answer:
            return bool(answer.status == 200)
    except URLError:
        return False


def signed_in(address: str, username: str, jar: CookieJar | None = None) -> OpenerDirector:
    """Return the browser of one of the bank's users; its cookies go into the jar."""
    browser = build_opener(HTTPCookieProcessor(CookieJar() if jar is None else jar))
    found = TOKEN.search(browser.open(f"{address}/login").read().decode())
    assert found is not None
    form = {"username": username, "password": PASSWORD, "csrf_token": found.group(1)}
    browser.open(f"{address}/login", urlencode(form).encode()).read()
    return browser


def name_shown(browser: OpenerDirector, address: str) -> str:
    """Return the page that a browser is led to first."""
    with browser.open(f"{address}/") as answer:
        return re.sub(r"\s+", " ", answer.read().decode())


@pytest.mark.fault("D08")
def test_each_answer_is_for_who_asked_and_a_killed_server_signs_nobody_out(
    bank: Bank, servers: list[tuple[subprocess.Popen[bytes], str]]
) -> None:
    (doomed, first), (_, second) = servers
    names = ["administrator", "reviewer", "reviewer2", "region01", "region02", "branch0101"]
    people = [(names[number % len(names)], (first, second)[number % 2]) for number in range(PEOPLE)]

    with ThreadPoolExecutor(8) as hands:
        browsers = list(hands.map(lambda one: signed_in(one[1], one[0]), people))
        before = list(hands.map(name_shown, browsers, [address for _, address in people]))
        kill(doomed)
        after = list(hands.map(lambda browser: name_shown(browser, second), browsers))

    for (username, _), page, later in zip(people, before, after, strict=True):
        others = {bank.user(name).display_name for name in names if name != username}
        assert bank.user(username).display_name in page
        assert bank.user(username).display_name in later
        assert not any(other in text for other in others for text in (page, later))


def test_behind_a_proxy_requests_are_spread_and_nothing_acknowledged_dies_with_a_server(
    bank: Bank, servers: list[tuple[subprocess.Popen[bytes], str]]
) -> None:
    ports = [int(address.rpartition(":")[2]) for _, address in servers]
    names = [f"new-{number}" for number in range(NEWCOMERS)]
    acknowledged: list[str] = []

    with spreading(ports) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        browser = signed_in(address, "administrator")
        found = TOKEN.search(browser.open(f"{address}/office/people/new").read().decode())
        assert found is not None

        def add(name: str) -> None:
            form = {"username": name, "name": name, "kind": "reviewer", "language": "zh-Hans", "region": ""}
            until(partial(is_told, browser, address, {**form, "csrf_token": found.group(1)}))
            acknowledged.append(name)
            if len(acknowledged) == NEWCOMERS // 2:
                kill(servers[0][0])

        with ThreadPoolExecutor(4) as hands:
            list(hands.map(add, names))
        spread = dict(proxy.taken)

    assert min(spread[port] for port in ports) >= NEWCOMERS // 8
    with reading(bank.database) as session:
        there = [user.username for user in session.query(User) if user.username in names]
        told = [entry.subject_id for entry in session.query(JournalEntry) if entry.action == "add_user"]
    assert sorted(there) == sorted(acknowledged) == sorted(names)
    assert len(told) == len(bank.users) + NEWCOMERS


def is_told(browser: OpenerDirector, address: str, form: dict[str, str]) -> bool:
    """Send a form; say whether its account is there for sure: made now, or by a request left unanswered."""
    try:
        with browser.open(f"{address}/office/people/new", urlencode(form).encode()) as answer:
            return bool(answer.status == 200)
    except HTTPError as error:
        return error.code == 422 and TAKEN in error.read().decode()
    except (OSError, HTTPException):
        return False
