"""D11: migrations with data, killed in the middle: nothing changes, and the next start finishes."""

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from inspect_app.db import open_database
from inspect_app.migrations import alembic_config, is_current
from tests.demo_bank import DemoBank
from tests.inspect_app.cli.running import run, surroundings

ROOT = Path(__file__).parents[3]
FIRST = "0001"


def tables_of(connection: sqlite3.Connection, schema: str) -> dict[str, list[str]]:
    """Return the tables of a database with their columns."""
    names = connection.execute(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'").fetchall()  # noqa: S608
    return {
        name: [column for _, column, *_ in connection.execute(f"PRAGMA {schema}.table_info({name})")]
        for (name,) in names
        if name != "alembic_version"
    }


def of_the_first_shape(bank: DemoBank, place: Path) -> dict[str, list[str]]:
    """Make a database of the first shape that holds what a bank does; return its tables and columns."""
    database = open_database(f"sqlite:///{place}")
    config = alembic_config()
    config.attributes["database"] = database
    command.upgrade(config, FIRST)
    database.writing.dispose()
    with closing(sqlite3.connect(place, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS bank", [str(bank.folder / "inspect.sqlite3")])
        held = tables_of(connection, "bank")
        tables = tables_of(connection, "main")
        connection.execute("BEGIN")
        for table, columns in tables.items():
            common = ", ".join(f'"{column}"' for column in columns if column in held.get(table, ()))
            if common:
                connection.execute(f"INSERT INTO main.{table} ({common}) SELECT {common} FROM bank.{table}")  # noqa: S608
        connection.execute("COMMIT")
    return tables


def content(place: Path, tables: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
    """Return the number of rows of each table, and a hash of what its columns hold."""
    found = {}
    with closing(sqlite3.connect(place)) as connection:
        for table, columns in tables.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            lines = sorted(map(repr, connection.execute(f"SELECT {listed} FROM {table}")))  # noqa: S608
            found[table] = (len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())
    return found


@pytest.fixture
def old(demo_bank: DemoBank, tmp_path: Path) -> tuple[Path, dict[str, list[str]]]:
    """Return a data folder whose database has the first shape and the demonstration's rows; its columns."""
    demo_bank.database.writing.dispose()
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(demo_bank.folder / "secret.key", folder)
    return folder, of_the_first_shape(demo_bank, folder / "inspect.sqlite3")


@pytest.mark.fault("D11")
def test_before_an_upgrade_everything_is_backed_up_as_the_old_version_knows_it(
    old: tuple[Path, dict[str, list[str]]], tmp_path: Path
) -> None:
    folder, tables = old
    before = content(folder / "inspect.sqlite3", tables)
    environ = {"INSPECT_DATA_DIR": str(folder)}

    upgraded = run(tmp_path, "db", "upgrade", environ=environ)
    again = run(tmp_path, "db", "upgrade", environ=environ)

    assert (upgraded.returncode, upgraded.stderr, again.returncode) == (0, "", 0)
    (backup,) = (folder / "backups").iterdir()
    assert f"升级前的备份在 {backup}" in upgraded.stdout
    manifest = json.loads((backup / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["schema"] == FIRST
    assert {name: one["rows"] for name, one in manifest["tables"].items()} == {
        name: rows for name, (rows, _) in before.items()
    }
    assert content(backup / "database.sqlite3", tables) == before
    refused = run(tmp_path, "restore", "--replace", backup, environ=environ)
    assert (refused.returncode, FIRST in refused.stderr) == (1, True)


@pytest.mark.fault("D11")
def test_an_upgrade_that_cannot_be_backed_up_is_not_begun_unless_asked_for(
    old: tuple[Path, dict[str, list[str]]], tmp_path: Path
) -> None:
    folder, tables = old
    before = content(folder / "inspect.sqlite3", tables)
    environ = {"INSPECT_DATA_DIR": str(folder)}
    (folder / "backups").write_text("no folder")

    refused = run(tmp_path, "db", "upgrade", environ=environ)
    kept = content(folder / "inspect.sqlite3", tables)
    with closing(sqlite3.connect(folder / "inspect.sqlite3")) as connection:
        (step,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    taken = run(tmp_path, "db", "upgrade", "--no-backup", environ=environ)

    assert (refused.returncode, kept, step) == (1, before, FIRST)
    assert (taken.returncode, taken.stderr) == (0, "")


@pytest.mark.fault("D11")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="nobody can be killed here")
def test_an_upgrade_killed_anywhere_changes_no_row_and_the_next_one_finishes(
    demo_bank: DemoBank, tmp_path: Path
) -> None:
    demo_bank.database.writing.dispose()
    template = tmp_path / "first.sqlite3"
    tables = of_the_first_shape(demo_bank, template)
    before = content(template, tables)
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(demo_bank.folder / "secret.key", folder)
    place = folder / "inspect.sqlite3"
    shutil.copy(template, place)

    killed = 0
    for killed_at in (*range(1, 400, 13), 0):
        finished = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.inspect_app.faults.killed_upgrade",
                f"sqlite:///{place}",
                str(killed_at),
            ],
            cwd=ROOT,
            env=surroundings(),
            check=False,
        )
        if finished.returncode == 0:
            break
        assert finished.returncode == -signal.SIGKILL
        killed += 1
        assert content(place, tables) == before

    assert killed >= 2
    database = open_database(f"sqlite:///{place}")
    assert is_current(database)
    database.writing.dispose()
    assert content(place, tables) == before
    verified = run(tmp_path, "verify", environ={"INSPECT_DATA_DIR": str(folder)})
    assert (verified.returncode, verified.stderr) == (0, "")
