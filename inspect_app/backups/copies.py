"""Copies of a database: one file each, made while others write, and made into a database again."""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from inspect_app.backups.errors import BackupError, Reason
from inspect_app.db import Database

EMBEDDED = "sqlite"
DATABASE_FILES = {EMBEDDED: "database.sqlite3", "postgresql": "database.dump"}
"""What the copy is called, by the kind of the database."""


def kind_of(database: Database) -> str:
    """Return the kind of a database, as a manifest names it."""
    return database.writing.dialect.name


def copy_embedded(database: Database, place: Path) -> None:
    """Write a whole copy of an embedded database into a new file; under the write-ahead log nobody waits."""
    with closing(database.writing.raw_connection()) as connection:
        # Outside a transaction, which VACUUM does not run in; it copies what was committed when it began.
        connection.cursor().execute("VACUUM INTO ?", [str(place)])
    make_durable(place)


def dump_server(url: str, view: str, place: Path) -> None:
    """Write what a PostgreSQL server holds in one view of it into a new file.

    Raises:
        BackupError: `pg_dump` is missing, or says why it failed.
    """
    _run("pg_dump", url, "--format=custom", "--no-owner", f"--snapshot={view}", f"--file={place}")
    make_durable(place)


def load_server(url: str, place: Path) -> None:
    """Load a dump into an empty database of a PostgreSQL server: all of it or nothing.

    Raises:
        BackupError: `pg_restore` is missing, or says why it failed.
    """
    options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run("pg_restore", url, *options, str(place))


def make_durable(place: Path) -> None:
    """Wait until a file, or what a folder lists, is on the disk."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _run(program: str, url: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupError(Reason.NO_PROGRAM, program)
    address = make_url(url)
    # The password goes by the environment: a command line can be read by everybody on the machine.
    plain = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    password = {} if address.password is None else {"PGPASSWORD": address.password}
    finished = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [found, f"--dbname={plain}", *arguments],
        env=os.environ | password,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if finished.returncode:
        lines = finished.stderr.strip().splitlines() or [f"{program}: {finished.returncode}"]
        raise BackupError(Reason.PROGRAM_FAILED, lines[0])
