"""Editions and checklists are put into use: stored once, whole, and never changed."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from checklists.checklist import Checklist
from checklists.files.checklist_json import checklist_document
from checklists.files.handbook_json import edition_as_json
from checklists.handbook import Edition
from checklists.json_values import Json, compact_json
from inspect_app.errors import ConflictError
from inspect_app.models.handbook import StoredChecklist, StoredEdition
from inspect_app.queries.handbooks import checklist_row, edition_row
from inspect_app.services import journal
from inspect_app.services.journal import Actor


def store_edition(session: Session, edition: Edition, *, now: datetime) -> StoredEdition:
    """Put an edition into use; where the same one is in use already, nothing happens.

    Raises:
        ConflictError: another edition has this number.
    """
    document = compact_json(_readings(edition))
    known = edition_row(session, edition.number)
    if known is not None:
        if known.document != document:
            raise ConflictError(f"edition {edition.number} is in use and says something else")
        return known
    stored = StoredEdition(number=edition.number, language=edition.language, document=document, stored_at=now)
    session.add(stored)
    session.flush()
    journal.record(session, Actor.system(), "store_edition", "handbook_edition", stored.number, now=now)
    return stored


def store_checklist(session: Session, checklist: Checklist, *, now: datetime) -> StoredChecklist:
    """Put a checklist into use; where one with the same hash is in use already, that one stays as it is."""
    known = checklist_row(session, checklist.hash)
    if known is not None:
        return known
    stored = StoredChecklist(
        hash=checklist.hash,
        edition_number=checklist.edition,
        recipe=checklist.recipe,
        mode=checklist.mode.value,
        document=compact_json(checklist_document(checklist)),
        stored_at=now,
    )
    session.add(stored)
    session.flush()
    journal.record(session, Actor.system(), "store_checklist", "checklist", stored.hash, now=now)
    return stored


def _readings(edition: Edition) -> dict[str, Json]:
    """Return the edition as it reads in each language that it has."""
    return {language: edition_as_json(edition, language) for language in _languages(edition)}


def _languages(edition: Edition) -> Iterator[str]:
    """Yield the own language, then those of the title's renderings, which every text must have as well."""
    yield edition.language
    yield from (rendering.language for rendering in edition.title.renderings)
