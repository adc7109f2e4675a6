"""Answers are kept while an inspector fills them in."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from checklists.json_values import compact_json
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.inspections import Draft, Inspection
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitIdentity, VisitState
from inspect_app.queries.holding import hold_visit
from inspect_app.queries.inspections import (
    Fields,
    draft_of_inspection,
    draft_of_visit,
    fields_of_visit,
    has_another_inspection,
    inspection_with_id,
)
from inspect_app.queries.visits import identity_of
from inspect_app.services import journal
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.services.visits import change_state

FILLABLE = frozenset({VisitState.ASSIGNED, VisitState.IN_PROGRESS, VisitState.RETURNED})
"""The states in which a visit is being filled in, or may be."""


@dataclass(frozen=True, slots=True)
class Filling:
    """All that a form holds at one moment; it replaces what was kept before.

    Attributes:
        inspection_id: made where the first answer was given; the same for every save of one recording.
        submission_id: under which it will be sent.
        sequence: raised by a phone with each save, so that a save that was overtaken changes nothing;
            None where saves cannot overtake each other: then this one holds.
        device: what the phone says of itself.
    """

    inspection_id: uuid.UUID
    submission_id: uuid.UUID
    fields: Fields
    sequence: int | None = None
    device: str | None = None


def save_draft(session: Session, inspector: User, visit: Visit, filling: Filling, *, now: datetime) -> Draft:
    """Keep what is filled in so far; the first answer begins the inspection.

    The journal is told when an inspection is begun or taken up again, not at every save.

    Raises:
        NotFoundError: the visit is someone else's, or the inspection another visit's.
        ConflictError: the visit is not being filled in any more, or another save was a moment faster.
    """
    hold_visit(session, visit)
    identity = require_own(session, inspector, visit)
    if visit.state not in FILLABLE:
        raise ConflictError(f"a visit that is {visit.state.value} is not filled in")
    known = inspection_of_visit(session, visit, filling.inspection_id)
    inspection = known or begin_inspection(session, visit, identity, filling.inspection_id, now=now)
    note_device(identity, filling.device)
    draft = _keep(session, visit, inspection, filling, now)
    if visit.state is not VisitState.IN_PROGRESS:
        change_state(session, Actor.inspector(), "begin_inspection", visit, VisitState.IN_PROGRESS, now=now)
    elif known is None:
        journal.record(session, Actor.inspector(), "begin_inspection", "visit", str(visit.id), now=now)
    return draft


def undo_last_change(session: Session, inspector: User, visit: Visit, *, now: datetime) -> Draft:
    """Take back the last change that was saved; what was taken back is not kept.

    Raises:
        NotFoundError: the visit is someone else's.
        ConflictError: the visit is not being filled in any more, or nothing can be taken back.
    """
    hold_visit(session, visit)
    require_own(session, inspector, visit)
    draft = draft_of_visit(session, visit)
    if visit.state not in FILLABLE or draft is None or draft.before is None:
        raise ConflictError(f"nothing can be taken back on visit {visit.id}")
    draft.fields, draft.before = draft.before, None
    draft.sequence += 1
    draft.saved_at = now
    session.flush()
    return draft


def require_own(session: Session, inspector: User, visit: Visit) -> VisitIdentity:
    """Return who goes on a visit, where that is this inspector.

    Raises:
        NotFoundError: it is someone else, or nobody.
    """
    identity = identity_of(session, visit)
    if identity is None or identity.inspector_id != inspector.id:
        raise NotFoundError(f"visit {visit.id}")
    return identity


def inspection_of_visit(session: Session, visit: Visit, inspection_id: uuid.UUID) -> Inspection | None:
    """Return the inspection with this id where it has been begun.

    Raises:
        NotFoundError: it is one of another visit.
    """
    inspection = inspection_with_id(session, inspection_id)
    if inspection is not None and inspection.visit_id != visit.id:
        raise NotFoundError(f"inspection {inspection_id}")
    return inspection


def begin_inspection(
    session: Session, visit: Visit, identity: VisitIdentity, inspection_id: uuid.UUID, *, now: datetime
) -> Inspection:
    """Begin an inspection; one beside another of the same visit is flagged."""
    is_conflict = has_another_inspection(session, visit, inspection_id)
    inspection = Inspection(id=inspection_id, visit=visit, is_conflict=is_conflict)
    session.add(inspection)
    flush_or_conflict(session, f"inspection {inspection_id} is begun")
    note_time(identity, "begun", now)
    return inspection


def note_time(identity: VisitIdentity, what: str, now: datetime) -> None:
    """Write down when something happened on a visit, in the one place that may know it."""
    identity.times = times_with(identity.times, what, now)


def times_with(noted: str, what: str, now: datetime) -> str:
    """Return the times noted on a visit, JSON text, with one more."""
    times = json.loads(noted)
    times.setdefault(what, []).append(now.isoformat(timespec="seconds"))
    return compact_json(times)


def note_device(identity: VisitIdentity, device: str | None) -> None:
    """Write down what a phone says of itself, in the one place that may know it."""
    if device is not None:
        identity.device = device


def _keep(session: Session, visit: Visit, inspection: Inspection, filling: Filling, now: datetime) -> Draft:
    draft = draft_of_inspection(session, inspection.id)
    fields = _text_of(filling.fields)
    if draft is None:
        draft = Draft(
            inspection_id=inspection.id,
            submission_id=filling.submission_id,
            fields=fields,
            before=_text_of(fields_of_visit(session, visit)),
            sequence=filling.sequence or 1,
            saved_at=now,
        )
        session.add(draft)
    elif filling.sequence is None or filling.sequence > draft.sequence:
        draft.submission_id = filling.submission_id
        if fields != draft.fields:
            draft.before = draft.fields
        draft.fields = fields
        draft.sequence = filling.sequence or draft.sequence + 1
        draft.saved_at = now
    flush_or_conflict(session, f"the draft of inspection {inspection.id} is saved")
    return draft


def _text_of(fields: Fields) -> str:
    # ASCII: a browser can post half of a character pair, which no database takes as text.
    return json.dumps(dict(fields), separators=(",", ":"))
