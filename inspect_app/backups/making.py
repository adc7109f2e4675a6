"""A backup is made: a copy of one moment, while others go on writing, whole or not there at all."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy.orm import Session

from inspect_app.backups.copies import DATABASE_FILES, EMBEDDED, copy_embedded, dump_server, kind_of
from inspect_app.backups.errors import BackupError, Reason
from inspect_app.backups.files import (
    STORED,
    copy_folder,
    described,
    make_folder_durable,
    make_private,
    storage_folder,
)
from inspect_app.backups.manifest import Manifest, StoredTable, write_manifest
from inspect_app.config import Settings
from inspect_app.db import Database, open_database, reading
from inspect_app.migrations import newest_step, present_step
from inspect_app.queries.journal_chain import head_of_journal
from inspect_app.queries.tables import let_read_for_long, shared_view, table_digests
from inspect_app.queries.verification import faults_of_file

DISTRIBUTION = "inspect-branch"


def make_backup(settings: Settings, database: Database, folder: Path, *, now: datetime) -> Manifest:
    """Write a backup into a new folder; return what is in it.

    The secret is no part of it: whoever has a backup is not to be able to make receipts.

    Args:
        database: migrated to this version, or to an earlier one, which then can take the backup back.

    Raises:
        BackupError: the folder holds something, a program is missing, or the copy is not sound.
    """
    step = present_step(database)
    with _made_whole(folder) as unfinished:
        place = unfinished / DATABASE_FILES[kind_of(database)]
        if kind_of(database) == EMBEDDED:
            copy_embedded(database, place)
            with _opened_copy(place) as session:
                tables, journal = _contents(session)
        else:
            with reading(database) as session:
                let_read_for_long(session)
                dump_server(settings.database_url, shared_view(session), place)
                tables, journal = _contents(session)
        # Files come after the rows that name them: a file without a row does no harm.
        stored = storage_folder(settings.storage_url)
        if stored is not None and stored.is_dir():
            copy_folder(stored, unfinished / STORED)
        manifest = Manifest(
            version=version(DISTRIBUTION) if step == newest_step() else f"< {version(DISTRIBUTION)}",
            schema=str(step),
            kind=kind_of(database),
            made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
            database=place.name,
            journal=journal,
            tables=tables,
            files=described(unfinished),
        )
        write_manifest(unfinished, manifest)
    return manifest


@contextmanager
def _made_whole(folder: Path) -> Iterator[Path]:
    """Yield a folder beside the wanted one, which takes its name when everything in it is on the disk."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(Reason.NOT_EMPTY, folder)
    unfinished = folder.absolute().with_name(f".{folder.absolute().name}.unfinished-{secrets.token_hex(4)}")
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        yield unfinished
        make_private(unfinished)
        make_folder_durable(unfinished)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder.absolute())
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


@contextmanager
def _opened_copy(place: Path) -> Iterator[Session]:
    """Open the copy of an embedded database, and leave nothing beside it."""
    copy = open_database(f"sqlite:///{place}")
    with reading(copy) as session:
        if faults_of_file(session):
            raise BackupError(Reason.DAMAGED, place.name)
        yield session
    settle(copy)


def settle(database: Database) -> None:
    """Close an embedded database so that one file holds all of it."""
    connection = database.writing.raw_connection()
    connection.cursor().execute("PRAGMA journal_mode=DELETE")
    connection.close()
    database.writing.dispose()


def _contents(session: Session) -> tuple[dict[str, StoredTable], str | None]:
    tables = {name: StoredTable(rows, digest) for name, rows, digest in table_digests(session)}
    head = head_of_journal(session)
    return tables, None if head is None else str(head)
