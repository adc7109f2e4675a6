"""The journal: every change of state, who, when, from, to, why; and the seals that chain it."""

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
        hash: SHA-256 over the previous hash and the entry's canonical JSON.
    """

    __tablename__ = "journal_seal"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("journal_entry.id"), unique=True)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
