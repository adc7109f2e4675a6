"""Run by alembic: takes the database that it was handed and migrates it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from alembic import context
from sqlalchemy import Connection

from inspect_app.db import Database
from inspect_app.models import Base

MIGRATION_LOCK = 7_202_611
"""The number under which PostgreSQL lets one migration at a time go on."""


def migrate() -> None:
    """Run all steps that are due, each in a transaction of its own.

    On PostgreSQL a step may take as long as it needs, and of two that migrate at once one waits.
    SQLite rebuilds a table to alter it, which would delete its children while foreign keys are watched;
    the switch works outside a transaction only.
    """
    database = cast(Database, context.config.attributes["database"])
    engine = database.writing.execution_options(longest_statement=0)
    with database.turn, engine.connect() as connection:
        on_sqlite = engine.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=on_sqlite,
            transaction_per_migration=True,
        )
        with (
            children_kept(connection) if on_sqlite else taking_turns(connection),
            context.begin_transaction(),
        ):
            context.run_migrations()


@contextmanager
def taking_turns(connection: Connection) -> Iterator[None]:
    """Wait until no other connection to this PostgreSQL database migrates it."""
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
        connection.commit()


@contextmanager
def children_kept(connection: Connection) -> Iterator[None]:
    """Keep SQLite from deleting the rows that refer to a table which is rebuilt."""
    watch_foreign_keys(connection.connection.dbapi_connection, "OFF")
    yield
    watch_foreign_keys(connection.connection.dbapi_connection, "ON")


def watch_foreign_keys(connection: object, state: str) -> None:
    """Switch the watching of foreign keys on a raw SQLite connection."""
    connection.execute(f"PRAGMA foreign_keys={state}")  # type: ignore[attr-defined]  # the driver's own type


migrate()
