"""How many pages a second one process and two processes answer, on one PostgreSQL, behind one proxy.

Two can be 1.7 times as fast as one where the machine has cores for both, for the database and for those who
ask: five or more. Prints a table, and the same as JSON, with the number of cores.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from urllib.error import URLError
from urllib.request import build_opener

from inspect_app.db import open_database
from inspect_app.migrations import upgrade
from tests.inspect_app import made_up_bank
from tests.inspect_app.cli.running import free_port, surroundings
from tests.inspect_app.made_up_bank import SECRET
from tests.postgresql.test_servers import signed_in
from tests.postgresql_server import ROLE, start_server
from tests.spreading import spreading
from tests.waiting import until

SECONDS = 8
READERS = 8
"""Connections that ask, each as soon as it was answered; in two processes, so that they are not the limit."""
PAGE = "/office/waves"
LONGEST_WAIT = 20


def main() -> None:
    """Time one process and two, and print how they compare."""
    server = start_server()
    server.administer(f"CREATE DATABASE bank OWNER {ROLE}")
    url = server.address("bank")
    database = open_database(url)
    upgrade(database)
    made_up_bank.build(database, url)
    database.writing.dispose()
    with TemporaryDirectory() as folder:
        one, two = (pages_a_second(url, Path(folder), processes) for processes in (1, 2))
    server.remove()
    cores = os.cpu_count() or 1
    print(f"{'one process':16}{one:8.0f} pages a second")
    print(f"{'two processes':16}{two:8.0f} pages a second   {two / one:.2f} × one (goal 1.7; {cores} cores)")
    print(json.dumps({"one": round(one), "two": round(two), "ratio": round(two / one, 2), "cores": cores}))


def pages_a_second(url: str, folder: Path, processes: int) -> float:
    """Return how many pages so many processes answer in a second."""
    with served(url, folder, processes) as ports, spreading(ports) as proxy:
        cookie = cookie_of(f"http://127.0.0.1:{proxy.port}")
        # Readers connect to the servers in turn, as the proxy would have them: it is not what is timed.
        readers = [(ports[number % processes], cookie) for number in range(READERS)]
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            halves = readers[: READERS // 2], readers[READERS // 2 :]
            return sum(pool.map(read_all, halves)) / SECONDS


def read_all(readers: Sequence[tuple[int, str]]) -> int:
    """Ask from each of some connections in turn, all at once; return how many pages were answered."""
    connections = [HTTPConnection("127.0.0.1", port, timeout=LONGEST_WAIT) for port, _ in readers]
    headers = {"Cookie": readers[0][1]}
    for connection in connections:
        connection.request("GET", PAGE, headers=headers)
    answered, end = 0, monotonic() + SECONDS
    while monotonic() < end:
        for connection in connections:
            answered += took_answer(connection)
            connection.request("GET", PAGE, headers=headers)
    return answered


def took_answer(connection: HTTPConnection) -> int:
    """Take one answer; 0 where the server let go of a connection that it found idle: asking opens another."""
    try:
        answer = connection.getresponse()
        answer.read()
    except OSError:
        connection.close()
        return 0
    if answer.status != 200:
        raise SystemExit(f"{PAGE} answered {answer.status}")
    return 1


@contextmanager
def served(url: str, folder: Path, processes: int) -> Iterator[Sequence[int]]:
    """Serve a database with servers of one process each; yield their ports."""
    setting = {"INSPECT_DATABASE_URL": url, "INSPECT_SECRET_KEY": SECRET, "INSPECT_LOG_LEVEL": "warning"}
    ports = [free_port() for _ in range(processes)]
    command = [sys.executable, "-m", "inspect_app", "serve", "--port"]
    servers = [
        subprocess.Popen(  # noqa: S603 - our own arguments
            [*command, str(port)], cwd=folder, env=surroundings() | setting, stdout=subprocess.DEVNULL
        )
        for port in ports
    ]
    try:
        for port in ports:
            until(partial(is_up, port))
        yield ports
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()


def is_up(port: int) -> bool:
    """Say whether a server answers."""
    try:
        with build_opener().open(f"http://127.0.0.1:{port}/healthz") as answer:
            return bool(answer.status == 200)
    except URLError:
        return False


def cookie_of(address: str) -> str:
    """Sign an administrator in; return the cookie of the session."""
    jar = CookieJar()
    signed_in(address, "administrator", jar)
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


if __name__ == "__main__":
    main()
