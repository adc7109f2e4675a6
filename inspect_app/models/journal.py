"""The journal: every change of state, who, when, from, to, why; the seals that chain it, and its anchors."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from inspect_app.models.base import LONGEST_CODE, Base, Identified, UtcDateTime, one_of


class ActorKind(StrEnum):
    """Who acted. What an inspector does is written down without saying which inspector."""

    USER = "user"
    INSPECTOR = "inspector"
    SYSTEM = "system"


class JournalEntry(Identified, Base):
    """One change, written in its own transaction and never altered. Holds ids, no names.

    Attributes:
        actor_id: the user who acted; None for inspectors and for the system.
        subject, subject_id: what changed, by table name and identifier.
        from_state, to_state: None where the change is none of state.
        details: what else belongs to it, JSON text without names.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (Index("ix_journal_entry_subject_subject_id", "subject", "subject_id"),)

    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_kind: Mapped[ActorKind] = mapped_column(one_of(ActorKind))
    actor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    action: Mapped[str] = mapped_column(String(LONGEST_CODE))
    subject: Mapped[str] = mapped_column(String(LONGEST_CODE))
    subject_id: Mapped[str] = mapped_column(String(64))
    from_state: Mapped[str | None] = mapped_column(String(LONGEST_CODE))
    to_state: Mapped[str | None] = mapped_column(String(LONGEST_CODE))
    reason: Mapped[str | None] = mapped_column(Text)
    details: Mapped[str] = mapped_column(Text, default="{}")


class JournalSeal(Base):
    """An entry's place in the chain, given by the one sealer after the entry was committed.

    Attributes:
        previous_hash: of the seal before it; 64 zeros in the first.
        hash: SHA-256 over the previous hash and the canonical JSON of the entry and the moment of sealing.
    """

    __tablename__ = "journal_seal"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UnsealedEntry(Base):
    """An entry that waits for its seal, so that the sealer need not look through the whole journal.

    The database itself adds the row with each entry, the sealer takes it away.
    """

    __tablename__ = "unsealed_entry"

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("journal_entry.id"), primary_key=True)


class JournalAnchor(Base):
    """How far the chain went when a ranking was published: printed with it, so that it is known outside.

    A ranking that was published before anything was sealed has none.
    """

    __tablename__ = "journal_anchor"

    ranking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
