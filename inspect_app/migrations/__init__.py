"""The database's shape, step by step: brings a database up to what the models say."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from inspect_app.db import Database

PLACE = Path(__file__).parent

UPGRADE_LOCK = 7_202_612
"""The number under which PostgreSQL lets one upgrade at a time look, back up and migrate."""


def upgrade(database: Database, secret: str | None = None, target: str = "head") -> None:
    """Bring the database up to the newest step, or to another; each step is one transaction.

    Args:
        secret: the installation's, which a step needs that finds second steps to encrypt.
    """
    config = alembic_config()
    config.attributes["database"], config.attributes["secret"] = database, secret
    command.upgrade(config, target)


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Wait until nobody else upgrades this PostgreSQL database: half migrated it is neither old nor new."""
    if database.writing.dialect.name == "sqlite":
        yield
        return
    engine = database.writing.execution_options(longest_statement=0)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({UPGRADE_LOCK})")
        connection.commit()
        try:
            yield
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({UPGRADE_LOCK})")
            connection.commit()


def is_current(database: Database) -> bool:
    """Say whether the database has the shape that this version of the product needs."""
    return present_step(database) == newest_step()


def newest_step() -> str:
    """Return the step that this version of the product needs."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise LookupError("there is no migration")
    return head


def present_step(database: Database) -> str | None:
    """Return the step that a database has reached; None where it has taken none."""
    with database.reading.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def alembic_config() -> Config:
    """Return what alembic needs to know; database and secret are handed over in `attributes`."""
    config = Config()
    config.set_main_option("script_location", str(PLACE))
    return config
