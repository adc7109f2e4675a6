"""The database's shape, step by step: brings a database up to what the models say."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from inspect_app.db import Database

PLACE = Path(__file__).parent


def upgrade(database: Database) -> None:
    """Bring the database up to the newest step; each step is one transaction."""
    config = alembic_config()
    config.attributes["database"] = database
    command.upgrade(config, "head")


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
    """Return what alembic needs to know; the database is handed over in `attributes`."""
    config = Config()
    config.set_main_option("script_location", str(PLACE))
    return config
