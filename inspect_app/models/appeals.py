"""Appeals: a branch disputes items of one visit; each item is decided, and what was decided stays."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.models.base import LONGEST_CODE, Base, Identified, UtcDateTime, one_of
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Wave


class Ground(StrEnum):
    """Why a branch disputes what was recorded."""

    NOT_SO = "not_so"
    NOT_APPLICABLE = "not_applicable"
    BEYOND_CONTROL = "beyond_control"
    OTHER = "other"


class AppealState(StrEnum):
    """The life of an appeal.

    `CLOSED`: it ended undecided, on publishing by decision or because its visit was voided. `REOPENED`: taken
    up again by head office after publishing.
    """

    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    REOPENED = "reopened"


class AppealOutcome(StrEnum):
    """Whether the branch was right about one item: wholly, in part, because it does not apply, or not."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_APPLICABLE = "not_applicable"
    DISMISSED = "dismissed"


class InspectorFinding(StrEnum):
    """What an appeal showed about the record, apart from whether the branch was right."""

    SOUND = "sound"
    CARELESS = "careless"
    UNCLEAR_STANDARD = "unclear_standard"
    CANNOT_TELL = "cannot_tell"


class Appeal(Identified, Base):
    """One appeal of a branch against items of one visit.

    Attributes:
        revision_id: what it disputes: the one revision that the branch had read.
        closing_reason: why it was closed undecided; reopening_reason: why head office took it up again.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        Index("ix_appeal_wave_id_state", "wave_id", "state"),
        CheckConstraint("state != 'closed' OR closing_reason IS NOT NULL", name="reason_of_closing"),
        CheckConstraint("state != 'reopened' OR reopening_reason IS NOT NULL", name="reason_of_reopening"),
    )

    wave_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wave.id"))
    branch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("branch.id"), index=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    revision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("revision.id"))
    ground: Mapped[Ground] = mapped_column(one_of(Ground))
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[AppealState] = mapped_column(one_of(AppealState), default=AppealState.OPEN)
    closing_reason: Mapped[str | None] = mapped_column(Text)
    reopening_reason: Mapped[str | None] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    wave: Mapped[Wave] = relationship()
    visit: Mapped[Visit] = relationship()
    items: Mapped[list["AppealItem"]] = relationship(back_populates="appeal", order_by="AppealItem.item_code")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this plain dict


class AppealItem(Identified, Base):
    """One item that an appeal disputes.

    Attributes:
        deficiency_id: the deficiency that was found for it in the disputed revision.
        recorded: what was recorded of it, in a form in which equal records are equal texts.
        is_waiting: it is to be decided, for the first time or anew.
        is_withdrawn: the branch took its appeal back; the item may be disputed again.
        outcome: the last decision; None as long as there was none.
    """

    __tablename__ = "appeal_item"
    __table_args__ = (
        # An item of a visit is disputed once, whatever two tabs send at the same moment.
        Index(
            "ix_appeal_item_visit_id_item_code",
            "visit_id",
            "item_code",
            unique=True,
            sqlite_where=text("is_withdrawn = 0"),
            postgresql_where=text("is_withdrawn = false"),
        ),
        Index("ix_appeal_item_item_code_is_waiting", "item_code", "is_waiting"),
    )

    appeal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal.id"), index=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"))
    deficiency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deficiency.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(LONGEST_CODE))
    recorded: Mapped[str] = mapped_column(Text)
    is_waiting: Mapped[bool] = mapped_column(default=True)
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[AppealOutcome | None] = mapped_column(one_of(AppealOutcome))
    version: Mapped[int] = mapped_column()

    appeal: Mapped[Appeal] = relationship(back_populates="items")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this plain dict


class AppealPhoto(Base):
    """A photo that a branch gave as evidence with its appeal. Never changes."""

    __tablename__ = "appeal_photo"

    appeal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("branch_photo.id"), primary_key=True)


class AppealDecision(Identified, Base):
    """One decision on one item. Never changes; a second one follows only after reopening.

    Attributes:
        number: 1, 2 … of the item.
        reason: for the branch, which is told it as that of quality control.
        revision_id: the correction that was made by it; None where the record stands as it is.
        decider_id: for head office alone.
    """

    __tablename__ = "appeal_decision"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal_item.id"))
    number: Mapped[int]
    outcome: Mapped[AppealOutcome] = mapped_column(one_of(AppealOutcome))
    finding: Mapped[InspectorFinding] = mapped_column(one_of(InspectorFinding))
    reason: Mapped[str] = mapped_column(Text)
    revision_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("revision.id"), index=True)
    decider_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TakenBack(Base):
    """A deficiency that a correction took back, wholly or because it is another one now. Never changes."""

    __tablename__ = "taken_back"

    deficiency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deficiency.id"), primary_key=True)
    revision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("revision.id"), index=True)
