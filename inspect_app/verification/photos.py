"""Photos in the store, held against the rows that speak of them, and their hashes."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from inspect_app.queries.stored_files import named_files
from inspect_app.storage import Store
from inspect_app.verification.verdicts import Fault, Found

GRACE = timedelta(days=7)
"""How long a file may lie in the store before a row speaks of it: it is put there first."""


def photos(session: Session, store: Store, now: datetime) -> Iterator[Found | None]:
    """Hold every file that a row speaks of against its hash, and name the files that no row speaks of."""
    named: set[str] = set()
    for row, sha256 in named_files(session):
        named.add(sha256)
        fault = _fault_of(store, sha256)
        yield None if fault is None else Found(f"{row}, file {sha256}", fault)
    for file in store.files():
        if file.sha256 not in named and file.put_at < now - GRACE:
            yield Found(f"file {file.sha256}", Fault.STRAY_FILE)


def _fault_of(store: Store, sha256: str) -> Fault | None:
    try:
        content = store.read(sha256)
    except FileNotFoundError:
        return Fault.NO_FILE
    return None if hashlib.sha256(content).hexdigest() == sha256 else Fault.OTHER_HASH
