"""The steps of the migrations lead exactly to what the models say."""

import os
import secrets
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select, text

from inspect_app.db import Database, open_database
from inspect_app.migrations import alembic_config, is_current, upgrade
from inspect_app.models import Base
from inspect_app.services.hidden_secrets import reveal

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def migrated(database_url: str) -> Iterator[Database]:
    """Return a database that all migrations have gone over."""
    database = open_database(database_url)
    upgrade(database)
    yield database
    database.writing.dispose()


@pytest.fixture
def created(tmp_path: Path) -> Database:
    """Return a database made straight from the models."""
    database = open_database(f"sqlite:///{tmp_path / 'created.sqlite3'}")
    with database.writing.begin() as connection:
        Base.metadata.create_all(connection)
    return database


def test_after_all_migrations_nothing_is_left_to_migrate(migrated: Database) -> None:
    with migrated.reading.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)

    assert differences == []
    assert is_current(migrated)


@pytest.mark.sqlite
def test_migrations_make_the_same_tables_checks_and_indexes_as_the_models(
    migrated: Database, created: Database
) -> None:
    with migrated.reading.connect() as first, created.reading.connect() as second:
        assert shapes(first) == shapes(second)


@pytest.mark.sqlite
def test_migrating_twice_changes_nothing(migrated: Database) -> None:
    with migrated.reading.connect() as connection:
        before = shapes(connection)

    upgrade(migrated)

    with migrated.reading.connect() as connection:
        assert shapes(connection) == before


@pytest.mark.postgresql
def test_two_that_migrate_at_once_take_turns(database_url: str, tmp_path: Path) -> None:
    setting = {"INSPECT_DATABASE_URL": database_url, "INSPECT_SECRET_KEY": secrets.token_urlsafe()}
    command = [sys.executable, "-m", "inspect_app", "db", "upgrade"]

    both = [subprocess.Popen(command, cwd=tmp_path, env=os.environ | setting) for _ in range(2)]

    assert [one.wait() for one in both] == [0, 0]
    database = open_database(database_url)
    assert is_current(database)
    database.writing.dispose()


def test_second_steps_in_plain_text_are_encrypted_for_the_installation(database_url: str) -> None:
    database, plain, user_id = open_database(database_url), "JBSWY3DPEHPK3PXP" * 2, uuid.uuid4()
    upgrade(database, target="0008")
    users, steps = (Base.metadata.tables[name] for name in ("user_account", "second_step"))
    user = {"id": user_id, "username": "zhou", "display_name": "周", "kind": "reviewer", "password_hash": ""}
    step = {"user_id": user_id, "secret": plain, "begun_at": NOW, "confirmed_at": NOW}
    with database.writing.begin() as connection:
        connection.execute(users.insert(), {**user, "created_at": NOW})
        connection.execute(steps.insert(), step)
    with pytest.raises(RuntimeError, match="db upgrade"):
        upgrade(database)

    upgrade(database, "the secret of this installation")

    with database.reading.connect() as connection:
        stored = connection.execute(select(steps.c.secret)).scalar_one()
    assert plain not in stored
    assert reveal(stored, user_id, "the secret of this installation") == plain
    database.writing.dispose()


def test_the_migrations_are_one_line_of_steps() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def shapes(connection: Connection) -> dict[str, list[str]]:
    """Return every table and index by name, as its parts in a fixed order; only the steps know triggers."""
    rows = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')")
    )
    return {name: sorted(parts_of(sql)) for name, sql in rows if name != "alembic_version"}


def parts_of(sql: str) -> Iterator[str]:
    """Yield what stands before the outermost brackets, then each of the parts in them.

    A column that was added later stands behind the constraints, on the line of the last of them; a table that
    was rebuilt has its name in quotation marks.
    """
    head, _bracket, body = sql.partition("(")
    yield " ".join(head.replace('"', "").split())
    depth, part = 0, ""
    for sign in body[: body.rindex(")")]:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            yield " ".join(part.split())
            part = ""
        else:
            part += sign
    yield " ".join(part.split())
