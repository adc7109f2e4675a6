"""The sealer in the background of a real server, and what it does when the database is busy."""

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Semaphore

import pytest
from sqlalchemy import create_engine, text

from inspect_app.db import Database, open_database, reading, sqlite_module, transaction
from inspect_app.jobs import Sealer
from inspect_app.models.journal import JournalEntry, JournalSeal
from inspect_app.queries.chain_checks import check_chain
from inspect_app.services.journal import Actor, record
from tests.inspect_app.cli.running import free_port, run, serving
from tests.inspect_app.made_up_bank import NOW, Bank, count

LONGEST_WAIT_SECONDS = 60.0


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for something that is bound to come."""
    end = time.monotonic() + LONGEST_WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def is_sealed(database: Database) -> bool:
    """Say whether every entry has its seal."""
    with reading(database) as session:
        return count(session, JournalEntry) == count(session, JournalSeal)


def append(database: Database, subject_id: str) -> None:
    """Commit one entry."""
    with transaction(database) as session:
        record(session, Actor.system(), "add_region", "region", subject_id, now=NOW)


@pytest.fixture
def served(tmp_path: Path) -> Database:
    """Return the database that a server in this folder will open."""
    run(tmp_path, "db", "upgrade")
    return open_database(f"sqlite:///{tmp_path / 'data' / 'inspect.sqlite3'}")


def test_the_sealer_seals_what_comes_and_stops_when_it_is_told(bank: Bank) -> None:
    sealer = Sealer(bank.database, pause_seconds=0.01)
    sealer.start()
    append(bank.database, "while it runs")
    wait_until(partial(is_sealed, bank.database))

    sealer.stop()

    append(bank.database, "after it was stopped")
    time.sleep(0.1)
    assert not is_sealed(bank.database)


def test_a_sealer_that_never_began_can_be_stopped(bank: Bank) -> None:
    Sealer(bank.database).stop()

    assert not is_sealed(bank.database)


def test_a_busy_database_is_waited_for_and_the_log_says_only_that(
    bank: Bank, caplog: pytest.LogCaptureFixture
) -> None:
    if bank.database.writing.dialect.name != "sqlite":
        pytest.skip("only SQLite has one writer at a time")
    impatient = create_engine(bank.url, module=sqlite_module(), connect_args={"timeout": 0})
    sealer = Sealer(Database(impatient, impatient, Semaphore(1), ""), pause_seconds=0.01)
    with transaction(bank.database) as session:
        session.execute(text("SELECT 1"))
        sealer.start()
        wait_until(lambda: bool(caplog.messages))
    wait_until(partial(is_sealed, bank.database))
    sealer.stop()
    impatient.dispose()

    assert set(caplog.messages) == {"the journal is not sealed at the moment: OperationalError"}
    assert check_chain(partial(reading, bank.database)).broken is None


def test_a_server_seals_the_journal_while_it_answers(served: Database, tmp_path: Path) -> None:
    with serving(tmp_path, "serve", "--port", str(free_port())) as (server, _lines):
        append(served, "R01")
        wait_until(partial(is_sealed, served))
        append(served, "R02")
        wait_until(partial(is_sealed, served))
        server.send_signal(signal.SIGTERM)
        status = server.wait(timeout=30)

    checked = check_chain(partial(reading, served))
    assert (status, checked.held, checked.broken) == (0, 2, None)
    served.writing.dispose()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds a server's workers in /proc")
def test_a_server_whose_worker_is_killed_again_and_again_still_makes_one_chain(
    served: Database, tmp_path: Path
) -> None:
    with serving(tmp_path, "serve", "--port", str(free_port())) as (server, _lines):
        for turn in range(5):
            for place in range(20):
                append(served, f"{turn} {place}")
            wait_until(lambda: bool(workers_of(server.pid)))
            for worker in workers_of(server.pid):
                os.kill(worker, signal.SIGKILL)
            assert check_chain(partial(reading, served)).broken is None
        wait_until(partial(is_sealed, served))

    checked = check_chain(partial(reading, served))
    assert (checked.held, checked.broken) == (100, None)
    served.writing.dispose()


def workers_of(server: int) -> list[int]:
    """Return the processes that a server has begun."""
    return [int(child) for child in Path(f"/proc/{server}/task/{server}/children").read_text().split()]


@pytest.mark.skipif(sys.platform == "win32", reason="a killed process is told by its signal")
def test_a_server_killed_at_once_leaves_a_chain_that_the_next_goes_on_with(
    served: Database, tmp_path: Path
) -> None:
    with serving(tmp_path, "serve", "--port", str(free_port())) as (server, _lines):
        append(served, "R01")
        wait_until(partial(is_sealed, served))
        append(served, "R02")
        server.kill()
    with serving(tmp_path, "serve", "--port", str(free_port())):
        append(served, "R03")
        wait_until(partial(is_sealed, served))

    checked = check_chain(partial(reading, served))
    assert (checked.held, checked.broken) == (3, None)
    served.writing.dispose()
