"""A disclosed wave is published; a published visit found wrong is voided, and the ranking restated."""

from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.models.inspections import Revision, RevisionKind
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.calendar import appeal_window
from inspect_app.queries.counting import disclosed_visits
from inspect_app.queries.deficiencies import deficiencies_of_visit
from inspect_app.queries.holding import hold_wave
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.rankings import counts_in, latest_ranking, previous_for, previous_of
from inspect_app.services import journal
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.freezing import Freezing, freeze_ranking
from inspect_app.services.journal import Actor
from inspect_app.workflow import require_step
from inspect_app.working_days import BANK_TIME, day_of


def publish_wave(
    session: Session, actor: Actor, wave: Wave, *, now: datetime, timezone: tzinfo = BANK_TIME
) -> StoredRanking:
    """Publish a disclosed wave: its visits count, and ranking 1 is frozen.

    Args:
        timezone: where working days are counted.

    Raises:
        ConflictError: the wave is not disclosed, its disclosure is not over (the sentence names the first day
            on which it can be published), or someone else was faster.
    """
    hold_wave(session, wave)
    require_step(wave.state, WaveState.PUBLISHED)
    first_day = appeal_window(session, wave, timezone).publishable_on
    if day_of(now, timezone) < first_day:
        raise ConflictError(f"wave {wave.code} is disclosed until then and can be published on {first_day}")
    visits = disclosed_visits(session, wave)
    for visit in visits:
        require_step(visit.state, VisitState.PUBLISHED)
        visit.state = VisitState.PUBLISHED
    wave.state, wave.published_at = WaveState.PUBLISHED, now
    flush_or_conflict(session, f"wave {wave.code} is published")
    ranking = freeze_ranking(session, Freezing(wave, 1, previous_for(session, wave)), now=now)
    for visit in visits:
        _record_visit(session, actor, "publish_visit", visit, VisitState.DISCLOSED, now)
    journal.record(
        session,
        actor,
        "publish_wave",
        "wave",
        str(wave.id),
        now=now,
        from_state=WaveState.DISCLOSED.value,
        to_state=wave.state.value,
        details={"visits": len(visits), "fingerprint": ranking.fingerprint},
    )
    return ranking


def void_visit(
    session: Session, actor: Actor, visit: Visit, reason: str, *, now: datetime
) -> StoredRanking | None:
    """Take back a visit that was disclosed or published: it has no score any more, and nothing to be mended.

    Returns:
        The restated ranking; None where the visit counted in none.

    Raises:
        ConflictError: the visit is in another state, or someone else was faster.
        IncompleteError: no reason is given.
    """
    if not reason.strip():
        raise IncompleteError("a visit is voided with a reason", ("reason",))
    require_step(visit.state, VisitState.VOIDED)
    # Read before the visits are: whoever restates at the same moment then meets the same number.
    replaced = latest_ranking(session, visit.wave_id)
    newest = newest_revision_of_visit(session, visit)
    if newest is None:
        raise ConflictError(f"visit {visit.id} has nothing that could be voided")
    before, visit.state, visit.reason = visit.state, VisitState.VOIDED, reason.strip()
    session.add(_voided(newest, visit.reason, now))
    flush_or_conflict(session, f"visit {visit.id} is voided")
    _void_deficiencies(session, actor, visit, now)
    _record_visit(session, actor, "void_visit", visit, before, now)
    if replaced is None or not counts_in(session, replaced, visit):
        return None
    return _restate(session, actor, replaced, visit, now)


def _voided(newest: Revision, reason: str, now: datetime) -> Revision:
    """Return the revision that supersedes an inspection's newest one and has no scores."""
    return Revision(
        inspection_id=newest.inspection_id,
        number=newest.number + 1,
        kind=RevisionKind.VOIDED,
        checklist_hash=newest.checklist_hash,
        answers=newest.answers,
        rules_version=newest.rules_version,
        reason=reason,
        made_at=now,
    )


def _void_deficiencies(session: Session, actor: Actor, visit: Visit, now: datetime) -> None:
    changed = [(one, one.state) for one in deficiencies_of_visit(session, visit)]
    for deficiency, state in changed:
        require_step(state, DeficiencyState.VOIDED)
        deficiency.state = DeficiencyState.VOIDED
    flush_or_conflict(session, f"the deficiencies of visit {visit.id} are voided")
    for deficiency, state in changed:
        journal.record(
            session,
            actor,
            "void_deficiency",
            "deficiency",
            str(deficiency.id),
            now=now,
            from_state=state.value,
            to_state=deficiency.state.value,
            reason=visit.reason,
        )


def _restate(
    session: Session, actor: Actor, replaced: StoredRanking, visit: Visit, now: datetime
) -> StoredRanking:
    freezing = Freezing(
        wave=replaced.wave,
        number=replaced.number + 1,
        previous=previous_of(session, replaced),
        replaced=replaced,
        reason=visit.reason,
    )
    restated = freeze_ranking(session, freezing, now=now)
    journal.record(
        session,
        actor,
        "restate_ranking",
        "ranking",
        str(restated.id),
        now=now,
        reason=visit.reason,
        details={"number": restated.number, "fingerprint": restated.fingerprint, "visit": str(visit.id)},
    )
    return restated


def _record_visit(
    session: Session, actor: Actor, action: str, visit: Visit, before: VisitState, now: datetime
) -> None:
    journal.record(
        session,
        actor,
        action,
        "visit",
        str(visit.id),
        now=now,
        from_state=before.value,
        to_state=visit.state.value,
        reason=visit.reason,
    )
