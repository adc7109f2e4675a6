"""A program that migrates a database and is killed after its n-th statement; 0 lets it finish."""

import os
import signal
import sys

from sqlalchemy import event

from inspect_app.db import open_database
from inspect_app.migrations import upgrade


def main(url: str, killed_at: int) -> None:
    """Migrate, as far as it comes."""
    database = open_database(url)
    statements = 0

    @event.listens_for(database.writing, "after_cursor_execute")
    def _count(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    upgrade(database)
    database.writing.dispose()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
