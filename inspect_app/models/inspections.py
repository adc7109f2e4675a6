"""What was recorded on a visit: drafts, frozen submissions, revisions, reviews."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.models.base import Base, Identified, UtcDateTime, one_of
from inspect_app.models.visits import Visit


class Inspection(Base):
    """One recording of a visit; its id was made on the phone at the first answer.

    Attributes:
        is_late: its first submission arrived after the wave had closed.
        is_conflict: another inspection of the same visit was there first; counted only by decision.
        answers_sequence: the number of the last save that came from a phone; earlier ones change nothing.
        taken_in_because: why a late one counts all the same; None where nobody decided so.
    """

    __tablename__ = "inspection"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    is_late: Mapped[bool] = mapped_column(default=False)
    is_conflict: Mapped[bool] = mapped_column(default=False)
    answers_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    taken_in_because: Mapped[str | None] = mapped_column(Text)

    visit: Mapped[Visit] = relationship(foreign_keys=[visit_id])


class Draft(Base):
    """Answers that are not sent yet, as field names and values; never scored, gone after sending.

    Attributes:
        fields: JSON text, `{name: value or [values]}`.
        before: what `fields` was before the last change; None where nothing can be taken back.
        sequence: raised by each save; of two saves the later one holds.
    """

    __tablename__ = "draft"

    inspection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    submission_id: Mapped[uuid.UUID]
    fields: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    sequence: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    inspection: Mapped[Inspection] = relationship()


class Submission(Base):
    """One frozen body that a phone sent, with the receipt it was given; both for ever the same bytes.

    Attributes:
        id: made on the phone, one per frozen body.
        payload_sha256: of the body as it came.
        receipt: the answer's receipt, as the text that is sent again for the same bytes.
    """

    __tablename__ = "submission"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inspection.id"), index=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    payload_sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    receipt: Mapped[str] = mapped_column(Text)
    receipt_number: Mapped[str] = mapped_column(String(9), unique=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    inspection: Mapped[Inspection] = relationship()


class SubmissionConflict(Base):
    """Other bytes under an id that was already taken: kept for the reviewer, never dropped."""

    __tablename__ = "submission_conflict"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    payload_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RevisionKind(StrEnum):
    """Where a revision comes from."""

    SUBMITTED = "submitted"
    CORRECTED = "corrected"
    VOIDED = "voided"


class Revision(Identified, Base):
    """An accepted submission, or a correction that supersedes one. Append-only.

    Attributes:
        number: 1, 2 … within the inspection.
        answers: the compact document of `checklists.answers`, JSON text; a voided one repeats the last.
        scores: the `scores` object of the data export, JSON text; None where the revision is voided.
        reason: why it was corrected or voided; None for what the inspector sent.
    """

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("inspection_id", "number"),
        CheckConstraint("(kind = 'submitted') = (submission_id IS NOT NULL)", name="submission_of_submitted"),
        CheckConstraint("(kind = 'submitted') = (reason IS NULL)", name="reason_of_correction"),
        CheckConstraint("(kind = 'voided') = (scores IS NULL)", name="voided_without_scores"),
    )

    inspection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inspection.id"))
    number: Mapped[int]
    kind: Mapped[RevisionKind] = mapped_column(one_of(RevisionKind))
    submission_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("submission.id"), unique=True)
    checklist_hash: Mapped[str] = mapped_column(ForeignKey("checklist.hash"))
    answers: Mapped[str] = mapped_column(Text)
    scores: Mapped[str | None] = mapped_column(Text)
    rules_version: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    inspection: Mapped[Inspection] = relationship()


class ReviewOutcome(StrEnum):
    """What a reviewer decided."""

    APPROVED = "approved"
    RETURNED = "returned"
    SET_ASIDE = "set_aside"


class Review(Identified, Base):
    """One decision of a reviewer on one revision.

    Attributes:
        questions: of a return, `{item code: question}` as JSON text.
        released: of an approval, the item codes whose words others may read, JSON text.
        answer_by: until when the inspector is to answer a return.
    """

    __tablename__ = "review"
    __table_args__ = (
        # Decided once: two reviewers at the same moment cannot both have decided.
        UniqueConstraint("revision_id"),
    )

    revision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("revision.id"))
    reviewer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[ReviewOutcome] = mapped_column(one_of(ReviewOutcome))
    reason: Mapped[str | None] = mapped_column(Text)
    questions: Mapped[str] = mapped_column(Text, default="{}")
    released: Mapped[str] = mapped_column(Text, default="[]")
    answer_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    revision: Mapped[Revision] = relationship()
