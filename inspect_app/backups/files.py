"""The files of a backup: copied, and held against their hashes."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from inspect_app.backups.copies import make_durable
from inspect_app.backups.errors import BackupError, Reason
from inspect_app.backups.manifest import Manifest, StoredFile

STORED = "files"
"""The folder inside a backup that holds what the storage held."""


def storage_folder(storage_url: str) -> Path | None:
    """Return the folder that files are stored in; None where something else than a folder holds them."""
    address = urlsplit(storage_url)
    return Path(unquote(address.path)) if address.scheme == "file" else None


def copy_folder(source: Path, target: Path) -> None:
    """Copy every file of a folder that is not there yet; of the same name and size, it is the same."""
    for place in sorted(source.rglob("*")):
        copied = target / place.relative_to(source)
        if place.is_dir():
            copied.mkdir(parents=True, exist_ok=True)
        elif not copied.exists() or copied.stat().st_size != place.stat().st_size:
            copied.parent.mkdir(parents=True, exist_ok=True)
            copy_whole(place, copied)


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file so that it is there in full or not at all, whatever happens in between."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        shutil.copyfile(source, beside)
        make_durable(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def described(folder: Path) -> Mapping[str, StoredFile]:
    """Return the size and hash of every file in a folder, by path."""
    return {place.relative_to(folder).as_posix(): describe(place) for place in _files(folder)}


def describe(place: Path) -> StoredFile:
    """Return the size and hash of a file."""
    with place.open("rb") as file:
        return StoredFile(place.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def require_whole(folder: Path, manifest: Manifest) -> None:
    """Hold every file of a backup against its manifest.

    Raises:
        BackupError: one is missing, has another size or another content; it is named.
    """
    for name, stored in manifest.files.items():
        place = folder / name
        if not place.is_file() or place.stat().st_size != stored.size:
            raise BackupError(Reason.INCOMPLETE, name)
        if describe(place) != stored:
            raise BackupError(Reason.DAMAGED, name)
    if manifest.database not in manifest.files:
        raise BackupError(Reason.INCOMPLETE, manifest.database)


def make_private(folder: Path) -> None:
    """Let nobody but their owner read the files of a folder."""
    for place in (folder, *folder.rglob("*")):
        place.chmod(0o700 if place.is_dir() else 0o600)


def make_folder_durable(folder: Path) -> None:
    """Wait until a folder with everything in it is on the disk; Windows does not offer that for folders."""
    for place in (*_files(folder), *(one for one in folder.rglob("*") if one.is_dir()), folder):
        if place.is_file() or os.name == "posix":
            make_durable(place)


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(place for place in folder.rglob("*") if place.is_file())
