"""What every test can ask for, and how examples are drawn."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import begin_server, database_url, databases, end_server
from tests.faults.marks import count_runs, tell_faults
from tests.parts import browser, player, print_workbook, recalculate_workbook

__all__ = [
    "browser",
    "count_runs",
    "database_url",
    "databases",
    "player",
    "print_workbook",
    "recalculate_workbook",
]

# A test says what is true, not how fast: machines differ, and so do their loads. CI draws the same examples
# each time, so that a change is judged by what it changes; developers draw new ones.
slow_is_fine = [HealthCheck.too_slow]
settings.register_profile("developer", deadline=None, suppress_health_check=slow_is_fine)
settings.register_profile("ci", deadline=None, suppress_health_check=slow_is_fine, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "developer")

# Settings of the machine are no settings of a test.
for name in [name for name in os.environ if name.startswith("INSPECT_")]:
    del os.environ[name]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the database be chosen on which tests run that ask for one."""
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql", "pgbouncer"),
        default="sqlite",
        help="the database that tests run on: postgresql runs only the tests that ask for one; pgbouncer the "
        "same, through a pooler in transaction mode",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start what all processes of this run share."""
    begin_server(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what all processes of this run share."""
    end_server(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not concern the chosen database."""
    chosen = config.getoption("database")
    kept = [item for item in items if concerns(item, chosen)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept
    tell_faults(kept)


def concerns(item: pytest.Item, database: str) -> bool:
    """Say whether a test is about this database: SQLite runs all but PostgreSQL's own tests."""
    database = "postgresql" if database == "pgbouncer" else database
    own = {name for name in ("sqlite", "postgresql") if item.get_closest_marker(name)}
    if own:
        return database in own
    return database == "sqlite" or "databases" in getattr(item, "fixturenames", ())
