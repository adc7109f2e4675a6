"""Head office decides which of several recordings of a visit counts."""

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.models.inspections import Inspection, Submission
from inspect_app.models.phones import OddArrival
from inspect_app.models.visits import Visit, VisitState
from inspect_app.queries.holding import hold_visit
from inspect_app.queries.inspections import (
    inspection_with_id,
    newest_revision,
    newest_submission_of_inspection,
    review_of,
)
from inspect_app.queries.odd_arrivals import odd_arrival_with_id
from inspect_app.queries.photos import manifest_of
from inspect_app.services import journal
from inspect_app.services.journal import Actor
from inspect_app.services.visits import change_state

UNDECIDED = {
    VisitState.ASSIGNED: (VisitState.IN_PROGRESS,),
    VisitState.IN_PROGRESS: (),
    VisitState.AWAITING_PHOTOS: (),
    VisitState.SUBMITTED: (),
    VisitState.IN_REVIEW: (),
    VisitState.RETURNED: (VisitState.IN_PROGRESS,),
}
"""The states in which another recording can be made to count, each with the steps before it is submitted."""


def count_inspection(
    session: Session, actor: Actor, visit: Visit, inspection_id: uuid.UUID, reason: str, *, now: datetime
) -> Visit:
    """Let another recording of a visit count; the one that counted so far is kept beside it.

    Raises:
        NotFoundError: the visit has no such recording, or nothing of it was sent.
        ConflictError: it counts already, it was decided on, or the visit is decided.
        IncompleteError: no reason is given.
    """
    if not reason.strip():
        raise IncompleteError("another recording counts with a reason", ("reason",))
    hold_visit(session, visit)
    inspection = inspection_with_id(session, inspection_id)
    revision = newest_revision(session, inspection_id)
    if inspection is None or inspection.visit_id != visit.id or revision is None:
        raise NotFoundError(f"inspection {inspection_id}")
    if visit.counting_inspection_id == inspection_id or visit.state not in UNDECIDED:
        raise ConflictError(f"a visit that is {visit.state.value} counts no other recording")
    if review_of(session, revision) is not None:
        raise ConflictError(f"inspection {inspection_id} was decided on")
    before = visit.counting_inspection_id
    others = update(Inspection).where(Inspection.visit_id == visit.id)
    session.execute(others.where(Inspection.id != inspection_id).values(is_conflict=True))
    inspection.is_conflict = False
    visit.counting_inspection_id = inspection_id
    _settle(session, actor, inspection_id, now)
    details = {"inspection": str(inspection_id), "before": None if before is None else str(before)}
    steps = _steps(session, visit, inspection_id)
    change_state(
        session, actor, "count_inspection", visit, *steps, now=now, reason=reason.strip(), details=details
    )
    return visit


def leave_aside(session: Session, actor: Actor, submission_id: uuid.UUID, *, now: datetime) -> OddArrival:
    """Keep what came otherwise than awaited, and let it not count.

    Raises:
        NotFoundError: there is no such arrival.
        ConflictError: it was decided on before.
    """
    odd = odd_arrival_with_id(session, submission_id)
    if odd.settled_at is not None or actor.user_id is None:
        raise ConflictError(f"submission {submission_id} was decided on")
    odd.settled_at, odd.settled_by_id = now, actor.user_id
    session.flush()
    details = {"submission": str(submission_id)}
    visit_id = str(odd.submission.visit_id)
    journal.record(session, actor, "leave_aside", "visit", visit_id, now=now, details=details)
    return odd


def _settle(session: Session, actor: Actor, inspection_id: uuid.UUID, now: datetime) -> None:
    sent = select(Submission.id).where(Submission.inspection_id == inspection_id)
    settled = update(OddArrival).where(OddArrival.submission_id.in_(sent), OddArrival.settled_at.is_(None))
    session.execute(settled.values(settled_at=now, settled_by_id=actor.user_id))


def _steps(session: Session, visit: Visit, inspection_id: uuid.UUID) -> tuple[VisitState, ...]:
    """Return what a visit becomes with this recording: submitted, or waiting for its photos."""
    submission = newest_submission_of_inspection(session, inspection_id)
    is_whole = submission is None or not manifest_of(session, submission).missing
    if visit.state in (VisitState.SUBMITTED, VisitState.IN_REVIEW):
        return ()
    wanted = VisitState.SUBMITTED if is_whole else VisitState.AWAITING_PHOTOS
    return () if visit.state is wanted else (*UNDECIDED[visit.state], wanted)
