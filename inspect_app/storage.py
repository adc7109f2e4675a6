"""The store of photos: bytes under the hash of what they are, in a folder or an object store, by address."""

import contextlib
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

import obstore
from obstore.store import ObjectStore, from_url

HASH = re.compile(r"[0-9a-f]{64}")
INCOMING = ".incoming-"
"""With what the name of a file begins that is not whole yet."""

ALONE = 0o600
ONLY_FILES = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class StorageError(Exception):
    """The store cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of the store: its name, and when it was last put there."""

    sha256: str
    size: int
    put_at: datetime


class Store(Protocol):
    """Bytes under the SHA-256 of what they are. What `put` has answered for survives a power cut.

    A name that is no hash is refused by every function: nothing from outside ever becomes a path.
    """

    def put(self, data: bytes) -> str:
        """Keep bytes and return their SHA-256; the same bytes again change nothing but when they were put."""

    def read(self, sha256: str) -> bytes:
        """Return the bytes with this hash.

        Raises:
            FileNotFoundError: there are none.
        """

    def has(self, sha256: str) -> bool:
        """Say whether there are bytes under this hash."""

    def delete(self, sha256: str) -> None:
        """Forget the bytes with this hash; nothing happens where there are none."""

    def files(self) -> Iterator[StoredFile]:
        """Return every file there is, in no order; what is not whole yet is none."""

    def require_usable(self) -> None:
        """Try whether the store takes bytes and gives them back.

        Raises:
            StorageError: it does not.
        """


def open_store(url: str) -> Store:
    """Return the store at an address: `file:///…` for a folder, `s3://bucket/prefix` for an object store.

    The key and the place of an object store come from the environment, as its tools have them (`AWS_…`).

    Raises:
        StorageError: the address is of no known kind.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderStore(Path(url2pathname(parts.path)))
    if parts.scheme == "s3" and parts.hostname:
        return ObjectsStore(from_url(url))
    raise StorageError(f"a store begins with file:/// or s3://, not with {parts.scheme or 'nothing'!r}")


class FolderStore:
    """A store in a folder. A file is whole or not there: written beside, made durable, then renamed."""

    def __init__(self, root: Path) -> None:
        """Take the folder; it is made when the first bytes come."""
        self._root = root

    def put(self, data: bytes) -> str:
        """Keep bytes, durable before this returns."""
        sha256 = hashlib.sha256(data).hexdigest()
        place = self._place(sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        self._refuse_link(place.parent)
        beside = place.parent / f"{INCOMING}{secrets.token_hex(8)}"
        try:
            _write_durably(beside, data)
            beside.replace(place)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise
        for folder in (place.parent, self._root):
            _make_names_durable(folder)
        return sha256

    def read(self, sha256: str) -> bytes:
        """Return the bytes with this hash; a link in their place is not followed."""
        place = self._place(sha256)
        self._refuse_link(place.parent)
        try:
            opened = os.open(place, os.O_RDONLY | ONLY_FILES)
        except OSError as error:
            raise FileNotFoundError(sha256) from error
        with os.fdopen(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FileNotFoundError(sha256)
            return file.read()

    def has(self, sha256: str) -> bool:
        """Say whether there is a file of this name that is one."""
        place = self._place(sha256)
        return place.is_file() and not place.is_symlink() and not place.parent.is_symlink()

    def delete(self, sha256: str) -> None:
        """Forget a file."""
        self._place(sha256).unlink(missing_ok=True)

    def files(self) -> Iterator[StoredFile]:
        """Return every whole file; links are passed over."""
        for place in self._root.glob("[0-9a-f][0-9a-f]/*"):
            if HASH.fullmatch(place.name) and place.is_file() and not place.is_symlink():
                with contextlib.suppress(FileNotFoundError):
                    told = place.stat()
                    put_at = datetime.fromtimestamp(told.st_mtime, UTC)
                    yield StoredFile(place.name, told.st_size, put_at)

    def erase_halves(self, made_before: datetime) -> None:
        """Erase what killed processes left unfinished before a moment."""
        for place in (*self._root.glob(f"[0-9a-f][0-9a-f]/{INCOMING}*"), *self._root.glob(f"{INCOMING}*")):
            with contextlib.suppress(FileNotFoundError):
                if datetime.fromtimestamp(place.lstat().st_mtime, UTC) < made_before:
                    place.unlink()

    def require_usable(self) -> None:
        """Write a file and take it away again."""
        beside = self._root / f"{INCOMING}{secrets.token_hex(8)}"
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            _write_durably(beside, b"")
            beside.unlink()
        except OSError as error:
            raise StorageError(f"the folder of photos cannot be written: {error.strerror}") from error

    def _place(self, sha256: str) -> Path:
        return self._root / _checked(sha256)[:2] / sha256

    def _refuse_link(self, folder: Path) -> None:
        """Refuse a folder that somebody put a link in the place of: it may lead anywhere."""
        if folder.is_symlink():
            raise FileNotFoundError(folder.name)


class ObjectsStore:
    """A store in an object store; one put is whole and durable by what such a store promises."""

    def __init__(self, objects: ObjectStore) -> None:
        """Take the object store; its prefix is part of it."""
        self._objects = objects

    def put(self, data: bytes) -> str:
        """Keep bytes under their hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        obstore.put(self._objects, _key(sha256), data)
        return sha256

    def read(self, sha256: str) -> bytes:
        """Return the bytes with this hash."""
        return bytes(obstore.get(self._objects, _key(sha256)).bytes())

    def has(self, sha256: str) -> bool:
        """Ask the store for the head of the object."""
        key = _key(sha256)
        try:
            obstore.head(self._objects, key)
        except FileNotFoundError:
            return False
        return True

    def delete(self, sha256: str) -> None:
        """Forget an object."""
        key = _key(sha256)
        with contextlib.suppress(FileNotFoundError):
            obstore.delete(self._objects, key)

    def files(self) -> Iterator[StoredFile]:
        """Return every object whose name is a hash."""
        for page in obstore.list(self._objects):
            for one in page:
                name = one["path"].rpartition("/")[2]
                # What lies deeper below the same address is another store's.
                if HASH.fullmatch(name) and one["path"] == _key(name):
                    yield StoredFile(name, one["size"], one["last_modified"])

    def require_usable(self) -> None:
        """Write an object and take it away again."""
        beside = f"{INCOMING}{secrets.token_hex(8)}"
        try:
            obstore.put(self._objects, beside, b"")
            obstore.delete(self._objects, beside)
        except Exception as error:
            raise StorageError("the store of photos cannot be written") from error


def _checked(sha256: str) -> str:
    if not HASH.fullmatch(sha256):
        raise FileNotFoundError("that is no hash")
    return sha256


def _key(sha256: str) -> str:
    return f"{_checked(sha256)[:2]}/{sha256}"


def _write_durably(place: Path, data: bytes) -> None:
    opened = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | ONLY_FILES, ALONE)
    with os.fdopen(opened, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _make_names_durable(folder: Path) -> None:
    """Make sure that the names in a folder outlast a power cut, where the system lets one ask for it."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
