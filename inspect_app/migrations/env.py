"""Run by alembic: takes the database that it was handed and migrates it."""

from typing import cast

from alembic import context

from inspect_app.db import Database
from inspect_app.models import Base


def migrate() -> None:
    """Run all steps that are due, each in a transaction of its own.

    SQLite rebuilds a table to alter it, which would delete its children while foreign keys are watched;
    the switch works outside a transaction only.
    """
    database = cast(Database, context.config.attributes["database"])
    engine = database.writing
    with database.turn, engine.connect() as connection:
        on_sqlite = engine.dialect.name == "sqlite"
        if on_sqlite:
            watch_foreign_keys(connection.connection.dbapi_connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=on_sqlite,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if on_sqlite:
            watch_foreign_keys(connection.connection.dbapi_connection, "ON")


def watch_foreign_keys(connection: object, state: str) -> None:
    """Switch the watching of foreign keys on a raw SQLite connection."""
    connection.execute(f"PRAGMA foreign_keys={state}")  # type: ignore[attr-defined]  # the driver's own type


migrate()
