"""A backup is taken back: into a new place, held against its manifest and against itself, then switched."""

import os
import secrets
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from inspect_app.backups.copies import kind_of, load_server, make_durable
from inspect_app.backups.errors import BackupError, Reason
from inspect_app.backups.files import STORED, copy_folder, copy_whole, require_whole, storage_folder
from inspect_app.backups.making import settle
from inspect_app.backups.manifest import Manifest, read_manifest
from inspect_app.config import Settings
from inspect_app.db import Database, embedded_file, open_database, reading, sqlite_module, transaction
from inspect_app.migrations import newest_step, present_step
from inspect_app.queries.tables import let_read_for_long, table_digests
from inspect_app.services.erasing import erase_again
from inspect_app.verification import Verdict, verify

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database; of another database it must never be taken for this one's."""

Judge = Callable[[Iterable[Verdict]], None]
"""Takes the verdicts over what was restored as they fall, and raises where it is not to be switched to."""


class Target(StrEnum):
    """What may stand where the backup is restored."""

    EMPTY = "empty"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was taken back.

    Attributes:
        replaced: where the database that stood there before was put; None where there was none.
        erased: how many people were forgotten again, who had been since the backup was made.
    """

    manifest: Manifest
    replaced: Path | None
    erased: int


def restore_backup(
    settings: Settings,
    folder: Path,
    target: Target,
    judge: Judge,
    forgotten: Sequence[uuid.UUID] = (),
    *,
    now: datetime,
) -> Restored:
    """Take a backup back into the database and the files that the settings name.

    Nothing is touched before the backup was found whole and the target free; what stood there keeps standing
    until the restored database has been read through.

    Args:
        target: `replaced` puts aside what stands there.
        judge: decides over what was restored; what it raises ends it all, with nothing switched.
        forgotten: users from whose accounts everything personal is taken before the switch.

    Raises:
        BackupError: the backup is incomplete, damaged or another version's, or the target is taken or in use.
    """
    manifest = read_manifest(folder)
    if manifest.schema != newest_step():
        raise BackupError(Reason.OTHER_SCHEMA, f"{manifest.version} ({manifest.schema})")
    database = open_database(settings.database_url)
    if manifest.kind != kind_of(database):
        raise BackupError(Reason.OTHER_KIND, manifest.kind)
    require_whole(folder, manifest)
    restoring = _Restoring(settings, folder, manifest, judge, tuple(forgotten), now)
    place = embedded_file(settings.database_url)
    if place is not None:
        return _restore_embedded(restoring, place, target)
    return _restore_server(restoring, database)


@dataclass(frozen=True, slots=True)
class _Restoring:
    settings: Settings
    folder: Path
    manifest: Manifest
    judge: Judge
    forgotten: tuple[uuid.UUID, ...]
    now: datetime


def _restore_embedded(restoring: _Restoring, place: Path, target: Target) -> Restored:
    if place.exists() and target is not Target.REPLACED:
        raise BackupError(Reason.TARGET_TAKEN, place)
    if place.exists():
        _require_unused(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f".{place.name}.restoring-{secrets.token_hex(4)}")
    try:
        copy_whole(restoring.folder / restoring.manifest.database, new)
        new.chmod(0o600)
        copy = open_database(f"sqlite:///{new}")
        erased = _make_true(copy, restoring)
        settle(copy)
        make_durable(new)
        _restore_files(restoring.settings, restoring.folder)
        return Restored(restoring.manifest, _switch(new, place, restoring.now), erased)
    finally:
        for name in (new, *(_beside(new))):
            name.unlink(missing_ok=True)


def _restore_server(restoring: _Restoring, database: Database) -> Restored:
    """Load a dump into a new database of the server; the switch is the setting that names it."""
    if present_step(database) is not None:
        raise BackupError(Reason.TARGET_TAKEN, database.writing.url.database)
    load_server(restoring.settings.database_url, restoring.folder / restoring.manifest.database)
    erased = _make_true(database, restoring)
    _restore_files(restoring.settings, restoring.folder)
    return Restored(restoring.manifest, None, erased)


def _make_true(database: Database, restoring: _Restoring) -> int:
    """Hold a restored database against its manifest and itself, and forget whom it should not know."""
    _require_true(database, restoring.manifest, restoring.settings.secret_key, restoring.judge)
    with transaction(database) as session:
        return erase_again(session, restoring.forgotten, now=restoring.now)


def _require_true(database: Database, manifest: Manifest, secret: str, judge: Judge) -> None:
    """Hold a restored database against its manifest, then against itself."""
    with reading(database) as session:
        let_read_for_long(session)
        found = {name: (rows, digest) for name, rows, digest in table_digests(session)}
        for name in sorted({*found, *manifest.tables}):
            known = manifest.tables.get(name)
            if known is None or found.get(name) != (known.rows, known.digest):
                raise BackupError(Reason.DAMAGED, name)
        judge(verify(session, secret))


def _restore_files(settings: Settings, folder: Path) -> None:
    stored = storage_folder(settings.storage_url)
    if stored is not None and (folder / STORED).is_dir():
        stored.mkdir(parents=True, exist_ok=True)
        copy_folder(folder / STORED, stored)


def _require_unused(place: Path) -> None:
    """Make sure that no process has the old database open, and that one file holds all of it.

    Raises:
        BackupError: somebody has it open.
    """
    module = sqlite_module()
    try:
        with closing(module.connect(str(place), timeout=0, isolation_level=None)) as connection:
            # Leaving the write-ahead log needs the file for itself, and takes in what a killed server left.
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except module.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise BackupError(Reason.TARGET_IN_USE, place) from error
    except module.DatabaseError:
        # What cannot be read is put aside as it is: it may well be why somebody restores.
        return


def _switch(new: Path, place: Path, now: datetime) -> Path | None:
    """Put the restored database in its place at one stroke; what stood there has another name by then."""
    aside = None
    if place.exists():
        aside = place.with_name(f"{place.name}.replaced-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        os.link(place, aside)
        for left in _beside(place):
            if left.exists():
                os.link(left, f"{aside}{left.name.removeprefix(place.name)}")
    for left in _beside(place):
        left.unlink(missing_ok=True)
    new.replace(place)
    if os.name == "posix":
        make_durable(place.parent)
    return aside


def _beside(place: Path) -> tuple[Path, ...]:
    return tuple(place.with_name(f"{place.name}{ending}") for ending in BESIDE)
