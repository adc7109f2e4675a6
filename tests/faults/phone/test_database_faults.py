"""D06, D08: connections of PostgreSQL are cut at any moment, and a fork takes none along."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from inspect_app.db import Database, open_database, reading
from inspect_app.models.organisation import Branch
from tests.databases import Databases, PostgresqlDatabases, name_of
from tests.faults.phone.circumstances import drawn
from tests.faults.phone.driver import run_histories
from tests.faults.phone.ground import Ground
from tests.inspect_app.made_up_bank import Bank

HISTORIES = 8
CUT_SECONDS = 0.1


@contextmanager
def cutting(server: PostgresqlDatabases, database: str) -> Iterator[list[int]]:
    """End one connection to a database after the other, whatever it is doing."""
    stop, cuts = threading.Event(), [0]

    def cut() -> None:
        while not stop.wait(CUT_SECONDS):
            server.server.administer(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608 - a name of our own
                f"WHERE datname = '{database}' ORDER BY random() LIMIT 1"
            )
            cuts[0] += 1

    thread = threading.Thread(target=cut)
    thread.start()
    try:
        yield cuts
    finally:
        stop.set()
        thread.join()


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.fault("D06")
def test_connections_cut_at_any_moment_lose_nothing(
    ground: Ground, databases: PostgresqlDatabases, tmp_path: Path
) -> None:
    with cutting(databases, name_of(ground.served.database_url)) as cuts:
        tally = run_histories(
            ground, [drawn(seed) for seed in range(3001, 3001 + HISTORIES)], tmp_path / "cut"
        )
    calm = run_histories(ground, [drawn(4001)], tmp_path / "calm")

    assert cuts[0] > HISTORIES
    assert tally.violations == {}
    assert calm.violations == {}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes do not fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.fault("D08")
def test_after_a_fork_each_process_gets_answers_to_its_own_questions(
    founded_bank: Bank, databases: Databases
) -> None:
    url = databases.copy_of(founded_bank.url)
    database = open_database(url)
    with reading(database) as session:
        codes = list(session.scalars(select(Branch.code)))

    children = [_forked(database, code) for code in codes * 3]
    statuses = [os.waitpid(child, 0)[1] for child in children]

    assert statuses == [0] * len(children)
    assert all(_answers(database, code) for code in codes)
    database.writing.dispose()
    databases.drop(url)


def _forked(database: Database, code: str) -> int:
    """Ask for one branch again and again in a process that was forked with the database open."""
    child = os.fork()
    if child == 0:
        # As the server does after it has forked: what the parent opened is dropped, not closed.
        database.writing.dispose(close=False)
        os._exit(0 if all(_answers(database, code) for _ in range(56)) else 1)
    return child


def _answers(database: Database, code: str) -> bool:
    with reading(database) as session:
        return session.scalar(select(Branch.code).where(Branch.code == code)) == code
