"""What the tests of pages share: the made-up bank with two published waves, and its application."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import app_on
from tests.inspect_app.web.published_bank import publish_two_waves


@pytest.fixture(scope="session")
def ranked_template(founded_bank: Bank, migrated_file: Path) -> Bank:
    """Return the bank with two published waves, in a file to be copied or to be read only."""
    place = Path(
        shutil.copy(migrated_file.with_name("bank.sqlite3"), migrated_file.with_name("ranked.sqlite3"))
    )
    bank = made_up_bank.at(founded_bank, place)
    publish_two_waves(bank)
    bank.database.writing.dispose()
    return bank


@pytest.fixture(scope="session")
def reading_app(ranked_template: Bank, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return the application on the bank with two published waves, for tests that change nothing in it."""
    return app_on(ranked_template.database, tmp_path_factory.mktemp("reading"))


@pytest.fixture
def ranked(ranked_template: Bank, migrated_file: Path, tmp_path: Path) -> Iterator[Bank]:
    """Return the bank with two published waves in a database file of its own."""
    place = tmp_path / "ranked.sqlite3"
    shutil.copy(migrated_file.with_name("ranked.sqlite3"), place)
    copied = made_up_bank.at(ranked_template, place)
    yield copied
    copied.database.writing.dispose()
