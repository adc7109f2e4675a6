"""Questions about what phones sent otherwise than awaited, and about what a phone is told of its arrival."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.errors import NotFoundError
from inspect_app.models.inspections import Inspection, Submission
from inspect_app.models.people import User
from inspect_app.models.phones import ArrivedAs, OddArrival
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Target, Wave
from inspect_app.queries.scope import HEAD_OFFICE

TAKEN = "taken"
LATE = "late"


@dataclass(frozen=True, slots=True)
class UnsettledArrival:
    """Something that was kept and waits for head office to decide whether it counts."""

    submission_id: uuid.UUID
    visit_id: uuid.UUID
    visit_state: VisitState
    wave_name: str
    branch_code: str
    branch_name: str
    ordinal: int
    arrived_as: ArrivedAs
    received_at: datetime


def status_of(session: Session, submission: Submission) -> str:
    """Return how a submission came in, in the one word that its phone is told, the same for ever."""
    odd = session.get(OddArrival, submission.id)
    if odd is not None:
        return odd.arrived_as.value
    is_late = session.scalar(select(Inspection.is_late).where(Inspection.id == submission.inspection_id))
    return LATE if is_late else TAKEN


def odd_arrivals_of(session: Session, visit: Visit) -> dict[uuid.UUID, OddArrival]:
    """Return what came otherwise than awaited for a visit, by submission."""
    found = session.scalars(
        select(OddArrival)
        .join(Submission, Submission.id == OddArrival.submission_id)
        .where(Submission.visit_id == visit.id)
    )
    return {odd.submission_id: odd for odd in found}


def odd_arrival_with_id(session: Session, submission_id: uuid.UUID) -> OddArrival:
    """Return one submission that came otherwise than awaited.

    Raises:
        NotFoundError: it did not.
    """
    odd = session.get(OddArrival, submission_id)
    if odd is None:
        raise NotFoundError(f"odd arrival {submission_id}")
    return odd


def unsettled_arrivals(session: Session, user: User) -> Sequence[UnsettledArrival]:
    """Return what waits for a decision whether it counts, the longest waiting first; to head office alone."""
    if user.kind not in HEAD_OFFICE:
        raise NotFoundError("what was kept apart")
    rows = session.execute(
        select(OddArrival, Submission, Visit, Target, Wave.name)
        .join(Submission, Submission.id == OddArrival.submission_id)
        .join(Visit, Visit.id == Submission.visit_id)
        .join(Target, Target.id == Visit.target_id)
        .join(Wave, Wave.id == Visit.wave_id)
        .where(OddArrival.settled_at.is_(None))
        .order_by(Submission.received_at, Submission.id)
    )
    return tuple(
        UnsettledArrival(
            submission_id=submission.id,
            visit_id=visit.id,
            visit_state=visit.state,
            wave_name=wave_name,
            branch_code=target.branch_code,
            branch_name=target.branch_name,
            ordinal=visit.ordinal,
            arrived_as=odd.arrived_as,
            received_at=submission.received_at,
        )
        for odd, submission, visit, target, wave_name in rows
    )
