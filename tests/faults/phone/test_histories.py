"""Seeded histories: whatever network, server and phone do, nothing is lost and nothing is there twice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspect_app.db import open_database
from inspect_app.migrations import upgrade
from tests.faults.phone.circumstances import drawn
from tests.faults.phone.damage import damage_of
from tests.faults.phone.driver import Tally, run_histories
from tests.faults.phone.ground import Ground, restarting
from tests.faults.phone.server import serving
from tests.inspect_app import made_up_bank
from tests.postgresql_server import ROLE, PostgresqlServer, start_server

CountRuns = Callable[[int], None]

SOME, SOME_RESTARTED = 16, 8
"""Histories that each run of all tests plays, on SQLite and on a PostgreSQL that is restarted."""

OF_A_PIECE = 100
"""Histories that share a database: the journal's whole chain is checked after every crash."""

RESTART_SECONDS = 4.0


def seeded(ground: Ground, first: int, count: int, folder: Path) -> Tally:
    """Run histories with the seeds from `first` on."""
    tally = run_histories(ground, [drawn(seed) for seed in range(first, first + count)], folder)
    print(tally)  # noqa: T201 - what a run came to, for `pytest -s`
    return tally


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.fault("R16", "R22", "R25")
def test_histories_under_faults_end_with_each_inspection_there_once(
    ground: Ground, tmp_path: Path, count_runs: CountRuns
) -> None:
    count_runs(SOME)

    tally = seeded(ground, 1, SOME, tmp_path / "phones")

    assert tally.violations == {}
    assert tally.histories == SOME
    assert tally.kills > 0
    assert sum(tally.crashes.values()) > 0


@pytest.mark.volume
@pytest.mark.sqlite
@pytest.mark.fault("R16", "R22", "R25")
@pytest.mark.parametrize("first", range(1, 1001, OF_A_PIECE))
def test_a_thousand_histories_under_faults_end_with_each_inspection_there_once(
    ground: Ground, first: int, tmp_path: Path, count_runs: CountRuns
) -> None:
    count_runs(OF_A_PIECE)

    tally = seeded(ground, first, OF_A_PIECE, tmp_path / "phones")

    assert tally.violations == {}
    assert tally.histories == OF_A_PIECE


@pytest.fixture
def server() -> Iterator[PostgresqlServer]:
    """Return a PostgreSQL server of its own, that keeps its promises about the disk."""
    started = start_server()
    yield started
    started.remove()


@pytest.fixture
def restarted_ground(server: PostgresqlServer, tmp_path: Path) -> Iterator[Ground]:
    """Return the bank on that server."""
    server.administer(f"CREATE DATABASE bank OWNER {ROLE}")
    url = server.address("bank")
    database = open_database(url)
    upgrade(database)
    bank = made_up_bank.build(database, url)
    with serving(url, tmp_path / "server") as served:
        yield Ground(bank, served)
    database.writing.dispose()


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.fault("D05", "R16", "R22", "R25")
def test_histories_under_faults_outlive_restarts_of_the_database_server(
    server: PostgresqlServer, restarted_ground: Ground, tmp_path: Path, count_runs: CountRuns
) -> None:
    count_runs(SOME_RESTARTED)

    with restarting(server, restarted_ground, RESTART_SECONDS) as restarts:
        tally = seeded(restarted_ground, 2001, SOME_RESTARTED, tmp_path / "phones")

    assert tally.violations == {}
    assert tally.histories == SOME_RESTARTED
    assert restarts.count > 0
    assert damage_of(server, "bank") == []


@pytest.mark.volume
@pytest.mark.postgresql
@pytest.mark.fault("D05", "R16", "R22", "R25")
@pytest.mark.parametrize("first", range(2001, 2301, OF_A_PIECE))
def test_three_hundred_histories_outlive_restarts_of_the_database_server(
    server: PostgresqlServer, restarted_ground: Ground, first: int, tmp_path: Path, count_runs: CountRuns
) -> None:
    count_runs(OF_A_PIECE)

    with restarting(server, restarted_ground, RESTART_SECONDS) as restarts:
        tally = seeded(restarted_ground, first, OF_A_PIECE, tmp_path / "phones")

    assert tally.violations == {}
    assert tally.histories == OF_A_PIECE
    assert restarts.count > 0
    assert damage_of(server, "bank") == []
