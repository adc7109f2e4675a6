"""Head office takes a visit in that came after its wave had closed: then it counts like every other one."""

from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.holding import hold_visit, hold_wave
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.rankings import latest_ranking
from inspect_app.services import journal
from inspect_app.services.disclosures import write_deficiencies
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.services.restating import restate
from inspect_app.workflow import require_step
from inspect_app.working_days import BANK_TIME

STEPS = {
    WaveState.CLOSED: (),
    WaveState.DISCLOSED: (VisitState.DISCLOSED,),
    WaveState.PUBLISHED: (VisitState.DISCLOSED, VisitState.PUBLISHED),
}
"""The steps by which a visit catches up with its wave."""


def take_in(
    session: Session,
    actor: Actor,
    visit: Visit,
    reason: str,
    *,
    now: datetime,
    timezone: tzinfo = BANK_TIME,
) -> StoredRanking | None:
    """Let a late visit that was approved count, by decision.

    Returns:
        The restated ranking; None before the wave is published.

    Raises:
        ConflictError: it is not late, not approved, or counts already; or someone else was faster.
        IncompleteError: no reason is given.
    """
    if not reason.strip():
        raise IncompleteError("a late visit is taken in with a reason", ("reason",))
    hold_wave(session, visit.wave)
    hold_visit(session, visit)
    revision = newest_revision_of_visit(session, visit)
    if revision is None or not revision.inspection.is_late or visit.state is not VisitState.APPROVED:
        raise ConflictError(f"visit {visit.id} is {visit.state.value}: there is nothing late to take in")
    if revision.inspection.taken_in_because is not None:
        raise ConflictError(f"visit {visit.id} is taken in already")
    replaced = latest_ranking(session, visit.wave_id)
    before = visit.state
    revision.inspection.taken_in_because = reason.strip()
    for state in STEPS.get(visit.wave.state, ()):
        require_step(visit.state, state)
        visit.state = state
    flush_or_conflict(session, f"visit {visit.id} is taken in")
    if visit.state is not before:
        write_deficiencies(session, visit.wave, [(visit, revision)], now, timezone)
    journal.record(
        session,
        actor,
        "take_in_visit",
        "visit",
        str(visit.id),
        now=now,
        from_state=before.value,
        to_state=visit.state.value,
        reason=reason.strip(),
    )
    if replaced is None:
        return None
    return restate(session, actor, replaced, reason.strip(), {"visit": str(visit.id)}, now=now)
