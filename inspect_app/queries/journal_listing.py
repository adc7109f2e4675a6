"""Questions of who reads the journal: its entries, filtered, page by page, and as lines to keep."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from checklists.json_values import Json, compact_json
from inspect_app.errors import NotFoundError
from inspect_app.models.journal import ActorKind, JournalEntry, JournalSeal, UnsealedEntry
from inspect_app.models.people import User, UserKind
from inspect_app.queries.journal_subjects import SubjectName, subject_names

PAGE = 50
"""How many entries one page lists."""

PIECE = 500
"""How many entries an export reads at a time."""


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which entries are asked for; None asks for all.

    Attributes:
        begins, ends: the moments between which the entries lie, the second one no more.
        before: the last entry of the page before.
    """

    subject: str | None = None
    action: str | None = None
    actor_kind: ActorKind | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    before: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """One entry for head office to read.

    Attributes:
        actor_name: of a user; None for inspectors and for the system.
        called: None where the subject has no name, and for inspectors, who are not named here.
        sequence: its place in the chain; None while it waits for its seal.
    """

    entry: JournalEntry
    actor_name: str | None
    called: SubjectName | None
    sequence: int | None


@dataclass(frozen=True, slots=True)
class JournalPage:
    """One page of the journal, the latest first; `following` is what the next one begins after, if any."""

    entries: Sequence[ListedEntry]
    following: uuid.UUID | None


def page_of_journal(session: Session, wanted: JournalFilter) -> JournalPage:
    """Return one page of the entries that are asked for.

    Raises:
        NotFoundError: there is no entry that the page could begin after.
    """
    rows = session.execute(_entries(session, wanted).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    names = subject_names(session, [entry for entry, *_rest in shown])
    return JournalPage(
        [
            ListedEntry(entry, actor, names.get(entry.subject, {}).get(entry.subject_id), sequence)
            for entry, actor, sequence, _previous, _digits, _sealed_at in shown
        ],
        shown[-1][0].id if len(rows) > PAGE else None,
    )


def lines_of_journal(session: Session, wanted: JournalFilter) -> Iterator[str]:
    """Yield the entries that are asked for as lines of JSON, the latest first, each with its seal.

    Read in pieces, each in a transaction of its own: a slow download keeps no writer waiting. A line holds
    all that its hash is taken of, and no name.
    """
    while True:
        rows = session.execute(_entries(session, wanted).limit(PIECE)).all()
        lines = [
            compact_json(_as_json(entry, sequence, previous, digits, sealed_at)) + "\n"
            for entry, _actor, sequence, previous, digits, sealed_at in rows
        ]
        last = rows[-1][0].id if rows else None
        session.rollback()
        yield from lines
        if len(rows) < PIECE:
            return
        wanted = replace(wanted, before=last)


def count_unsealed(session: Session) -> int:
    """Return how many entries wait for their seals."""
    return session.scalar(select(func.count()).select_from(UnsealedEntry)) or 0


def _entries(
    session: Session, wanted: JournalFilter
) -> Select[JournalEntry, str | None, int | None, str | None, str | None, datetime | None]:
    return (
        select(
            JournalEntry,
            User.display_name,
            JournalSeal.sequence,
            JournalSeal.previous_hash,
            JournalSeal.hash,
            JournalSeal.sealed_at,
        )
        .outerjoin(User, and_(User.id == JournalEntry.actor_id, User.kind != UserKind.INSPECTOR))
        .outerjoin(JournalSeal, JournalSeal.entry_id == JournalEntry.id)
        .where(*_conditions(session, wanted))
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
    )


def _conditions(session: Session, wanted: JournalFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.subject is not None:
        yield JournalEntry.subject == wanted.subject
    if wanted.action is not None:
        yield JournalEntry.action == wanted.action
    if wanted.actor_kind is not None:
        yield JournalEntry.actor_kind == wanted.actor_kind
    if wanted.begins is not None:
        yield JournalEntry.at >= wanted.begins
    if wanted.ends is not None:
        yield JournalEntry.at < wanted.ends
    if wanted.before is not None:
        at = session.scalar(select(JournalEntry.at).where(JournalEntry.id == wanted.before))
        if at is None:
            raise NotFoundError(f"journal entry {wanted.before}")
        yield or_(JournalEntry.at < at, (JournalEntry.at == at) & (JournalEntry.id < wanted.before))


def _as_json(
    entry: JournalEntry,
    sequence: int | None,
    previous: str | None,
    digits: str | None,
    sealed_at: datetime | None,
) -> Json:
    return {
        "id": str(entry.id),
        "at": _written(entry.at),
        "actor_kind": entry.actor_kind.value,
        "actor_id": None if entry.actor_id is None else str(entry.actor_id),
        "action": entry.action,
        "subject": entry.subject,
        "subject_id": entry.subject_id,
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "reason": entry.reason,
        "details": entry.details,
        "sealed_at": None if sealed_at is None else _written(sealed_at),
        "sequence": sequence,
        "previous_hash": previous,
        "hash": digits,
    }


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
