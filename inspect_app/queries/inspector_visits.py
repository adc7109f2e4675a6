"""What an inspector's list shows beside the visits themselves, each asked once for the whole list."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.scoring import Scores
from inspect_app.models.inspections import Draft, Inspection, Review, ReviewOutcome, Revision, Submission
from inspect_app.models.organisation import Branch
from inspect_app.models.photos import Photo
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Target
from reports.stated_scores import parse_scores

NOT_PUBLISHED = frozenset(
    {VisitState.AWAITING_PHOTOS, VisitState.SUBMITTED, VisitState.IN_REVIEW, VisitState.APPROVED}
)
"""The states in which what was sent is there, and its score is none yet that counts."""


def addresses_of(session: Session, visits: Iterable[Visit]) -> Mapping[uuid.UUID, str]:
    """Return where each visit is made, by the visit's id."""
    rows = session.execute(
        select(Visit.id, Branch.address)
        .join(Target, Visit.target_id == Target.id)
        .join(Branch, Target.branch_id == Branch.id)
        .where(Visit.id.in_([visit.id for visit in visits]))
    )
    return {visit_id: address for visit_id, address in rows}  # noqa: C416 - rows are no pairs to the types


def drafts_of(session: Session, visits: Iterable[Visit]) -> Mapping[uuid.UUID, Draft]:
    """Return the draft to go on with, by the visit's id, where there is one."""
    rows = session.execute(
        select(Inspection.visit_id, Draft)
        .join(Draft, Draft.inspection_id == Inspection.id)
        .where(Inspection.visit_id.in_([visit.id for visit in visits]))
        .order_by(Inspection.is_conflict.desc(), Draft.saved_at)
    )
    return {visit_id: draft for visit_id, draft in rows}  # noqa: C416 - rows are no pairs to the types


def submissions_of(session: Session, visits: Iterable[Visit]) -> Mapping[uuid.UUID, Submission]:
    """Return what was last sent, by the visit's id, where something was."""
    rows = session.scalars(
        select(Submission)
        .where(Submission.visit_id.in_([visit.id for visit in visits]))
        .order_by(Submission.received_at)
    )
    return {submission.visit_id: submission for submission in rows}


def returns_of(session: Session, visits: Iterable[Visit]) -> Mapping[uuid.UUID, Review]:
    """Return the reviewer's questions about what was last sent, by the visit's id, where it was returned."""
    rows = session.execute(
        select(Visit.id, Review)
        .join(Revision, Revision.inspection_id == Visit.counting_inspection_id)
        .outerjoin(Review, Review.revision_id == Revision.id)
        .where(Visit.id.in_([visit.id for visit in visits]))
        .order_by(Revision.number)
    )
    newest: dict[uuid.UUID, Review | None] = {visit_id: review for visit_id, review in rows}  # noqa: C416 - as above
    return {
        visit_id: review
        for visit_id, review in newest.items()
        if review is not None and review.outcome is ReviewOutcome.RETURNED
    }


def sent_scores_of(session: Session, visits: Iterable[Visit]) -> Mapping[uuid.UUID, Scores]:
    """Return how each branch does by what was sent, by the visit's id, as long as nobody has published it."""
    rows = session.execute(
        select(Visit.id, Revision.scores)
        .join(Revision, Revision.inspection_id == Visit.counting_inspection_id)
        .where(Visit.id.in_([visit.id for visit in visits if visit.state in NOT_PUBLISHED]))
        .order_by(Revision.number)
    )
    return {visit_id: parse_scores(scores) for visit_id, scores in rows if scores is not None}


def photos_of(session: Session, inspection_id: uuid.UUID) -> Sequence[Photo]:
    """Return the photos of an inspection that have come, by the hash of what the phone sent."""
    return session.scalars(
        select(Photo).where(Photo.inspection_id == inspection_id).order_by(Photo.sent_sha256)
    ).all()
