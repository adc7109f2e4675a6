"""A program that serves and submits while its disk gets full and is emptied again; prints what happened."""

import json
import os
import resource
import sys
from pathlib import Path

from sqlalchemy.exc import OperationalError

from inspect_app.config import kept_secret
from inspect_app.db import transaction
from tests.demo_bank import opened
from tests.inspect_app.cli.busy_writer import submit
from tests.inspect_app.web.browsing import Browser

ROOM = 200_000
"""Bytes that are left at first: the next commits go in, then none."""

ONE_PAGE = 4096


def main(folder: Path) -> None:
    """Play it through on the demonstration in a folder."""
    bank = opened(folder)
    app = bank.app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    administrator, other = Browser(app), Browser(app)
    account = bank.accounts_of("administrator")[0]
    administrator.sign_in(account.username, account.password)
    other.get("/login")
    acknowledged: list[str] = []

    def send(times: int) -> str:
        for _ in range(times):
            try:
                with transaction(bank.database) as session:
                    number = submit(session, kept_secret(folder), len(acknowledged))
            except OperationalError as error:
                return str(error.orig)
            acknowledged.append(number.hex)
        return ""

    send(2)
    _limit_files((folder / "inspect.sqlite3-wal").stat().st_size + ROOM)
    refusal = send(20)
    _limit_files(ONE_PAGE)
    kept = len(acknowledged)
    credentials = {"username": account.username, "password": account.password}
    refused = other.post("/login", credentials)
    read = administrator.get("/office/waves")
    _limit_files(resource.RLIM_INFINITY)
    again = other.post("/login", credentials)
    told = {
        "refusal": refusal,
        "kept": kept,
        "refused": refused.status_code,
        "page": refused.text,
        "read": read.status_code,
        "again": again.status_code,
        "then": send(2),
        "acknowledged": acknowledged,
    }
    sys.stdout.write(json.dumps(told))
    bank.database.writing.dispose()


def _limit_files(size: int) -> None:
    """Let no file grow, or be written, beyond a size in bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


if __name__ == "__main__":
    os.environ.pop("INSPECT_DATA_DIR", None)
    main(Path(sys.argv[1]))
