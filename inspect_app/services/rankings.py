"""A disclosed wave is published; a published visit found wrong is voided, and the ranking restated."""

import uuid
from collections.abc import Mapping
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.appeals import AppealState
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
from inspect_app.queries.rankings import counts_in, latest_ranking, previous_for
from inspect_app.queries.standing import living_appeals
from inspect_app.services import journal
from inspect_app.services.appeals import end_undecided
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.freezing import Freezing, freeze_ranking
from inspect_app.services.journal import Actor
from inspect_app.services.restating import restate
from inspect_app.workflow import require_step
from inspect_app.working_days import BANK_TIME, day_of

NOTHING_CLOSED: Mapping[uuid.UUID, str] = {}


class OpenAppealsError(ConflictError):
    """Appeals wait to be decided, and nobody decided to close them; `appeals` names them."""

    def __init__(self, sentence: str, appeals: tuple[uuid.UUID, ...]) -> None:
        super().__init__(sentence)
        self.appeals = appeals


def publish_wave(
    session: Session,
    actor: Actor,
    wave: Wave,
    *,
    now: datetime,
    timezone: tzinfo = BANK_TIME,
    closing: Mapping[uuid.UUID, str] = NOTHING_CLOSED,
) -> StoredRanking:
    """Publish a disclosed wave: its visits count, and ranking 1 is frozen.

    Args:
        timezone: where working days are counted.
        closing: the appeals that are closed undecided, by id, each with the reason; head office can reopen
            them afterwards.

    Raises:
        ConflictError: the wave is not disclosed, its disclosure is not over (the sentence names the first day
            on which it can be published), or someone else was faster.
        OpenAppealsError: an appeal waits to be decided and is not among those to be closed.
        IncompleteError: an appeal is to be closed without a reason.
    """
    hold_wave(session, wave)
    require_step(wave.state, WaveState.PUBLISHED)
    first_day = appeal_window(session, wave, timezone).publishable_on
    if day_of(now, timezone) < first_day:
        raise ConflictError(f"wave {wave.code} is disclosed until then and can be published on {first_day}")
    _close_appeals(session, actor, wave, closing, now, timezone)
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


def _close_appeals(
    session: Session,
    actor: Actor,
    wave: Wave,
    closing: Mapping[uuid.UUID, str],
    now: datetime,
    timezone: tzinfo,
) -> None:
    appeals = living_appeals(session, wave_id=wave.id)
    blank = tuple(str(one) for one, reason in closing.items() if not reason.strip())
    if blank:
        raise IncompleteError("an appeal is closed with a reason", blank)
    waiting = tuple(appeal.id for appeal in appeals if appeal.id not in closing)
    if waiting:
        raise OpenAppealsError(f"{len(waiting)} appeals of wave {wave.code} wait to be decided", waiting)
    for appeal in appeals:
        reason = closing[appeal.id].strip()
        end_undecided(session, actor, appeal, AppealState.CLOSED, now=now, timezone=timezone, reason=reason)


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
    for appeal in living_appeals(session, visit_id=visit.id):
        end_undecided(
            session, actor, appeal, AppealState.CLOSED, now=now, timezone=BANK_TIME, reason=visit.reason
        )
    _void_deficiencies(session, actor, visit, now)
    _record_visit(session, actor, "void_visit", visit, before, now)
    if replaced is None or not counts_in(session, replaced, visit):
        return None
    return restate(session, actor, replaced, visit.reason, {"visit": str(visit.id)}, now=now)


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
