"""What the tests of pages share: the made-up bank with two published waves, and its application."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.databases import Databases
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import app_on
from tests.inspect_app.web.disclosed_bank import disclose_today
from tests.inspect_app.web.published_bank import publish_two_waves


@pytest.fixture(scope="session")
def ranked_source(databases: Databases, founded_bank: Bank) -> Bank:
    """Return the bank with two published waves, in a database to be copied; so no test may have it open."""
    bank = made_up_bank.at(founded_bank, databases.copy_of(founded_bank.url))
    publish_two_waves(bank)
    bank.database.writing.dispose()
    return bank


@pytest.fixture(scope="session")
def ranked_template(databases: Databases, ranked_source: Bank) -> Iterator[Bank]:
    """Return the bank with two published waves, to be read only."""
    bank = made_up_bank.at(ranked_source, databases.copy_of(ranked_source.url))
    yield bank
    bank.database.writing.dispose()


@pytest.fixture(scope="session")
def reading_app(ranked_template: Bank, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return the application on the bank with two published waves, for tests that change nothing in it."""
    return app_on(ranked_template.database, tmp_path_factory.mktemp("reading"))


@pytest.fixture(scope="session")
def disclosed_source(databases: Databases, ranked_source: Bank) -> Bank:
    """Return the same bank with a third wave that was disclosed today, in a database to be copied."""
    bank = made_up_bank.at(ranked_source, databases.copy_of(ranked_source.url))
    disclose_today(bank)
    bank.database.writing.dispose()
    return bank


@pytest.fixture
def disclosed(databases: Databases, disclosed_source: Bank) -> Iterator[Bank]:
    """Return the bank with a wave that was disclosed today in a database of its own."""
    copied = made_up_bank.at(disclosed_source, databases.copy_of(disclosed_source.url))
    yield copied
    copied.database.writing.dispose()
    databases.drop(copied.url)


@pytest.fixture
def ranked(databases: Databases, ranked_source: Bank) -> Iterator[Bank]:
    """Return the bank with two published waves in a database of its own."""
    copied = made_up_bank.at(ranked_source, databases.copy_of(ranked_source.url))
    yield copied
    copied.database.writing.dispose()
    databases.drop(copied.url)
