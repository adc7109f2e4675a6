"""A visit is assigned to an inspector, or cancelled before anything was made of it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from checklists.json_values import Json
from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.people import User, UserKind
from inspect_app.models.visits import Visit, VisitIdentity, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.holding import hold_visit, rely_on_wave
from inspect_app.queries.visits import identity_of
from inspect_app.services import journal
from inspect_app.services.flushing import conflict_if_stale
from inspect_app.services.journal import Actor
from inspect_app.services.writing import write_visit
from inspect_app.workflow import require_step


def assign_visit(session: Session, actor: Actor, visit: Visit, inspector: User, *, now: datetime) -> Visit:
    """Give a visit to an inspector; as long as nothing is recorded, it can be given to another.

    Raises:
        ConflictError: the visit is under way or over, its wave is not open, or it is no active inspector.
    """
    rely_on_wave(session, visit.wave)
    hold_visit(session, visit)
    require_step(visit.state, VisitState.ASSIGNED)
    if visit.wave.state is not WaveState.OPEN:
        raise ConflictError(f"a wave that is {visit.wave.state.value} assigns no visits")
    if inspector.kind is not UserKind.INSPECTOR or not inspector.is_active:
        raise ConflictError("a visit is assigned to an active inspector")
    identity = identity_of(session, visit)
    if identity is None:
        session.add(VisitIdentity(visit=visit, inspector_id=inspector.id, assigned_at=now))
    else:
        identity.inspector_id = inspector.id
        identity.assigned_at = now
    return change_state(session, actor, "assign_visit", visit, VisitState.ASSIGNED, now=now)


def cancel_visit(
    session: Session,
    actor: Actor,
    visit: Visit,
    reason: str,
    *,
    now: datetime,
    details: Mapping[str, Json] | None = None,
) -> Visit:
    """Call a visit off that was not made.

    Raises:
        ConflictError: something was sent already; what was made is set aside by its review instead.
        IncompleteError: no reason is given.
    """
    require_step(visit.state, VisitState.CANCELLED)
    if not reason.strip():
        raise IncompleteError("a visit is cancelled with a reason", ("reason",))
    if visit.counting_inspection_id is not None:
        raise ConflictError("a visit that was sent in is set aside, not cancelled")
    visit.reason = reason.strip()
    return change_state(
        session,
        actor,
        "cancel_visit",
        visit,
        VisitState.CANCELLED,
        now=now,
        reason=visit.reason,
        details=details,
    )


def change_state(
    session: Session,
    actor: Actor,
    action: str,
    visit: Visit,
    *steps: VisitState,
    now: datetime,
    reason: str | None = None,
    details: Mapping[str, Json] | None = None,
) -> Visit:
    """Take a visit along one or more steps of its life, as one entry of the journal.

    Raises:
        ConflictError: the table does not allow one of them, or someone else was faster.
    """
    before = reached = visit.state
    for wanted in steps:
        require_step(reached, wanted)
        reached = wanted
    with conflict_if_stale(f"visit {visit.id} is {reached.value}"):
        if visit in session.dirty:
            visit.state = reached
            session.flush()
        else:
            write_visit(session, visit, state=reached)
    journal.record(
        session,
        actor,
        action,
        "visit",
        str(visit.id),
        now=now,
        from_state=before.value,
        to_state=visit.state.value,
        reason=reason,
        details=details,
    )
    return visit
