"""All recordings of a visit that came in, side by side: what counts, what stands beside it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from checklists.answers import parse
from checklists.checklist import Checklist
from checklists.filled import Answers
from inspect_app.errors import NotFoundError
from inspect_app.models.inspections import Inspection, Submission
from inspect_app.models.people import User
from inspect_app.models.phones import OddArrival
from inspect_app.models.visits import Visit
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import (
    Fields,
    answers_of,
    conflicts_of,
    inspections_of,
    newest_revision,
    newest_submission_of_inspection,
    submissions_of,
)
from inspect_app.queries.odd_arrivals import odd_arrivals_of
from inspect_app.queries.scope import HEAD_OFFICE
from inspect_app.queries.visits import visit_of_office


@dataclass(frozen=True, slots=True)
class Record:
    """One recording as it came in.

    Attributes:
        counts: it is the one that the visit's score is taken from.
        odd: why it was kept apart; None where the visit waited for it.
    """

    inspection_id: uuid.UUID
    submission: Submission
    received_at: datetime
    counts: bool
    is_late: bool
    odd: OddArrival | None
    answers: Answers


@dataclass(frozen=True, slots=True)
class OtherBytes:
    """Other bytes that came under an id that was taken."""

    submission: Submission
    payload_sha256: str
    received_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Records:
    """All that came in of a visit; the recording that counts first."""

    visit: Visit
    checklist: Checklist
    records: tuple[Record, ...]
    others: tuple[OtherBytes, ...]


def records_of_visit(session: Session, user: User, visit_id: uuid.UUID) -> Records:
    """Return everything that came in of a visit, to who reviews.

    Raises:
        NotFoundError: there is no such visit, nothing came in, or the user is not of head office.
    """
    if user.kind not in HEAD_OFFICE:
        raise NotFoundError(f"visit {visit_id}")
    visit = visit_of_office(session, visit_id)
    odd = odd_arrivals_of(session, visit)
    found = (_record(session, visit, one, odd) for one in inspections_of(session, visit))
    records = sorted(
        (record for record in found if record is not None),
        key=lambda record: (not record.counts, record.received_at),
    )
    others = tuple(
        OtherBytes(submission, copy.payload_sha256, copy.received_at, copy.body)
        for submission in submissions_of(session, visit)
        for copy in conflicts_of(session, submission)
    )
    if not records:
        raise NotFoundError(f"recordings of visit {visit_id}")
    return Records(visit, checklist_of(session, visit.variant.checklist_hash), tuple(records), others)


def answers_in(checklist: Checklist, fields: Fields) -> Answers:
    """Return what can be read of fields, whether they are complete or not."""
    return parse(checklist, fields)[0]


def _record(
    session: Session, visit: Visit, inspection: Inspection, odd: dict[uuid.UUID, OddArrival]
) -> Record | None:
    """Return what came in of an inspection; None while nothing has."""
    submission = newest_submission_of_inspection(session, inspection.id)
    revision = newest_revision(session, inspection.id)
    if submission is None or revision is None:
        return None
    return Record(
        inspection_id=inspection.id,
        submission=submission,
        received_at=submission.received_at,
        counts=visit.counting_inspection_id == inspection.id,
        is_late=inspection.is_late,
        odd=odd.get(submission.id),
        answers=answers_of(revision),
    )
