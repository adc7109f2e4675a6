"""What the tests of the office share: a fresh database, and one with a made-up bank in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspect_app.db import Database, open_database
from inspect_app.migrations import upgrade
from tests.demo_bank import demo_bank, prepared_demo
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import Bank

__all__ = ["demo_bank", "prepared_demo"]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database file with the newest shape and nothing in it, to be copied."""
    place = tmp_path_factory.mktemp("templates") / "empty.sqlite3"
    database = open_database(f"sqlite:///{place}")
    upgrade(database)
    database.writing.dispose()
    return place


@pytest.fixture(scope="session")
def founded_bank(migrated_file: Path) -> Bank:
    """Return the made-up bank in a file to be copied."""
    place = Path(shutil.copy(migrated_file, migrated_file.with_name("bank.sqlite3")))
    url = f"sqlite:///{place}"
    bank = made_up_bank.build(open_database(url), url)
    bank.database.writing.dispose()
    return bank


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """Return a fresh database with nothing in it, in a file of its own."""
    place = shutil.copy(migrated_file, tmp_path / "empty.sqlite3")
    opened = open_database(f"sqlite:///{place}")
    yield opened
    opened.writing.dispose()


@pytest.fixture
def bank(founded_bank: Bank, migrated_file: Path, tmp_path: Path) -> Iterator[Bank]:
    """Return the made-up bank in a database file of its own."""
    place = tmp_path / "inspect.sqlite3"
    shutil.copy(migrated_file.with_name("bank.sqlite3"), place)
    copied = made_up_bank.at(founded_bank, place)
    yield copied
    copied.database.writing.dispose()
