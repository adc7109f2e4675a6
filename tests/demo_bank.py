"""The demonstration's small bank for tests: made once in a session, copied for each test."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from inspect_app.app import create_app
from inspect_app.config import Settings, kept_secret
from inspect_app.db import Database, open_database
from inspect_app.demo import Scale, prepare_demo

AS_OF = date(2026, 11, 24)
"""The Tuesday on which the third wave is running."""

SEED = 1


@dataclass(frozen=True, slots=True)
class WrittenAccount:
    """An account of `accounts.json`."""

    role: str
    username: str
    password: str
    scope: str
    url: str


@dataclass(frozen=True, slots=True)
class DemoBank:
    """A demonstration in a folder of its own, with its database opened.

    Attributes:
        accounts: as they are written down, in their order.
    """

    folder: Path
    database: Database
    accounts: tuple[WrittenAccount, ...]

    @property
    def settings(self) -> Settings:
        """The settings with which the demonstration is served."""
        return Settings(
            data_dir=self.folder,
            database_url=f"sqlite:///{self.folder / 'inspect.sqlite3'}",
            secret_key=kept_secret(self.folder),
            storage_url=(self.folder / "files").absolute().as_uri(),
            demo=True,
        )

    def app(self) -> Flask:
        """Return the application as the demonstration serves it."""
        return create_app(self.settings, self.database)

    def accounts_of(self, role: str) -> tuple[WrittenAccount, ...]:
        """Return the accounts of one kind of user."""
        return tuple(account for account in self.accounts if account.role == role)


def silent(_step: str, _done: int, _total: int) -> None:
    """Take no notice of how far it has come."""


def opened(folder: Path) -> DemoBank:
    """Return the demonstration in a folder."""
    written = json.loads((folder / "accounts.json").read_text(encoding="utf-8"))
    accounts = tuple(WrittenAccount(**account) for account in written)
    return DemoBank(folder, open_database(f"sqlite:///{folder / 'inspect.sqlite3'}"), accounts)


@pytest.fixture(scope="session")
def prepared_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a demonstration that is read only."""
    folder = tmp_path_factory.mktemp("demo") / "bank"
    prepare_demo(folder, Scale.SMALL, SEED, silent, as_of=AS_OF)
    return folder


@pytest.fixture
def demo_bank(prepared_demo: Path, tmp_path: Path) -> Iterator[DemoBank]:
    """Return a demonstration that a test may change."""
    bank = opened(Path(shutil.copytree(prepared_demo, tmp_path / "demo-data")))
    yield bank
    bank.database.writing.dispose()
