"""Questions about the journal's chain: how far it goes, what waits for a seal, its links piece by piece."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_app.models.journal import JournalAnchor, JournalEntry, JournalSeal, UnsealedEntry
from inspect_app.models.journal_chain import Head
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.waves import Wave

PIECE = 1_000
"""How many links are read at a time."""

SEALERS_LOCK = 0x5EA1
"""The number of the advisory lock that one sealer holds on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: a seal with the entry that it seals; None where the entry is gone."""

    seal: JournalSeal
    entry: JournalEntry | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The entries without a seal: how many, and since when the oldest of them waits."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Anchored:
    """The head that was printed with a ranking."""

    wave_code: str
    number: int
    head: Head


def head_of_journal(session: Session) -> Head | None:
    """Return how far the chain goes; None before anything was sealed."""
    found = session.execute(
        select(JournalSeal.sequence, JournalSeal.hash).order_by(JournalSeal.sequence.desc()).limit(1)
    ).one_or_none()
    return None if found is None else Head(*found)


def is_only_sealer(session: Session) -> bool:
    """Say whether this transaction may seal; on PostgreSQL it then keeps all others out until it ends.

    On SQLite the write lock, with which every writing transaction begins, does the same.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(SEALERS_LOCK))))


def anything_unsealed(session: Session) -> bool:
    """Say whether an entry waits for its seal."""
    return session.scalar(select(UnsealedEntry.entry_id).limit(1)) is not None


def entries_to_seal(session: Session, most: int) -> Sequence[JournalEntry]:
    """Return entries that wait for a seal, in the order in which they get it: by moment, then by id."""
    return session.scalars(
        select(JournalEntry)
        .join(UnsealedEntry, UnsealedEntry.entry_id == JournalEntry.id)
        .order_by(JournalEntry.at, JournalEntry.id)
        .limit(most)
    ).all()


def waiting_entries(session: Session) -> Waiting:
    """Return what has no seal, asked of the whole journal and not of the sealer's own list."""
    count, since = session.execute(
        select(func.count(), func.min(JournalEntry.at))
        .select_from(JournalEntry)
        .outerjoin(JournalSeal, JournalSeal.entry_id == JournalEntry.id)
        .where(JournalSeal.sequence.is_(None))
    ).one()
    return Waiting(count, since)


def links_after(session: Session, sequence: int | None, most: int = PIECE) -> list[Link]:
    """Return the next links of the chain in its order.

    Args:
        sequence: that of the last link already read; None begins with the first, whatever its number.
    """
    following = (
        select(JournalSeal, JournalEntry)
        .outerjoin(JournalEntry, JournalEntry.id == JournalSeal.entry_id)
        .order_by(JournalSeal.sequence)
        .limit(most)
    )
    if sequence is not None:
        following = following.where(JournalSeal.sequence > sequence)
    return [Link(seal, entry) for seal, entry in session.execute(following)]


def sequence_of_hash(session: Session, digits: str) -> int | None:
    """Return the sequence of the seal with a hash; None where there is none."""
    return session.scalar(select(JournalSeal.sequence).where(JournalSeal.hash == digits))


def entries_after(session: Session, entry_id: uuid.UUID | None, most: int = PIECE) -> Sequence[JournalEntry]:
    """Return the next entries in the order of their ids, sealed or not; None begins with the first."""
    following = select(JournalEntry).order_by(JournalEntry.id).limit(most)
    if entry_id is not None:
        following = following.where(JournalEntry.id > entry_id)
    return session.scalars(following).all()


def anchor_of(session: Session, ranking: StoredRanking) -> Head | None:
    """Return the head that is printed with a ranking; None where nothing was sealed when it was published."""
    found = session.execute(
        select(JournalAnchor.sequence, JournalAnchor.hash).where(JournalAnchor.ranking_id == ranking.id)
    ).one_or_none()
    return None if found is None else Head(*found)


def anchors(session: Session) -> Sequence[Anchored]:
    """Return the heads that were printed with rankings, the earliest first."""
    rows = session.execute(
        select(Wave.code, StoredRanking.number, JournalAnchor.sequence, JournalAnchor.hash)
        .join(StoredRanking, StoredRanking.id == JournalAnchor.ranking_id)
        .join(Wave, Wave.id == StoredRanking.wave_id)
        .order_by(JournalAnchor.sequence, Wave.code, StoredRanking.number)
    )
    return [Anchored(code, number, Head(sequence, digits)) for code, number, sequence, digits in rows]
