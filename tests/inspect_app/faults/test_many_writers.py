"""D01, D08: many processes write at once while an export reads; a fork takes no connection along."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from inspect_app.db import Database, open_database, reading
from inspect_app.models.organisation import Branch
from inspect_app.models.visits import Visit
from tests.demo_bank import DemoBank
from tests.inspect_app.cli.running import surroundings

ROOT = Path(__file__).parents[3]
PROCESSES, THREADS, TIMES = 4, 8, 12


def counter(database: Database) -> int:
    """Return the counter."""
    with reading(database) as session:
        return session.scalars(select(Visit.version).order_by(Visit.id).limit(1)).one()


@pytest.mark.fault("D01")
@pytest.mark.slow
def test_no_update_is_lost_and_nobody_sees_an_error_while_an_export_reads(demo_bank: DemoBank) -> None:
    url = f"sqlite:///{demo_bank.folder / 'inspect.sqlite3'}"
    before = counter(demo_bank.database)
    stop = threading.Event()
    seen: list[int] = []

    def export() -> None:
        with reading(demo_bank.database) as session:
            while not stop.wait(0.05):
                seen.append(session.scalars(select(Visit.version).order_by(Visit.id).limit(1)).one())

    reader = threading.Thread(target=export)
    reader.start()
    program = [sys.executable, "-m", "tests.inspect_app.faults.busy_counters", url, str(THREADS), str(TIMES)]
    writers = [
        subprocess.Popen(program, cwd=ROOT, env=surroundings(), stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    failed = [int(writer.communicate(timeout=120)[0]) for writer in writers]
    stop.set()
    reader.join()

    assert failed == [0] * PROCESSES
    assert counter(demo_bank.database) == before + PROCESSES * THREADS * TIMES
    assert len(seen) > 1
    assert len(set(seen)) == 1, "an export sees one moment"


@pytest.mark.fault("D08")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes do not fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_after_a_fork_every_answer_belongs_to_its_question(demo_bank: DemoBank) -> None:
    database = open_database(f"sqlite:///{demo_bank.folder / 'inspect.sqlite3'}")
    with reading(database) as session:
        codes = list(session.scalars(select(Branch.code).order_by(Branch.code)))

    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            # As the server does after it has forked: what the parent opened is dropped, not closed.
            database.writing.dispose(close=False)
            os._exit(0 if all(_asks_for(database, code) for code in codes * 5) else 1)
        children.append(child)
    statuses = [os.waitpid(child, 0)[1] for child in children]

    assert statuses == [0] * 4
    with reading(database) as session:
        assert session.scalar(select(func.count()).select_from(Branch)) == len(codes)
    database.writing.dispose()


def _asks_for(database: Database, code: str) -> bool:
    with reading(database) as session:
        return session.scalar(select(Branch.code).where(Branch.code == code)) == code
