"""What `/healthz` and `/readyz` say to whoever decides whether requests come here."""

import os
from pathlib import Path

import pytest
from flask import Flask

from inspect_app.app import create_app
from inspect_app.config import Settings
from inspect_app.db import Database, open_database
from tests.databases import Databases
from tests.inspect_app.web.browsing import SECRET


def app_of(database: Database, storage: Path) -> Flask:
    """Return the application on a database and a folder for files."""
    return create_app(Settings(storage.parent, "", SECRET, storage.as_uri()), database)


def asked(app: Flask) -> tuple[int, object]:
    """Return what it answers."""
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.json


def test_a_product_that_has_all_it_needs_is_ready(database: Database, tmp_path: Path) -> None:
    status, said = asked(app_of(database, tmp_path / "files"))

    assert (status, said) == (200, {"status": "ok", "database": "ok", "queue": "ok", "storage": "ok"})


def test_a_database_that_was_not_migrated_is_named(databases: Databases, tmp_path: Path) -> None:
    url = databases.new()
    database = open_database(url)

    status, said = asked(app_of(database, tmp_path / "files"))

    assert status == 503
    assert said == {"status": "unavailable", "database": "not migrated", "queue": "ok", "storage": "ok"}
    database.writing.dispose()
    databases.drop(url)


def test_a_database_that_is_away_is_named_and_the_process_is_alive_all_the_same(tmp_path: Path) -> None:
    app = app_of(open_database(f"sqlite:///{tmp_path / 'no' / 'folder' / 'x.sqlite3'}"), tmp_path / "files")

    status, said = asked(app)

    assert status == 503
    assert said == {"status": "unavailable", "database": "unreachable", "queue": "ok", "storage": "ok"}
    assert app.test_client().get("/healthz").status_code == 200


@pytest.mark.skipif(os.name != "posix", reason="a file in the place of a folder is told otherwise here")
def test_a_store_that_cannot_be_written_is_named(database: Database, tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where a folder should be")

    status, said = asked(app_of(database, tmp_path / "files"))

    assert status == 503
    assert said == {"status": "unavailable", "database": "ok", "queue": "ok", "storage": "not writable"}
