"""Corrective actions: what a branch answers to its deficiencies, and whether that was accepted."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspect_app.models.base import LONGEST_CODE, Base, Identified, UtcDateTime, one_of


class Cause(StrEnum):
    """Why something was wanting, as the branch sees it."""

    POST_VACANT = "post_vacant"
    NOT_TRAINED = "not_trained"
    FORGOTTEN = "forgotten"
    UNDERSTAFFED = "understaffed"
    EQUIPMENT = "equipment"
    OTHER = "other"


class Measure(StrEnum):
    """What kind of thing is done about it; whether repairs hold is counted by these."""

    TRAINING = "training"
    ROSTER = "roster"
    REMINDER = "reminder"
    PROCEDURE = "procedure"
    EQUIPMENT = "equipment"
    OTHER = "other"


class VerificationOutcome(StrEnum):
    """What region or head office made of an answer."""

    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"


class CorrectiveDraft(Base):
    """What a branch has written so far about one deficiency; gone once it is sent.

    Attributes:
        fields: JSON text, as `queries.corrective_actions` reads it.
    """

    __tablename__ = "corrective_draft"

    deficiency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deficiency.id"), primary_key=True)
    fields: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this plain dict


class CorrectiveAction(Identified, Base):
    """One answer that a branch sent, to one deficiency or to several with the same cause. Never changes.

    Attributes:
        owner_role: the code of the staff role that sees to it; never a person.
        done_by: the day on which it is done, where the bank is.
    """

    __tablename__ = "corrective_action"

    branch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("branch.id"), index=True)
    cause: Mapped[Cause] = mapped_column(one_of(Cause))
    cause_words: Mapped[str] = mapped_column(Text)
    measure: Mapped[Measure] = mapped_column(one_of(Measure))
    measure_words: Mapped[str] = mapped_column(Text)
    owner_role: Mapped[str] = mapped_column(String(LONGEST_CODE))
    done_by: Mapped[date]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnsweredDeficiency(Base):
    """A deficiency that a corrective action answers. Never changes.

    Attributes:
        round: 1 for the deficiency's first answer, 2 and up after it was sent back.
    """

    __tablename__ = "answered_deficiency"
    __table_args__ = (UniqueConstraint("deficiency_id", "round"),)

    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("corrective_action.id"), primary_key=True)
    deficiency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deficiency.id"), primary_key=True)
    round: Mapped[int]


class ActionPhoto(Base):
    """A photo that proves a corrective action. Never changes."""

    __tablename__ = "action_photo"

    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("corrective_action.id"), primary_key=True)
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("branch_photo.id"), primary_key=True)


class Verification(Identified, Base):
    """What was decided about one deficiency's answer, once. Never changes.

    Attributes:
        verifier_id: for the journal's readers; the branch is never shown it.
    """

    __tablename__ = "verification"
    __table_args__ = (
        ForeignKeyConstraint(
            ["action_id", "deficiency_id"],
            ["answered_deficiency.action_id", "answered_deficiency.deficiency_id"],
            name="fk_verification_answered_deficiency",
        ),
        # Decided once: two at the same moment cannot both have decided.
        UniqueConstraint("action_id", "deficiency_id"),
        CheckConstraint("(outcome = 'sent_back') = (reason IS NOT NULL)", name="reason_of_sending_back"),
    )

    action_id: Mapped[uuid.UUID]
    deficiency_id: Mapped[uuid.UUID]
    outcome: Mapped[VerificationOutcome] = mapped_column(one_of(VerificationOutcome))
    reason: Mapped[str | None] = mapped_column(Text)
    verifier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
