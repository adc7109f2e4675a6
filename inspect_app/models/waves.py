"""Waves: what is inspected in a period, in one mode, with which checklists."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from checklists.handbook import Mode
from inspect_app.models.base import LONGEST_CODE, Base, Identified, UtcDateTime, one_of
from inspect_app.models.handbook import StoredChecklist
from inspect_app.models.organisation import Branch
from reports.rankings import RankBy


class WaveState(StrEnum):
    """The life of a wave, in order."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    DISCLOSED = "disclosed"
    PUBLISHED = "published"


class Wave(Identified, Base):
    """A period in which a set of branches is inspected in one mode.

    Attributes:
        min_visits: fewer counting visits than this and a branch is not ranked.
        disclosure_days: working days between disclosing and publishing, in which branches may appeal; 0
            publishes at once.
        settling_days: working days after those in which appeals are to be settled.
        critical_days, major_days, minor_days, premises_days: working days a branch has to mend a deficiency.
        units: the regions as they were when the wave opened, `[{"code","name","parent"}]` as JSON text.
    """

    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint("opens_on <= closes_on", name="opens_before_it_closes"),
        CheckConstraint("min_visits >= 1", name="min_visits_positive"),
        CheckConstraint("disclosure_days >= 0", name="disclosure_days_not_negative"),
        CheckConstraint("(state = 'planned') = (opened_at IS NULL)", name="opened_at_with_state"),
        CheckConstraint("(state IN ('planned','open')) = (closed_at IS NULL)", name="closed_at_with_state"),
        CheckConstraint(
            "(state IN ('planned','open','closed')) = (disclosed_at IS NULL)", name="disclosed_at_with_state"
        ),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_at_with_state"),
    )

    code: Mapped[str] = mapped_column(String(LONGEST_CODE), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    mode: Mapped[Mode] = mapped_column(one_of(Mode))
    state: Mapped[WaveState] = mapped_column(one_of(WaveState), default=WaveState.PLANNED)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    min_visits: Mapped[int] = mapped_column(default=1)
    rank_by: Mapped[RankBy] = mapped_column(one_of(RankBy), default=RankBy.SCORE)
    disclosure_days: Mapped[int] = mapped_column(default=5)
    settling_days: Mapped[int] = mapped_column(default=2, server_default="2")
    critical_days: Mapped[int] = mapped_column(default=3)
    major_days: Mapped[int] = mapped_column(default=10)
    minor_days: Mapped[int] = mapped_column(default=10)
    premises_days: Mapped[int] = mapped_column(default=30)
    units: Mapped[str] = mapped_column(Text, default="[]")
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disclosed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    variants: Mapped[list["Variant"]] = relationship(back_populates="wave", order_by="Variant.number")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this plain dict


class Variant(Identified, Base):
    """One of a wave's few checklists, numbered from 1 to at most 12."""

    __tablename__ = "variant"
    __table_args__ = (
        UniqueConstraint("wave_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 12", name="number_of_variant"),
    )

    wave_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wave.id"))
    number: Mapped[int]
    checklist_hash: Mapped[str] = mapped_column(ForeignKey("checklist.hash"))

    wave: Mapped[Wave] = relationship(back_populates="variants")
    checklist: Mapped[StoredChecklist] = relationship()


class Target(Identified, Base):
    """A branch as a wave found it when it opened; later changes of the tree do not touch it.

    Attributes:
        region_path: the codes from the root down, `/HO/R01/`; scores and rankings use it, access does not.
        visits_wanted: how many visits the branch is to have in this wave.
    """

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("wave_id", "branch_id"),
        CheckConstraint("visits_wanted >= 1", name="visits_wanted_positive"),
    )

    wave_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wave.id"))
    branch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("branch.id"), index=True)
    branch_code: Mapped[str] = mapped_column(String(LONGEST_CODE))
    branch_name: Mapped[str] = mapped_column(String(120))
    branch_kind: Mapped[str] = mapped_column(String(LONGEST_CODE))
    region_path: Mapped[str] = mapped_column(String(400))
    visits_wanted: Mapped[int] = mapped_column(default=1)

    wave: Mapped[Wave] = relationship()
    branch: Mapped[Branch] = relationship()
