"""The real server: its log, its figures over several processes, and how it stops."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from inspect_app.db import reading
from inspect_app.models.people import LoginSession
from tests.inspect_app.cli.running import free_port, surroundings
from tests.inspect_app.made_up_bank import PASSWORD, SECRET, Bank, count
from tests.inspect_app.web.browsing import TOKEN

pytestmark = pytest.mark.skipif(os.name != "posix", reason="another server, without such signals")

THREADS = 4
CANARY = "CANARY-in-the-address"


@contextlib.contextmanager
def served(
    bank: Bank, folder: Path, *arguments: str, errors: Path | None = None
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Serve the bank; yield the server and its port once it answers. Its log goes into a file."""
    port = free_port()
    setting = {"INSPECT_DATABASE_URL": bank.url, "INSPECT_SECRET_KEY": SECRET}
    with (errors or folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "inspect_app", "serve", "--port", str(port), *arguments],
            cwd=folder,
            env=surroundings() | setting,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert server.stdout is not None
    try:
        for line in server.stdout:
            if "http://" in line:
                break
        yield server, port
    finally:
        server.kill()
        server.stdout.close()
        server.wait()


def get(port: int, path: str) -> str:
    """Return a page of the server."""
    with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.read().decode())


def stopped(server: subprocess.Popen[str]) -> int:
    """Tell a server to stop; return its exit status."""
    server.send_signal(signal.SIGTERM)
    return server.wait(timeout=60)


@pytest.mark.sqlite
def test_every_line_of_the_log_is_json_and_tells_no_address(bank: Bank, tmp_path: Path) -> None:
    with served(bank, tmp_path) as (server, port):
        get(port, f"/login?next={CANARY}")
        get(port, "/healthz")
        for garbage in (f"GET /{CANARY} HTTP/9.9\r\n\r\n", f"{CANARY}\x00 / HTTP/1.1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port)) as raw:
                raw.sendall(garbage.encode())
                raw.recv(1000)
        status = stopped(server)

    written = (tmp_path / "log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in written.splitlines()]
    assert status == 0
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/login", "/healthz"]
    assert CANARY not in written


@pytest.mark.fault("D03")
@pytest.mark.sqlite
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_log_that_cannot_be_written_keeps_nobody_from_being_answered(bank: Bank, tmp_path: Path) -> None:
    with served(bank, tmp_path, errors=Path("/dev/full")) as (server, port):
        answers = [get(port, "/login") for _ in range(20)]
        status = stopped(server)

    assert len(answers) == 20
    assert status == 0


def begun_login(port: int, username: str) -> tuple[socket.socket, bytes]:
    """Send a sign-in up to the middle of its body; return the connection and what is still to be sent."""
    asking = HTTPConnection("127.0.0.1", port)
    asking.request("GET", "/login")
    answer = asking.getresponse()
    cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
    found = TOKEN.search(answer.read().decode())
    asking.close()
    assert found is not None
    body = urlencode({"username": username, "password": PASSWORD, "csrf_token": found.group(1)}).encode()
    head = (
        f"POST /login HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nExpect: 100-continue\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(head.encode())
    # The server asks for the body: from here on the request is under way.
    assert connection.recv(1000).startswith(b"HTTP/1.1 100")
    connection.sendall(body[:10])
    return connection, body[10:]


def whole_answer(connection: socket.socket) -> bytes:
    """Return everything that comes until the server closes."""
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    connection.close()
    return b"".join(pieces)


@pytest.mark.fault("D15")
def test_a_server_that_is_told_to_stop_answers_what_is_under_way(bank: Bank, tmp_path: Path) -> None:
    names = ["administrator", "reviewer", "inspector", "branch0101"]
    assert len(names) == THREADS
    with served(bank, tmp_path) as (server, port):
        under_way = [begun_login(port, name) for name in names]
        server.send_signal(signal.SIGTERM)
        for connection, rest in under_way:
            connection.sendall(rest)
        answers = [whole_answer(connection) for connection, _ in under_way]
        status = server.wait(timeout=60)

    assert [answer.splitlines()[0] for answer in answers] == [b"HTTP/1.1 303 SEE OTHER"] * THREADS
    assert all(b"inspect=" in answer for answer in answers)
    assert status == 0
    with reading(bank.database) as session:
        assert count(session, LoginSession) == THREADS


@pytest.mark.postgresql
def test_the_processes_of_a_server_count_together(bank: Bank, tmp_path: Path) -> None:
    def figures(port: int) -> Mapping[str, float]:
        text = get(port, "/metrics")
        found = re.findall(r'^inspect_requests_total\{[^}]*route="/login"[^}]*\} (\S+)$', text, re.MULTILINE)
        return {"logins": sum(map(float, found)), "down": float("inspect_database_up 1.0" not in text)}

    with served(bank, tmp_path, "--workers", "2") as (server, port):
        for _ in range(20):
            get(port, "/login")
        seen = [figures(port) for _ in range(6)]
        status = stopped(server)

    assert seen == [{"logins": 20.0, "down": 0.0}] * 6
    assert status == 0
