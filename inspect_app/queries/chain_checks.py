"""Whether the journal's chain holds from its first link to its last; if not, which row is wrong and how."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from inspect_app.models.journal import JournalEntry, JournalSeal
from inspect_app.models.journal_chain import BEGINNING, Head, link_bytes, link_hash
from inspect_app.queries.journal_chain import (
    PIECE,
    Link,
    Waiting,
    anchors,
    entries_after,
    head_of_journal,
    links_after,
    sequence_of_hash,
    waiting_entries,
)

OpenReading = Callable[[], AbstractContextManager[Session]]
"""Opens a session that only reads: one for each piece, so that no writer waits for the whole."""

UNREADABLE = (LookupError, ValueError)
"""What loading a row raises whose columns hold what the product never writes."""


class Fault(StrEnum):
    """How the journal was tampered with."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT = "cut"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that is wrong.

    Attributes:
        sequence: of the row; of a deleted one the number that is missing, of a cut tail the first such.
        entry_id: what the row seals; None where that cannot be known.
    """

    fault: Fault
    sequence: int
    entry_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class CheckedChain:
    """What a check of the whole journal found.

    Attributes:
        held: how many links hold, from the first on.
        head: how far the chain goes; None before anything was sealed.
        broken: the first row that is wrong; None where all is well.
        waiting: the unsealed tail.
    """

    held: int
    head: Head | None
    broken: Broken | None
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the next link has to be, and what it has to follow."""

    sequence: int
    previous: str

    def after(self, seal: JournalSeal) -> "_Place":
        return _Place(self.sequence + 1, seal.hash)


def check_chain(open_reading: OpenReading, heads: Iterable[Head] = ()) -> CheckedChain:
    """Check the chain, against heads that were kept outside and those that were printed with rankings.

    Args:
        heads: what somebody wrote down; it shows what the chain alone cannot: a cut tail, a rewritten chain.
    """
    with open_reading() as session:
        known = [*heads, *(anchored.head for anchored in anchors(session))]
    place, broken = _walk(open_reading, known)
    with open_reading() as session:
        return CheckedChain(place.sequence - 1, head_of_journal(session), broken, waiting_entries(session))


def _walk(open_reading: OpenReading, heads: Sequence[Head]) -> tuple[_Place, Broken | None]:
    """Follow the chain to its end or to the first row that is wrong."""
    place, read = _Place(1, BEGINNING), None
    while True:
        with open_reading() as session:
            links = _readable(session, read)
            if links is None:
                return place, Broken(Fault.EDITED, place.sequence)
            if not links:
                return place, _beyond(heads, place)
            for link in links:
                broken = _wrong(session, link, place) or _contradicted(heads, link.seal)
                if broken is not None:
                    return place, broken
                place, read = place.after(link.seal), link.seal.sequence


def _readable(session: Session, after: int | None) -> list[Link] | None:
    """Return the next links, fewer where one of them cannot be read; None where the very next cannot."""
    for most in (PIECE, 1):
        try:
            return links_after(session, after, most)
        except UNREADABLE:
            session.rollback()
    return None


def _contradicted(heads: Sequence[Head], seal: JournalSeal) -> Broken | None:
    known = [head for head in heads if head.sequence == seal.sequence]
    if all(head.is_of(seal.sequence, seal.hash) for head in known):
        return None
    return Broken(Fault.REWRITTEN, seal.sequence, seal.entry_id)


def _beyond(heads: Sequence[Head], place: _Place) -> Broken | None:
    if all(head.sequence < place.sequence for head in heads):
        return None
    return Broken(Fault.CUT, place.sequence)


def _wrong(session: Session, link: Link, place: _Place) -> Broken | None:
    """Return what is wrong with a link; None where it stands in its place, whole."""
    seal = link.seal
    if seal.sequence > place.sequence:
        return Broken(Fault.DELETED, place.sequence)
    if seal.sequence < place.sequence:
        return Broken(Fault.INSERTED, seal.sequence, seal.entry_id)
    if seal.previous_hash == place.previous and _is_whole(link):
        return None
    return _out_of_place(session, link, place) or _not_whole(session, link)


def _out_of_place(session: Session, link: Link, place: _Place) -> Broken | None:
    """Return what is wrong with a link's place in the chain; None where it is in its place."""
    seal = link.seal
    follows = 0 if seal.previous_hash == BEGINNING else sequence_of_hash(session, seal.previous_hash)
    if follows is not None and follows > seal.sequence:
        return Broken(Fault.REORDERED, seal.sequence, seal.entry_id)
    if any(one.seal.previous_hash == place.previous for one in links_after(session, seal.sequence, 1)):
        # The next one says that it comes here.
        return Broken(Fault.INSERTED, seal.sequence, seal.entry_id)
    if seal.previous_hash == place.previous:
        return None
    if follows is not None:
        # It follows an earlier one than it should: what stands between them was not there.
        return Broken(Fault.INSERTED, follows + 1)
    return Broken(Fault.DELETED, seal.sequence) if _is_whole(link) else None


def _not_whole(session: Session, link: Link) -> Broken:
    """Return what happened to a link that is in its place and does not give its hash."""
    seal = link.seal
    if link.entry is None:
        return Broken(Fault.DELETED, seal.sequence, seal.entry_id)
    fault = Fault.REORDERED if _is_of_another(session, seal) else Fault.EDITED
    return Broken(fault, seal.sequence, seal.entry_id)


def _is_whole(link: Link) -> bool:
    """Say whether a link gives its own hash, from what it says it follows and from its entry."""
    return link.entry is not None and _gives(link.seal, link.entry)


def _is_of_another(session: Session, seal: JournalSeal) -> bool:
    """Say whether a seal was made for another entry than the one that it names: two were exchanged."""
    entries = entries_after(session, None)
    while entries:
        if any(_gives(seal, entry) for entry in entries):
            return True
        entries = entries_after(session, entries[-1].id)
    return False


def _gives(seal: JournalSeal, entry: JournalEntry) -> bool:
    return link_hash(seal.previous_hash, link_bytes(entry, seal.sealed_at)) == seal.hash
