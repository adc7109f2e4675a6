"""Inspectors' phones: the ways into them, those that came in, and what came otherwise than awaited."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.models.base import Base, Identified, UtcDateTime, one_of
from inspect_app.models.inspections import Submission
from inspect_app.models.people import User


class Phone(Identified, Base):
    """A phone that an inspector came in with. Its session is bound to it: both end together.

    Attributes:
        session_hash: SHA-256 of the token that its browser holds; tells a phone whose session was ended.
        ended_at: None while it may be used.
        ended_by_id: who of the office ended it; None where its inspector signed out. What such a phone
            still sends is kept, but counts only by decision.
    """

    __tablename__ = "phone"
    __table_args__ = (
        CheckConstraint("ended_by_id IS NULL OR ended_at IS NOT NULL", name="ended_by_somebody"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    session_hash: Mapped[str] = mapped_column(String(64), unique=True)
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class EntryKind(StrEnum):
    """How somebody comes in without a password."""

    LINK = "link"
    CODE = "code"


class PersonalEntry(Base):
    """A way in for one inspector, once: the office's link, or the short code that a phone shows its own app.

    Attributes:
        token_hash: SHA-256 of what is in the link, or of the code.
        used_at, ended_at: when it was used, or taken back; None while it can be used.
    """

    __tablename__ = "personal_entry"
    __table_args__ = (CheckConstraint("used_at IS NULL OR ended_at IS NULL", name="used_or_ended"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[EntryKind] = mapped_column(one_of(EntryKind))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="joined")


class ArrivedAs(StrEnum):
    """Why a submission was kept without being what its visit waited for; head office decides on it."""

    CONFLICT = "conflict"
    REASSIGNED = "reassigned"
    REVOKED = "revoked"
    OVER = "over"


class OddArrival(Base):
    """A submission that came otherwise than awaited: beside another, or from a phone that had lost its visit.

    Attributes:
        settled_at, settled_by_id: when head office decided on it, and who.
    """

    __tablename__ = "odd_arrival"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    arrived_as: Mapped[ArrivedAs] = mapped_column(one_of(ArrivedAs))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))

    submission: Mapped[Submission] = relationship()
