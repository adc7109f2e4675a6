"""A program that submits while the database cannot grow, only the log beside it; prints what happened."""

import json
import resource
import sys
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from inspect_app.config import kept_secret
from inspect_app.db import reading, transaction
from tests.demo_bank import opened
from tests.inspect_app.cli.busy_writer import submit

SUBMISSIONS = 12


def main(folder: Path) -> None:
    """Play it through on the demonstration in a folder."""
    bank = opened(folder)
    secret = kept_secret(folder)
    acknowledged: list[str] = []

    def send(times: int) -> None:
        for _ in range(times):
            with transaction(bank.database) as session:
                number = submit(session, secret, len(acknowledged))
            acknowledged.append(number.hex)

    def checkpoint() -> str:
        with bank.database.writing.connect() as connection:
            raw = connection.connection.dbapi_connection
            try:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]  # the driver's own
            except bank.database.writing.dialect.loaded_dbapi.OperationalError as error:
                return str(error)
        return ""

    checkpoint()
    place = folder / "inspect.sqlite3"
    send(SUBMISSIONS)
    # Files may not reach beyond what the database has: the log is shorter than that, the database is not.
    resource.setrlimit(resource.RLIMIT_FSIZE, (place.stat().st_size, resource.RLIM_INFINITY))
    refused = checkpoint()
    with reading(bank.database) as session:
        read = session.scalar(text("SELECT count(*) FROM submission"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    told = {"refused": refused, "read": read, "then": checkpoint(), "acknowledged": acknowledged}
    try:
        send(1)
    except OperationalError as error:
        told["then"] = str(error.orig)
    sys.stdout.write(json.dumps(told))
    bank.database.writing.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
