"""Questions about the handbook: editions and checklists in use."""

import json
from collections.abc import Sequence
from functools import lru_cache
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from checklists.checklist import Checklist
from checklists.files.checklist_json import read_checklist
from checklists.json_values import Member
from inspect_app.errors import NotFoundError
from inspect_app.models.handbook import StoredChecklist, StoredEdition

CHECKLISTS_KEPT = 48

_KNOWN: WeakKeyDictionary[Pool, dict[str, Checklist]] = WeakKeyDictionary()
"""The checklists read so far, by the database's connections."""


def edition_row(session: Session, number: str) -> StoredEdition | None:
    """Return the edition in use under this number; None where there is none."""
    return session.scalar(select(StoredEdition).where(StoredEdition.number == number))


def editions(session: Session) -> Sequence[StoredEdition]:
    """Return every edition in use, in the order in which they were stored."""
    return session.scalars(
        select(StoredEdition).order_by(StoredEdition.stored_at, StoredEdition.number)
    ).all()


def edition_reading(session: Session, number: str, language: str) -> Member:
    """Return an edition as `edition_as_json` writes it in a language; in its own where it lacks that one.

    Raises:
        NotFoundError: no such edition is in use.
    """
    row = edition_row(session, number)
    if row is None:
        raise NotFoundError(f"edition {number}")
    readings = Member(json.loads(row.document))
    wanted = readings[language]
    return readings[row.language] if wanted.is_absent else wanted


def checklist_row(session: Session, checklist_hash: str) -> StoredChecklist | None:
    """Return the checklist in use with this hash, as stored; None where there is none."""
    return session.scalar(select(StoredChecklist).where(StoredChecklist.hash == checklist_hash))


def checklist_of(session: Session, checklist_hash: str) -> Checklist:
    """Return the checklist in use with this hash; asked again of the same database, it costs nothing.

    Raises:
        NotFoundError: there is none.
    """
    # A checklist in use never changes; another database may hold the same one with other translations.
    of_database = _KNOWN.setdefault(session.connection().engine.pool, {})
    if checklist_hash not in of_database:
        row = checklist_row(session, checklist_hash)
        if row is None:
            raise NotFoundError(f"checklist {checklist_hash}")
        of_database[checklist_hash] = _parsed(row.document)
    return of_database[checklist_hash]


@lru_cache(maxsize=CHECKLISTS_KEPT)
def _parsed(document: str) -> Checklist:
    # Known by the whole document: the hash leaves out translations, which two databases may give differently.
    return read_checklist(json.loads(document))
