"""What the tests of the office share: a fresh database, and one with a made-up bank in it."""

from collections.abc import Iterator

import pytest

from inspect_app.db import Database, open_database, transaction
from inspect_app.migrations import upgrade
from tests.databases import Databases
from tests.demo_bank import demo_bank, prepared_demo
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.published_waves import disclosed

__all__ = ["demo_bank", "prepared_demo"]


@pytest.fixture(scope="session")
def migrated_url(databases: Databases) -> str:
    """Return the address of a database with the newest shape and nothing in it, to be copied."""
    url = databases.new()
    database = open_database(databases.direct(url))
    upgrade(database)
    database.writing.dispose()
    return url


@pytest.fixture(scope="session")
def founded_bank(databases: Databases, migrated_url: str) -> Bank:
    """Return the made-up bank in a database to be copied."""
    url = databases.copy_of(migrated_url)
    bank = made_up_bank.build(open_database(url), url)
    bank.database.writing.dispose()
    return bank


@pytest.fixture(scope="session")
def disclosed_bank(databases: Databases, founded_bank: Bank) -> Bank:
    """Return the made-up bank with its wave disclosed, in a database to be copied."""
    bank = made_up_bank.at(founded_bank, databases.copy_of(founded_bank.url))
    with transaction(bank.database) as session:
        disclosed(session, bank)
    bank.database.writing.dispose()
    return bank


@pytest.fixture
def database(databases: Databases, migrated_url: str) -> Iterator[Database]:
    """Return a fresh database with nothing in it."""
    url = databases.copy_of(migrated_url)
    opened = open_database(url)
    yield opened
    opened.writing.dispose()
    databases.drop(url)


@pytest.fixture
def bank(databases: Databases, founded_bank: Bank) -> Iterator[Bank]:
    """Return the made-up bank in a database of its own."""
    copied = made_up_bank.at(founded_bank, databases.copy_of(founded_bank.url))
    yield copied
    copied.database.writing.dispose()
    databases.drop(copied.url)
