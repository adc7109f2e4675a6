"""Visits: one target, one variant, one time window. Who goes there is not written here."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.models.base import Base, Identified, UtcDateTime, one_of
from inspect_app.models.waves import Target, Variant, Wave


class VisitState(StrEnum):
    """The life of a visit."""

    PLANNED = "planned"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    AWAITING_PHOTOS = "awaiting_photos"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    DISCLOSED = "disclosed"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    SET_ASIDE = "set_aside"
    VOIDED = "voided"


class SettingAside(StrEnum):
    """Why a visit that was made is not counted."""

    EXPOSED = "exposed"
    WRONG_BRANCH = "wrong_branch"
    FRAUD = "fraud"
    OTHER = "other"


class Visit(Identified, Base):
    """One planned call at a branch.

    Attributes:
        ordinal: the branch's first, second … visit of the wave.
        window_from, window_to: first and last day on which it may be made.
        counting_inspection_id: which inspection of this visit counts; None before anything came in.
        reason: why it was cancelled, set aside or voided, in words.
    """

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("target_id", "ordinal"),
        CheckConstraint("window_from <= window_to", name="window_in_order"),
        CheckConstraint("(state = 'set_aside') = (setting_aside IS NOT NULL)", name="set_aside_with_reason"),
    )

    wave_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wave.id"), index=True)
    target_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("target.id"))
    variant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("variant.id"))
    ordinal: Mapped[int]
    state: Mapped[VisitState] = mapped_column(one_of(VisitState), default=VisitState.PLANNED)
    window_from: Mapped[date]
    window_to: Mapped[date]
    briefing: Mapped[str] = mapped_column(Text, default="")
    counting_inspection_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("inspection.id", use_alter=True, name="fk_visit_counting_inspection_id")
    )
    setting_aside: Mapped[SettingAside | None] = mapped_column(one_of(SettingAside))
    reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column()

    wave: Mapped[Wave] = relationship()
    target: Mapped[Target] = relationship()
    variant: Mapped[Variant] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this plain dict


class VisitIdentity(Base):
    """Who goes on a visit, and everything that would tell: the only table that joins an inspector to a visit.

    No query for a branch or a region may name it.

    Attributes:
        device: what the phone says of itself; place and times as phone and server saw them, JSON text.
    """

    __tablename__ = "visit_identity"

    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    inspector_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    token_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(Text)
    times: Mapped[str] = mapped_column(Text, default="{}")

    visit: Mapped[Visit] = relationship()
