"""Deficiencies: disclosed answers below full credit, addressed to a branch and a staff role."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from checklists.deficiencies import Severity
from inspect_app.models.base import LONGEST_CODE, Base, Identified, UtcDateTime, one_of

__all__ = ["Deficiency", "DeficiencyState", "Severity"]


class DeficiencyState(StrEnum):
    """The life of a deficiency. Overdue is computed, never stored."""

    OPEN = "open"
    ANSWERED = "answered"
    VERIFIED = "verified"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    VOIDED = "voided"


class Deficiency(Identified, Base):
    """One answer of one revision that a branch is to mend.

    Attributes:
        points_lost: hundredths of a point that the item cost the visit, before vetoes, cap and deductions.
        due_on: the last day for the branch's answer, in the branch's time zone.
    """

    __tablename__ = "deficiency"
    __table_args__ = (
        UniqueConstraint("revision_id", "item_code"),
        Index("ix_deficiency_branch_id_state_due_on", "branch_id", "state", "due_on"),
        Index("ix_deficiency_wave_id_branch_id", "wave_id", "branch_id"),
    )

    wave_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wave.id"))
    branch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("branch.id"))
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    revision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("revision.id"))
    item_code: Mapped[str] = mapped_column(String(LONGEST_CODE))
    flow: Mapped[str] = mapped_column(String(LONGEST_CODE))
    situation: Mapped[int]
    staff_role: Mapped[str] = mapped_column(String(LONGEST_CODE))
    severity: Mapped[Severity] = mapped_column(one_of(Severity))
    points_lost: Mapped[int]
    state: Mapped[DeficiencyState] = mapped_column(one_of(DeficiencyState), default=DeficiencyState.OPEN)
    due_on: Mapped[date]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this plain dict
