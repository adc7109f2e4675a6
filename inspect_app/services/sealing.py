"""The journal's sealer: gives committed entries their place in the chain, one sealer at a time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from inspect_app.models.journal import JournalEntry, JournalSeal, UnsealedEntry
from inspect_app.models.journal_chain import BEGINNING, Head, link_bytes, link_hash
from inspect_app.queries.journal_chain import entries_to_seal, head_of_journal, is_only_sealer

MOST_AT_ONCE = 500
"""Entries that one transaction seals: on SQLite everybody else who writes waits for it."""


def seal_entries(session: Session, *, now: datetime, most: int = MOST_AT_ONCE) -> int:
    """Number and chain committed entries that wait, the oldest first; meant for a transaction of its own.

    Returns:
        How many were sealed; 0 where nothing waits or another sealer is at work.
    """
    if not is_only_sealer(session):
        return 0
    entries = entries_to_seal(session, most)
    if not entries:
        return 0
    session.execute(insert(JournalSeal), _seals(head_of_journal(session), entries, now))
    session.execute(delete(UnsealedEntry).where(UnsealedEntry.entry_id.in_([one.id for one in entries])))
    session.flush()
    return len(entries)


def _seals(head: Head | None, entries: Sequence[JournalEntry], now: datetime) -> list[dict[str, object]]:
    """Return the rows that go on with the chain."""
    sequence, previous = (0, BEGINNING) if head is None else (head.sequence, head.hash)
    seals: list[dict[str, object]] = []
    for place, entry in enumerate(entries, start=sequence + 1):
        digits = link_hash(previous, link_bytes(entry, now))
        seals.append(
            {
                "sequence": place,
                "entry_id": entry.id,
                "previous_hash": previous,
                "hash": digits,
                "sealed_at": now,
            }
        )
        previous = digits
    return seals
