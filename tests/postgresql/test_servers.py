"""Two servers of several processes each on one PostgreSQL: one is killed, and nobody is signed out."""

import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from tests.inspect_app.cli.running import free_port, surroundings
from tests.inspect_app.made_up_bank import PASSWORD, Bank
from tests.inspect_app.web.browsing import TOKEN
from tests.waiting import until

pytestmark = pytest.mark.postgresql

SECRET = secrets.token_urlsafe(48)
PEOPLE = 24


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


def signed_in(address: str, username: str) -> OpenerDirector:
    """Return the browser of one of the bank's users."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    found = TOKEN.search(browser.open(f"{address}/login").read().decode())
    assert found is not None
    form = {"username": username, "password": PASSWORD, "csrf_token": found.group(1)}
    browser.open(f"{address}/login", urlencode(form).encode()).read()
    return browser


def name_shown(browser: OpenerDirector, address: str) -> str:
    """Return the page that a browser is led to first."""
    with browser.open(f"{address}/") as answer:
        return re.sub(r"\s+", " ", answer.read().decode())


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
