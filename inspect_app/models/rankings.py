"""Frozen rankings, and the figures of the visits that each of them counted."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.models.base import LONGEST_CODE, Base, Identified, UtcDateTime, one_of
from inspect_app.models.waves import Wave
from reports.places import PlacedBy
from reports.rows import Unranked

LONGEST_RATIO = 60


class StoredRanking(Identified, Base):
    """A ranking as it was published: number 1 at publication, 2 and up when restated. Never changes.

    Attributes:
        fingerprint: 64 hexadecimal digits over all its rows.
        previous_id: the ranking of the previous wave that changes are taken from; None in the first wave.
        pars: exact, `{situation: "a/b"}` as JSON text, in hundredths of a point; None where ranked by score.
        reason: why it was restated; None for number 1.
    """

    __tablename__ = "ranking"
    __table_args__ = (
        UniqueConstraint("wave_id", "number"),
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("(number = 1) = (reason IS NULL)", name="reason_of_restated"),
    )

    wave_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wave.id"))
    number: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    previous_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("ranking.id"))
    pars: Mapped[str | None] = mapped_column(Text)
    rules_version: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    wave: Mapped[Wave] = relationship()
    previous: Mapped["StoredRanking | None"] = relationship(remote_side="StoredRanking.id")


class RankingRow(Base):
    """One unit's line in one table of a ranking; pages and workbooks read these and never visits.

    Fields mean what they do in `reports.rows.Row`; scores in hundredths of a point.

    Attributes:
        table: `region`, `branch` or `role:` and the role's code.
        position: from 1, in the order of the table; a page of it is one stretch of the key.
        path: of a region its own path, of a branch that of its region when the wave opened, `/HO/R01/`.
        target_id: of a branch; None for regions.
        phrase, action, delivery, condition: exact means as text, `a/b`.
    """

    __tablename__ = "ranking_row"
    __table_args__ = (
        UniqueConstraint("ranking_id", "table", "unit"),
        Index("ix_ranking_row_path", "ranking_id", "table", "path", "position"),
        Index("ix_ranking_row_target_id", "target_id", "table"),
        {"sqlite_with_rowid": False},
    )

    ranking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    table: Mapped[str] = mapped_column(String(LONGEST_CODE + 5), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit: Mapped[str] = mapped_column(String(LONGEST_CODE))
    path: Mapped[str] = mapped_column(String(400))
    target_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("target.id"))
    rank: Mapped[int | None]
    score: Mapped[int | None]
    over_par: Mapped[int | None]
    visits: Mapped[int]
    branches: Mapped[int] = mapped_column(default=0)
    rank_change: Mapped[int | None]
    score_change: Mapped[int | None]
    rank_in_kind: Mapped[int | None]
    vetoes: Mapped[int]
    phrase: Mapped[str | None] = mapped_column(String(LONGEST_RATIO))
    action: Mapped[str | None] = mapped_column(String(LONGEST_RATIO))
    delivery: Mapped[str | None] = mapped_column(String(LONGEST_RATIO))
    condition: Mapped[str | None] = mapped_column(String(LONGEST_RATIO))
    low: Mapped[int | None]
    high: Mapped[int | None]
    interval_low: Mapped[int | None]
    interval_high: Mapped[int | None]
    placed_by: Mapped[PlacedBy | None] = mapped_column(one_of(PlacedBy))
    unranked: Mapped[Unranked | None] = mapped_column(one_of(Unranked))


class VisitResult(Base):
    """One counting visit of one ranking, with the revision that it used and its figures.

    Scores in hundredths of a point, None where undefined; one ranking's rows are one stretch of the key.
    """

    __tablename__ = "visit_result"
    __table_args__ = (
        Index("ix_visit_result_visit_id", "visit_id"),
        {"sqlite_with_rowid": False},
    )

    ranking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    target_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("target.id"), primary_key=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    revision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("revision.id"))
    score: Mapped[int]
    action: Mapped[int | None]
    phrase: Mapped[int | None]
    delivery: Mapped[int | None]
    condition: Mapped[int | None]
    low: Mapped[int | None]
    high: Mapped[int | None]
    par: Mapped[int | None]
    vetoes: Mapped[int]


class Figure(StrEnum):
    """What a part of a visit is: a role that served, a role answered for, a flow, a situation."""

    ROLE = "role"
    ACCOUNTABLE = "accountable"
    FLOW = "flow"
    SITUATION = "situation"


class PartResult(Base):
    """A score of one part of a counting visit: a staff role, a role answered for, a flow, a situation.

    Attributes:
        figure: a value of `Figure`; `code` that of the part.
        score: hundredths of a point; `par` of roles in a wave ranked by over par.
    """

    __tablename__ = "part_result"
    __table_args__ = ({"sqlite_with_rowid": False},)

    ranking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    figure: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(LONGEST_CODE), primary_key=True)
    target_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("target.id"), primary_key=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    score: Mapped[int]
    par: Mapped[int | None]
