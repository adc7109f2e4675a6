"""What those ask who make all visits of a wave at once: columns, no rows of their own."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.models.inspections import Submission
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Target


@dataclass(frozen=True, slots=True)
class VisitToMake:
    """A visit, and the branch it leads to as the wave froze it."""

    visit_id: uuid.UUID
    branch_code: str
    branch_kind: str
    region_path: str
    ordinal: int


def visits_to_make(session: Session, wave_id: uuid.UUID) -> Sequence[VisitToMake]:
    """Return every visit of a wave, by branch code and ordinal."""
    rows = session.execute(
        select(Visit.id, Target.branch_code, Target.branch_kind, Target.region_path, Visit.ordinal)
        .join(Target, Target.id == Visit.target_id)
        .where(Visit.wave_id == wave_id)
    )
    made = [VisitToMake(*row) for row in rows]
    return sorted(made, key=lambda one: (one.branch_code, one.ordinal))


def receipt_numbers_taken(session: Session, numbers: Collection[str]) -> frozenset[str]:
    """Return which of these receipt numbers were given to submissions already."""
    taken = select(Submission.receipt_number).where(Submission.receipt_number.in_(numbers))
    return frozenset(session.scalars(taken))
