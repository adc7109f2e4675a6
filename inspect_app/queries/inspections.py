"""Questions about what was recorded on a visit: drafts, submissions, revisions, their answers and reviews."""

import json
import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from checklists.answers import posted_fields
from checklists.crediting import credit
from checklists.files.answers_json import read_answers
from checklists.filled import Answers
from checklists.scoring import CreditedInspection
from inspect_app.models.inspections import (
    Draft,
    Inspection,
    Review,
    Revision,
    Submission,
    SubmissionConflict,
)
from inspect_app.models.visits import Visit
from inspect_app.queries.handbooks import checklist_of

Fields = tuple[tuple[str, str | tuple[str, ...]], ...]
"""What a form holds: each field's name with its value, or its values where it takes several."""


def inspection_with_id(session: Session, inspection_id: uuid.UUID) -> Inspection | None:
    """Return the inspection with this id; None where there is none."""
    return session.scalar(select(Inspection).where(Inspection.id == inspection_id))


def last_sequence(session: Session, inspection_id: uuid.UUID | None) -> int:
    """Return the number of the last save of an inspection that came from a phone; 0 before any."""
    sequence = select(Inspection.answers_sequence).where(Inspection.id == inspection_id)
    return session.scalar(sequence) or 0


def inspections_of(session: Session, visit: Visit) -> Sequence[Inspection]:
    """Return every inspection of a visit, those flagged as a conflict last."""
    return session.scalars(
        select(Inspection)
        .where(Inspection.visit_id == visit.id)
        .order_by(Inspection.is_conflict, Inspection.id)
    ).all()


def has_another_inspection(session: Session, visit: Visit, inspection_id: uuid.UUID) -> bool:
    """Say whether a visit has an inspection beside this one."""
    others = select(func.count()).select_from(Inspection)
    others = others.where(Inspection.visit_id == visit.id, Inspection.id != inspection_id)
    return bool(session.scalar(others))


def draft_of_visit(session: Session, visit: Visit) -> Draft | None:
    """Return the draft to go on with: of the inspection that was begun first, else the one saved last."""
    return session.scalar(
        select(Draft)
        .join(Draft.inspection)
        .where(Inspection.visit_id == visit.id)
        .order_by(Inspection.is_conflict, Draft.saved_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def draft_of_inspection(session: Session, inspection_id: uuid.UUID) -> Draft | None:
    """Return the draft of one inspection; None where nothing is unsent."""
    found = select(Draft).where(Draft.inspection_id == inspection_id)
    return session.scalar(found.execution_options(populate_existing=True))


def fields_of_draft(draft: Draft) -> Fields:
    """Return the fields that a draft holds, as they were saved."""
    saved = json.loads(draft.fields)
    return tuple((name, value if isinstance(value, str) else tuple(value)) for name, value in saved.items())


def fields_of_visit(session: Session, visit: Visit) -> Fields:
    """Return what the form of a visit is opened with: its draft, else what was last sent, else nothing."""
    draft = draft_of_visit(session, visit)
    if draft is not None:
        return fields_of_draft(draft)
    revision = newest_revision_of_visit(session, visit)
    if revision is None:
        return ()
    return posted_fields(checklist_of(session, revision.checklist_hash), answers_of(revision))


def submission_with_id(session: Session, submission_id: uuid.UUID) -> Submission | None:
    """Return the submission with this id; None where nothing came under it."""
    return session.scalar(select(Submission).where(Submission.id == submission_id))


def submissions_of(session: Session, visit: Visit) -> Sequence[Submission]:
    """Return everything that was sent for a visit, in the order in which it came."""
    return session.scalars(
        select(Submission).where(Submission.visit_id == visit.id).order_by(Submission.received_at)
    ).all()


def newest_submission_of(session: Session, visit: Visit) -> Submission | None:
    """Return what was last sent for a visit, with its receipt; None before anything was."""
    return session.scalar(
        select(Submission)
        .where(Submission.visit_id == visit.id)
        .order_by(Submission.received_at.desc())
        .limit(1)
    )


def newest_submission_of_inspection(session: Session, inspection_id: uuid.UUID) -> Submission | None:
    """Return what was last sent of an inspection; None before anything was."""
    return session.scalar(
        select(Submission)
        .where(Submission.inspection_id == inspection_id)
        .order_by(Submission.received_at.desc())
        .limit(1)
    )


def is_receipt_number_taken(session: Session, number: str) -> bool:
    """Say whether some submission was given this receipt number."""
    return session.scalar(select(Submission.id).where(Submission.receipt_number == number)) is not None


def conflicts_of(session: Session, submission: Submission) -> Sequence[SubmissionConflict]:
    """Return the other bodies that came under a submission's id, in the order in which they came."""
    return session.scalars(
        select(SubmissionConflict)
        .where(SubmissionConflict.submission_id == submission.id)
        .order_by(SubmissionConflict.received_at)
    ).all()


def revisions_of(session: Session, inspection_id: uuid.UUID) -> Sequence[Revision]:
    """Return every revision of an inspection by number."""
    return session.scalars(
        select(Revision).where(Revision.inspection_id == inspection_id).order_by(Revision.number)
    ).all()


def newest_revision(session: Session, inspection_id: uuid.UUID) -> Revision | None:
    """Return the revision of an inspection that supersedes all others; None before anything was sent."""
    return session.scalar(
        select(Revision)
        .where(Revision.inspection_id == inspection_id)
        .options(joinedload(Revision.inspection))
        .order_by(Revision.number.desc())
        .limit(1)
    )


def newest_revision_of_visit(session: Session, visit: Visit) -> Revision | None:
    """Return the newest revision of the inspection that counts; None before anything was sent."""
    if visit.counting_inspection_id is None:
        return None
    return newest_revision(session, visit.counting_inspection_id)


def answers_of(revision: Revision) -> Answers:
    """Return what was filled in, as a revision keeps it."""
    return read_answers(json.loads(revision.answers))


def credited_inspection_of(session: Session, revision: Revision) -> CreditedInspection:
    """Return what a revision is scored from: its answers, credited by the checklist they were made with."""
    return credit(checklist_of(session, revision.checklist_hash), answers_of(revision))


def review_of(session: Session, revision: Revision) -> Review | None:
    """Return the decision on a revision; None while there is none."""
    return session.scalar(select(Review).where(Review.revision_id == revision.id))
