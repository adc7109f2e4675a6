"""A closed wave is disclosed: its branches see what was found, and may answer for it."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import cache

from sqlalchemy import insert
from sqlalchemy.orm import Session

from checklists.deficiencies import find_deficiencies
from inspect_app.errors import IncompleteError
from inspect_app.models.base import new_id
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.calendar import working_days
from inspect_app.queries.counting import Undecided, approved_visits, undecided_visits
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.holding import hold_wave
from inspect_app.queries.inspections import answers_of
from inspect_app.services import journal
from inspect_app.services.deadlines import days_to_mend
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.workflow import require_step
from inspect_app.working_days import BANK_TIME, day_of


class UndecidedError(IncompleteError):
    """Something that came in waits for a reviewer's decision; `missing` names the visits, `0101 (1)`."""


def disclose_wave(
    session: Session, actor: Actor, wave: Wave, *, now: datetime, timezone: tzinfo = BANK_TIME
) -> Wave:
    """Show the approved visits of a closed wave to their branches, with a deficiency for each shortcoming.

    What arrived late is kept as it is: it counts only by decision. What never came in is no obstacle.

    Args:
        timezone: where working days are counted.

    Raises:
        ConflictError: the wave is not closed, or someone else was faster.
        UndecidedError: a visit that came in is neither approved nor set aside.
    """
    hold_wave(session, wave)
    require_step(wave.state, WaveState.DISCLOSED)
    _require_decided(undecided_visits(session, wave))
    approved = approved_visits(session, wave)
    for visit, _revision in approved:
        require_step(visit.state, VisitState.DISCLOSED)
        visit.state = VisitState.DISCLOSED
    wave.state, wave.disclosed_at = WaveState.DISCLOSED, now
    flush_or_conflict(session, f"wave {wave.code} is disclosed")
    count = write_deficiencies(session, wave, approved, now, timezone)
    for visit, _revision in approved:
        journal.record(
            session,
            actor,
            "disclose_visit",
            "visit",
            str(visit.id),
            now=now,
            from_state=VisitState.APPROVED.value,
            to_state=visit.state.value,
        )
    journal.record(
        session,
        actor,
        "disclose_wave",
        "wave",
        str(wave.id),
        now=now,
        from_state=WaveState.CLOSED.value,
        to_state=wave.state.value,
        details={"visits": len(approved), "deficiencies": count},
    )
    return wave


def _require_decided(undecided: Undecided) -> None:
    if undecided.total:
        named = tuple(f"{visit.target.branch_code} ({visit.ordinal})" for visit in undecided.named)
        raise UndecidedError(
            f"{undecided.total} undecided visits keep the wave from being disclosed, "
            f"such as {', '.join(named)}",
            named,
        )


def write_deficiencies(
    session: Session,
    wave: Wave,
    approved: Sequence[tuple[Visit, Revision]],
    now: datetime,
    timezone: tzinfo,
) -> int:
    """Write what the visits were found wanting; return how many deficiencies that is."""
    today, days = day_of(now, timezone), working_days(session)
    due_in = cache(lambda count: days.add(today, count))
    rows = [
        {
            "id": new_id(),
            "wave_id": wave.id,
            "branch_id": visit.target.branch_id,
            "visit_id": visit.id,
            "revision_id": revision.id,
            "item_code": found.item,
            "flow": found.flow,
            "situation": found.situation,
            "staff_role": found.role,
            "severity": found.severity,
            "points_lost": found.points_lost,
            "state": DeficiencyState.OPEN,
            "due_on": due_in(days_to_mend(wave, found)),
            "found_at": now,
        }
        for visit, revision in approved
        for found in find_deficiencies(checklist_of(session, revision.checklist_hash), answers_of(revision))
    ]
    if rows:
        session.execute(insert(Deficiency), rows)
    return len(rows)
