"""How long a backup takes; the floor copies the same database file and hashes it."""

import hashlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bulk import made_bank
from benchmarks.measuring import Budget, Figure, beside
from inspect_app.backups.making import make_backup
from inspect_app.config import Settings

BRANCHES = 23_000


def figures() -> Iterator[Figure]:
    """Back up a bank with three published rankings."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        database = made_bank(folder, BRANCHES)
        place = folder / f"bank-{BRANCHES}.sqlite3"
        files = folder / "files"
        files.mkdir()
        settings = Settings(
            data_dir=folder,
            database_url=f"sqlite:///{place}",
            secret_key="0" * 64,
            storage_url=files.as_uri(),
        )
        turns = count()
        yield beside(
            f"back up {place.stat().st_size / 1e6:.0f} MB",
            Budget(times=15),
            lambda: make_backup(settings, database, folder / f"backup-{next(turns)}", now=datetime.now(UTC)),
            "copy the file and hash it",
            lambda: _copy(place, folder / "copy"),
            turns=3,
        )
        database.writing.dispose()


def _copy(place: Path, copied: Path) -> str:
    shutil.copy(place, copied)
    with copied.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
