"""What an inspector sends is accepted: exactly once, however often and from however many sides it comes."""

import hashlib
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from checklists.answers import parse
from checklists.checklist import Checklist
from checklists.crediting import credit
from checklists.files.answers_json import answers_document
from checklists.filled import Answers
from checklists.json_values import Json, compact_json
from checklists.scoring import RULES_VERSION, score
from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
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
from inspect_app.queries.arrivals import Met, met_by
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.holding import hold_visit, rely_on_wave
from inspect_app.queries.inspections import Fields, conflicts_of, submission_with_id
from inspect_app.queries.photos import manifest_of
from inspect_app.services import journal
from inspect_app.services.arrivals import name_photos, note_odd, oddness, skew_with
from inspect_app.services.drafts import FILLABLE, times_with
from inspect_app.services.journal import Actor
from inspect_app.services.phone_places import Place, place_text
from inspect_app.services.receipts import Received, first_number, next_free_number, receipt_text
from inspect_app.services.visit_tokens import Standing
from inspect_app.services.visits import change_state
from inspect_app.services.writing import change_row, write, write_row
from reports.stated_scores import scores_text

AWAITED = frozenset({*FILLABLE, VisitState.AWAITING_PHOTOS})
"""The states in which a visit waits for a submission."""

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
        photos: SHA-256 of the photos that the body names, besides those of its answers.
        sent_at: what the phone's clock showed when it sent this; None where it did not say.
        place: where the phone was, if its owner wanted to say it.
    """

    submission_id: uuid.UUID
    inspection_id: uuid.UUID
    payload: bytes
    fields: Fields
    device: str | None = None
    photos: tuple[str, ...] = ()
    sent_at: datetime | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A submission that the server holds, with its receipt; `is_new` where it came for the first time."""

    submission: Submission
    is_new: bool


def accept_submission(
    session: Session,
    inspector: User,
    visit: Visit,
    body: Body,
    secret: str,
    *,
    now: datetime,
    standing: Standing = Standing.OWN,
) -> Accepted:
    """Take in what an inspector sends, and give the same receipt for the same bytes for ever.

    Late, or beside another inspection of the visit, it is taken in all the same, and flagged.
    What comes for an inspection that is not being filled in any more is kept without changing its answers.
    While a photo that it names is missing, the visit waits for it before it is reviewed.

    Args:
        secret: what receipt numbers are made with.
        standing: how who sends stands to the visit; from others than its own inspector it is kept apart.

    Raises:
        NotFoundError: the visit is someone else's, or the inspection another visit's.
        ConflictKept: this id stands for other bytes; these are kept as well.
        IncompleteError: something is missing or contradicts itself; `missing` names the fields.
    """
    # In the order in which whoever closes a wave takes them, so that neither waits for the other for ever.
    rely_on_wave(session, visit.wave)
    hold_visit(session, visit)
    payload_sha256 = hashlib.sha256(body.payload).hexdigest()
    number = first_number(secret, body.submission_id, payload_sha256)
    arrival = _Arrival(visit, body, payload_sha256, number, standing, now)
    for _ in range(ATTEMPTS):
        met = met_by(session, visit, body.submission_id, body.inspection_id, number)
        _require_own(inspector, arrival, met)
        if met.is_known:
            return _repeated(session, arrival)
        answers = _read(checklist_of(session, visit.variant.checklist_hash), body.fields)
        try:
            with session.begin_nested():
                return Accepted(_take_in(session, arrival, met, answers, secret), is_new=True)
        except (IntegrityError, StaleDataError, ConflictError):
            # Another connection was faster with one of these rows; what it wrote can be read now.
            session.expire_all()
    raise ConflictError(f"submission {body.submission_id} keeps meeting others; it can be sent again")


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A body at the door: for which visit, which hash, which receipt it would be given, from whom, when."""

    visit: Visit
    body: Body
    payload_sha256: str
    number: str
    standing: Standing
    now: datetime


def _require_own(inspector: User, arrival: _Arrival, met: Met) -> None:
    if arrival.standing is Standing.OWN and met.inspector_id != inspector.id:
        raise NotFoundError(f"visit {arrival.visit.id}")
    if not met.is_known and met.inspection_visit_id not in (None, arrival.visit.id):
        raise NotFoundError(f"inspection {arrival.body.inspection_id}")


def _repeated(session: Session, arrival: _Arrival) -> Accepted:
    """Return the stored submission for the same bytes; keep other bytes and raise."""
    known = submission_with_id(session, arrival.body.submission_id)
    if known is None:
        raise ConflictError(f"submission {arrival.body.submission_id} is gone; it can be sent again")
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
    session: Session, arrival: _Arrival, met: Met, filled: tuple[Checklist, Answers], secret: str
) -> Submission:
    visit, body = arrival.visit, arrival.body
    flags = _settle_flags(session, arrival, met)
    photos = _photos(body, filled[1])
    submission = _store(session, arrival, met, len(photos), secret)
    name_photos(session, submission, photos)
    is_awaited = _is_awaited(arrival)
    if met.newest_number is None or is_awaited:
        _revise(session, submission, filled, (met.newest_number or 0) + 1)
    if met.has_draft:
        # What became of the visit is written once, at the end.
        with session.no_autoflush:
            session.execute(delete(Draft).where(Draft.inspection_id == body.inspection_id))
    note_odd(
        session,
        submission,
        oddness(arrival.standing, is_conflict=flags.is_conflict, is_awaited=is_awaited),
    )
    _note(session, arrival, met)
    is_whole = not photos or not manifest_of(session, submission).missing
    _tell(session, arrival, flags, _steps(visit, is_whole=is_whole) if is_awaited else ())
    return submission


def _photos(body: Body, answers: Answers) -> frozenset[str]:
    named = (photo for section in answers.sections for one in section.answers for photo in one.photos)
    return frozenset((*body.photos, *named))


def _is_awaited(arrival: _Arrival) -> bool:
    """Say whether this is what the visit waits for; while photos are missing, that may be sent anew."""
    visit = arrival.visit
    is_counting = visit.counting_inspection_id == arrival.body.inspection_id
    return arrival.standing is Standing.OWN and is_counting and visit.state in AWAITED


def _steps(visit: Visit, *, is_whole: bool) -> tuple[VisitState, ...]:
    wanted = VisitState.SUBMITTED if is_whole else VisitState.AWAITING_PHOTOS
    if visit.state is wanted:
        return ()
    is_under_way = visit.state in (VisitState.IN_PROGRESS, VisitState.AWAITING_PHOTOS)
    return (wanted,) if is_under_way else (VisitState.IN_PROGRESS, wanted)


@dataclass(frozen=True, slots=True)
class _Flags:
    """How an inspection came in, as its first submission settled it."""

    is_late: bool
    is_conflict: bool


def _settle_flags(session: Session, arrival: _Arrival, met: Met) -> _Flags:
    """Flag an inspection at its first submission: of several, the one that was sent first counts.

    One from a phone that has lost its visit counts by decision alone.
    """
    visit, inspection_id = arrival.visit, arrival.body.inspection_id
    flags = _Flags(bool(met.is_late), bool(met.is_conflict))
    if met.newest_number is not None:
        return flags
    settled = _Flags(visit.wave.state is not WaveState.OPEN, visit.counting_inspection_id is not None)
    if met.inspection_visit_id is None:
        write_row(
            session,
            Inspection,
            id=inspection_id,
            visit_id=visit.id,
            is_late=settled.is_late,
            is_conflict=settled.is_conflict,
        )
    elif settled != flags:
        changed = update(Inspection).where(Inspection.id == inspection_id)
        session.execute(changed.values(is_late=settled.is_late, is_conflict=settled.is_conflict))
    if visit.counting_inspection_id is None and arrival.standing is Standing.OWN:
        # The visit is held; its version counts the steps of its life.
        change_row(session, Visit, visit.id, counting_inspection_id=inspection_id)
        set_committed_value(visit, "counting_inspection_id", inspection_id)
    return settled


def _store(session: Session, arrival: _Arrival, met: Met, photos: int, secret: str) -> Submission:
    """Write the body down with its receipt, before anything else is made of it."""
    body, visit, number = arrival.body, arrival.visit, arrival.number
    if met.is_number_taken:
        number = next_free_number(session, secret, body.submission_id, arrival.payload_sha256)
    received = Received(
        body.submission_id, body.inspection_id, visit.id, arrival.payload_sha256, photos, arrival.now
    )
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
    return write(session, submission)


def _revise(session: Session, submission: Submission, filled: tuple[Checklist, Answers], number: int) -> None:
    checklist, answers = filled
    write_row(
        session,
        Revision,
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


def _note(session: Session, arrival: _Arrival, met: Met) -> None:
    """Write down times, device and place of the visit's own inspector, where alone they may stand."""
    if arrival.standing is not Standing.OWN:
        return
    times = met.times or "{}"
    if met.inspection_visit_id is None:
        times = times_with(times, "begun", arrival.now)
    times = times_with(times, "submitted", arrival.now)
    if arrival.body.sent_at is not None:
        times = skew_with(times, arrival.body.submission_id, arrival.body.sent_at, arrival.now)
    noted: dict[str, object] = {"times": times}
    if arrival.body.device is not None:
        noted["device"] = arrival.body.device
    if arrival.body.place is not None:
        noted["place"] = place_text(arrival.body.place)
    change_row(session, VisitIdentity, arrival.visit.id, **noted)


def _tell(session: Session, arrival: _Arrival, flags: _Flags, steps: tuple[VisitState, ...]) -> None:
    """Take the visit on where this is what it waited for, and write it down."""
    visit, now = arrival.visit, arrival.now
    details: dict[str, Json] = {
        "inspection": str(arrival.body.inspection_id),
        "submission": str(arrival.body.submission_id),
        "late": flags.is_late,
        "conflict": flags.is_conflict,
    }
    if arrival.standing is not Standing.OWN:
        details["standing"] = arrival.standing.value
    if steps:
        change_state(session, Actor.inspector(), "submit_inspection", visit, *steps, now=now, details=details)
        return
    journal.record(
        session, Actor.inspector(), "keep_submission", "visit", str(visit.id), now=now, details=details
    )
