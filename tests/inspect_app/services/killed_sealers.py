"""A program that seals a few entries at a time and is killed after a given statement; it ends if it lives."""

import os
import signal
import sys

from sqlalchemy import event

from inspect_app.db import Database, open_database, reading, transaction
from inspect_app.queries.journal_chain import anything_unsealed
from inspect_app.services.sealing import seal_entries
from tests.inspect_app.made_up_bank import NOW

FEW = 6


def main(url: str, killed_at: int) -> None:
    """Seal until nothing waits, or until the statement of that number was executed."""
    database = open_database(url)
    kill_after(database, killed_at)
    while waits(database):
        with transaction(database) as session:
            seal_entries(session, now=NOW, most=FEW)


def waits(database: Database) -> bool:
    """Say whether anything waits for its seal; a killed sealer's lock may be held for a moment longer."""
    with reading(database) as session:
        return anything_unsealed(session)


def kill_after(database: Database, killed_at: int) -> None:
    """Die by SIGKILL right after a statement."""
    statements = 0

    @event.listens_for(database.writing, "after_cursor_execute")
    def _count(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
