"""What an inspector sends is accepted: exactly once, however often and from however many sides it comes."""

import hashlib
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from checklists.answers import parse
from checklists.checklist import Checklist
from checklists.crediting import credit
from checklists.files.answers_json import answers_document
from checklists.filled import Answers
from checklists.json_values import Json, compact_json
from checklists.scoring import RULES_VERSION, score
from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.inspections import (
    Draft,
    Inspection,
    Revision,
    RevisionKind,
    Submission,
    SubmissionConflict,
)
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitIdentity, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.holding import hold_visit, rely_on_wave
from inspect_app.queries.inspections import Fields, conflicts_of, newest_revision, submission_with_id
from inspect_app.services import journal
from inspect_app.services.drafts import (
    FILLABLE,
    begin_inspection,
    inspection_of_visit,
    note_device,
    note_time,
    require_own,
)
from inspect_app.services.journal import Actor
from inspect_app.services.receipts import Received, free_number, receipt_text
from inspect_app.services.visits import change_state
from reports.stated_scores import scores_text

ATTEMPTS = 3
"""How often a submission is tried that others, sent at the same moment, get in the way of."""


class ConflictKept(ConflictError):  # noqa: N818 - it names what was done, so that a door knows to commit it
    """Other bytes came under a taken id: they are kept beside the first, if the door commits this answer."""


@dataclass(frozen=True, slots=True)
class Body:
    """One frozen body as it came.

    Attributes:
        payload: the bytes whose hash the receipt names.
        fields: what was filled in, by field name, as read from them.
        device: what the phone says of itself.
    """

    submission_id: uuid.UUID
    inspection_id: uuid.UUID
    payload: bytes
    fields: Fields
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A submission that the server holds, with its receipt; `is_new` where it came for the first time."""

    submission: Submission
    is_new: bool


def accept_submission(
    session: Session, inspector: User, visit: Visit, body: Body, secret: str, *, now: datetime
) -> Accepted:
    """Take in what an inspector sends, and give the same receipt for the same bytes for ever.

    Late, or beside another inspection of the visit, it is taken in all the same, and flagged.
    What comes for an inspection that is not being filled in any more is kept without changing its answers.

    Args:
        secret: what receipt numbers are made with.

    Raises:
        NotFoundError: the visit is someone else's, or the inspection another visit's.
        ConflictKept: this id stands for other bytes; these are kept as well.
        IncompleteError: something is missing or contradicts itself; `missing` names the fields.
    """
    # In the order in which whoever closes a wave takes them, so that neither waits for the other for ever.
    rely_on_wave(session, visit.wave)
    hold_visit(session, visit)
    identity = require_own(session, inspector, visit)
    arrival = _Arrival(visit, identity, body, hashlib.sha256(body.payload).hexdigest(), now)
    for _ in range(ATTEMPTS):
        known = submission_with_id(session, body.submission_id)
        if known is not None:
            return _repeated(session, arrival, known)
        answers = _read(checklist_of(session, visit.variant.checklist_hash), body.fields)
        try:
            with session.begin_nested():
                return Accepted(_take_in(session, arrival, answers, secret), is_new=True)
        except (IntegrityError, StaleDataError, ConflictError):
            # Another connection was faster with one of these rows; what it wrote can be read now.
            session.expire_all()
    raise ConflictError(f"submission {body.submission_id} keeps meeting others; it can be sent again")


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A body at the door: for which visit, from whom, which hash, when."""

    visit: Visit
    identity: VisitIdentity
    body: Body
    payload_sha256: str
    now: datetime


def _repeated(session: Session, arrival: _Arrival, known: Submission) -> Accepted:
    """Return the stored submission for the same bytes; keep other bytes and raise."""
    if known.payload_sha256 == arrival.payload_sha256 and known.visit_id == arrival.visit.id:
        return Accepted(known, is_new=False)
    kept = {conflict.payload_sha256 for conflict in conflicts_of(session, known)}
    if arrival.payload_sha256 not in kept:
        # The same other bytes at the same moment, from another connection: one copy is enough.
        with suppress(IntegrityError), session.begin_nested():
            _keep_conflict(session, arrival, known)
    raise ConflictKept(f"submission {known.id} was received with other bytes; these are kept as well")


def _keep_conflict(session: Session, arrival: _Arrival, known: Submission) -> None:
    session.add(
        SubmissionConflict(
            submission_id=known.id,
            payload_sha256=arrival.payload_sha256,
            body=arrival.body.payload,
            received_at=arrival.now,
        )
    )
    session.flush()
    journal.record(
        session,
        Actor.inspector(),
        "keep_conflict",
        "visit",
        str(arrival.visit.id),
        now=arrival.now,
        details={"submission": str(known.id)},
    )


def _read(checklist: Checklist, fields: Fields) -> tuple[Checklist, Answers]:
    answers, faults = parse(checklist, fields)
    if faults:
        names = tuple(dict.fromkeys(fault.name for fault in faults))
        raise IncompleteError(f"{len(names)} fields keep the inspection from being sent", names)
    return checklist, answers


def _take_in(
    session: Session, arrival: _Arrival, filled: tuple[Checklist, Answers], secret: str
) -> Submission:
    visit, body, now = arrival.visit, arrival.body, arrival.now
    inspection = inspection_of_visit(session, visit, body.inspection_id)
    if inspection is None:
        inspection = begin_inspection(session, visit, arrival.identity, body.inspection_id, now=now)
    submission = _store(session, arrival, filled[1], secret)
    newest = newest_revision(session, inspection.id)
    if newest is None:
        _settle_flags(visit, inspection)
    is_awaited = visit.counting_inspection_id == inspection.id and visit.state in FILLABLE
    if newest is None or is_awaited:
        session.add(_revision(submission, filled, 1 if newest is None else newest.number + 1))
    session.execute(delete(Draft).where(Draft.inspection_id == inspection.id))
    note_device(arrival.identity, body.device)
    note_time(arrival.identity, "submitted", now)
    session.flush()
    _tell(session, visit, inspection, submission, is_awaited=is_awaited, now=now)
    return submission


def _store(session: Session, arrival: _Arrival, answers: Answers, secret: str) -> Submission:
    """Write the body down with its receipt, before anything else is made of it."""
    body, visit = arrival.body, arrival.visit
    photos = len({photo for section in answers.sections for one in section.answers for photo in one.photos})
    received = Received(
        body.submission_id, body.inspection_id, visit.id, arrival.payload_sha256, photos, arrival.now
    )
    number = free_number(session, secret, received)
    submission = Submission(
        id=body.submission_id,
        inspection_id=body.inspection_id,
        visit_id=visit.id,
        payload_sha256=arrival.payload_sha256,
        body=body.payload,
        receipt=receipt_text(number, received),
        receipt_number=number,
        received_at=arrival.now,
    )
    session.add(submission)
    session.flush()
    return submission


def _settle_flags(visit: Visit, inspection: Inspection) -> None:
    """Flag an inspection at its first submission: of several, the one that was sent first counts."""
    inspection.is_late = visit.wave.state is not WaveState.OPEN
    inspection.is_conflict = visit.counting_inspection_id is not None
    if visit.counting_inspection_id is None:
        visit.counting_inspection_id = inspection.id


def _revision(submission: Submission, filled: tuple[Checklist, Answers], number: int) -> Revision:
    checklist, answers = filled
    return Revision(
        inspection_id=submission.inspection_id,
        number=number,
        kind=RevisionKind.SUBMITTED,
        submission_id=submission.id,
        checklist_hash=checklist.hash,
        answers=compact_json(answers_document(answers)),
        scores=scores_text(score(credit(checklist, answers))),
        rules_version=RULES_VERSION,
        made_at=submission.received_at,
    )


def _tell(
    session: Session,
    visit: Visit,
    inspection: Inspection,
    submission: Submission,
    *,
    is_awaited: bool,
    now: datetime,
) -> None:
    """Take the visit on where this is what it waited for, and write it down."""
    details: dict[str, Json] = {
        "inspection": str(inspection.id),
        "submission": str(submission.id),
        "late": inspection.is_late,
        "conflict": inspection.is_conflict,
    }
    if is_awaited:
        begun = () if visit.state is VisitState.IN_PROGRESS else (VisitState.IN_PROGRESS,)
        steps = (*begun, VisitState.SUBMITTED)
        change_state(session, Actor.inspector(), "submit_inspection", visit, *steps, now=now, details=details)
        return
    journal.record(
        session, Actor.inspector(), "keep_submission", "visit", str(visit.id), now=now, details=details
    )
