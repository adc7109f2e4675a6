"""A visit is corrected: a revision that touches the named items alone, new scores, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from checklists.amending import Amended, Amendment, AmendmentError, amend
from checklists.checklist import Checklist
from checklists.deficiencies import FoundDeficiency, find_deficiencies
from checklists.files.answers_json import answers_document
from checklists.filled import Answers
from checklists.json_values import compact_json
from checklists.scoring import RULES_VERSION, score
from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.appeals import TakenBack
from inspect_app.models.base import new_id
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision, RevisionKind
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.calendar import working_days
from inspect_app.queries.correcting import CORRECTABLE
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.holding import hold_visit, hold_wave, rely_on_wave
from inspect_app.queries.inspections import answers_of, newest_revision_of_visit
from inspect_app.queries.rankings import latest_ranking
from inspect_app.queries.standing import standing_deficiencies, waiting_codes
from inspect_app.services import journal
from inspect_app.services.deadlines import days_to_mend
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.services.restating import restate
from inspect_app.services.versions import require_seen
from inspect_app.workflow import require_step
from inspect_app.working_days import BANK_TIME, day_of
from reports.stated_scores import scores_text


class AmendmentNotPossibleError(ConflictError):
    """These items cannot be corrected so without touching another one."""


class DisputedItemError(ConflictError):
    """An item that is to be corrected waits for the decision of an appeal, which settles it."""


@dataclass(frozen=True, slots=True)
class CorrectionPlan:
    """What head office corrects of a visit without an appeal: items by code, and why.

    Attributes:
        seen: the number of the revision that the form showed; None where nobody looked at one.
    """

    changes: Mapping[str, Amendment]
    reason: str
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction that was made, and the ranking that was restated for it; None before publishing."""

    revision: Revision
    ranking: StoredRanking | None


def correct_visit(
    session: Session,
    actor: Actor,
    visit: Visit,
    plan: CorrectionPlan,
    *,
    now: datetime,
    timezone: tzinfo = BANK_TIME,
) -> Corrected:
    """Correct items of a disclosed or published visit that were recorded wrong.

    Raises:
        ConflictError: the visit is in another state, nothing would change, or someone else was faster.
        StaleError: the visit was corrected after the form was opened.
        AmendmentNotPossibleError: an item cannot be corrected so.
        DisputedItemError: an item is disputed, and its appeal not decided yet.
        IncompleteError: no item or no reason is named.
    """
    reason = plan.reason.strip()
    if not reason or not plan.changes:
        raise IncompleteError("a visit is corrected in named items, with a reason", ("reason",))
    hold_for_rescoring(session, visit.wave)
    hold_visit(session, visit)
    _require_correctable(session, visit, plan)
    revision = rescore(
        session, actor, Rescoring(visit, None, plan.changes, reason), now=now, timezone=timezone
    )
    if revision is None:
        raise ConflictError(f"the correction of visit {visit.id} changes nothing")
    return Corrected(revision, restate_if_published(session, actor, visit.wave, reason, [revision], now=now))


def _require_correctable(session: Session, visit: Visit, plan: CorrectionPlan) -> None:
    newest = newest_revision_of_visit(session, visit)
    if newest is not None and plan.seen is not None:
        require_seen(f"visit {visit.id}", newest.number, plan.seen)
    disputed = waiting_codes(session, visit.id).intersection(plan.changes)
    if disputed:
        raise DisputedItemError(f"item {min(disputed)} of visit {visit.id} waits for its appeal's decision")


def hold_for_rescoring(session: Session, wave: Wave) -> None:
    """Keep a wave in its state; a published one to oneself, since its ranking is to be written anew.

    Raises:
        ConflictError: it is neither disclosed nor published, or was published a moment ago.
    """
    assumed = wave.state
    if assumed is WaveState.PUBLISHED:
        hold_wave(session, wave)
    else:
        rely_on_wave(session, wave)
    if wave.state is not assumed or assumed not in (WaveState.DISCLOSED, WaveState.PUBLISHED):
        raise ConflictError(f"wave {wave.code} is {wave.state.value}: nothing of it is corrected now")


@dataclass(frozen=True, slots=True)
class Rescoring:
    """What is to be corrected of a visit that is held.

    Attributes:
        recorded: the answers that the items are amended from; None for the newest.
    """

    visit: Visit
    recorded: Answers | None
    amendments: Mapping[str, Amendment]
    reason: str


def rescore(
    session: Session, actor: Actor, plan: Rescoring, *, now: datetime, timezone: tzinfo
) -> Revision | None:
    """Write the revision that a correction makes, with its scores and what the branch is to mend by it.

    Returns:
        None where the record stands as it is.

    Raises:
        ConflictError: the visit is not shown to its branch, or someone else was faster.
        AmendmentNotPossibleError: an item cannot be corrected so.
    """
    newest = newest_revision_of_visit(session, plan.visit)
    if newest is None or newest.scores is None or plan.visit.state not in CORRECTABLE:
        raise ConflictError(f"visit {plan.visit.id} is {plan.visit.state.value}: it has nothing to correct")
    checklist, before = checklist_of(session, newest.checklist_hash), answers_of(newest)
    amended = _amended(checklist, before, plan)
    if amended.answers == before:
        return None
    revision = Revision(
        id=new_id(),
        inspection_id=newest.inspection_id,
        number=newest.number + 1,
        kind=RevisionKind.CORRECTED,
        checklist_hash=newest.checklist_hash,
        answers=compact_json(answers_document(amended.answers)),
        scores=scores_text(score(amended.inspection)),
        rules_version=RULES_VERSION,
        reason=plan.reason,
        made_at=now,
    )
    settling = _settling(plan, revision, checklist, before, amended.answers)
    standing = standing_deficiencies(session, plan.visit.id, plan.amendments)
    session.add(revision)
    flush_or_conflict(session, f"visit {plan.visit.id} is corrected")
    journal.record(
        session,
        actor,
        "correct_visit",
        "visit",
        str(plan.visit.id),
        now=now,
        reason=plan.reason,
        details={"revision": revision.number, "items": sorted(plan.amendments)},
    )
    _take_back(session, actor, settling, standing, now)
    _find_anew(session, actor, settling, now, timezone)
    return revision


def restate_if_published(
    session: Session, actor: Actor, wave: Wave, reason: str, revisions: list[Revision], *, now: datetime
) -> StoredRanking | None:
    """Restate the ranking of a wave that is held; None where there is none yet, or nothing was corrected."""
    replaced = latest_ranking(session, wave.id)
    if replaced is None or not revisions:
        return None
    details = {"revisions": sorted(str(revision.id) for revision in revisions)}
    return restate(session, actor, replaced, reason, {**details}, now=now)


def _amended(checklist: Checklist, newest: Answers, plan: Rescoring) -> Amended:
    try:
        return amend(checklist, newest, plan.recorded or newest, plan.amendments)
    except AmendmentError as error:
        raise AmendmentNotPossibleError(f"visit {plan.visit.id}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Settling:
    """What a correction leaves to be settled.

    Attributes:
        found: what the corrected visit was found wanting, by item.
        changed: the named items that were found wanting otherwise before, or not at all.
    """

    plan: Rescoring
    revision: Revision
    found: Mapping[str, FoundDeficiency]
    changed: frozenset[str]


def _settling(
    plan: Rescoring, revision: Revision, checklist: Checklist, before: Answers, after: Answers
) -> _Settling:
    earlier = {one.item: (one.credit, one.severity) for one in find_deficiencies(checklist, before)}
    found = {one.item: one for one in find_deficiencies(checklist, after)}
    changed = {
        code
        for code in plan.amendments
        if earlier.get(code) != (None if code not in found else (found[code].credit, found[code].severity))
    }
    return _Settling(plan, revision, found, frozenset(changed))


def _take_back(
    session: Session, actor: Actor, settling: _Settling, standing: Mapping[str, Deficiency], now: datetime
) -> None:
    """Take back what is not wanting any more, or wanting otherwise."""
    changed = [(one, one.state) for code, one in standing.items() if code in settling.changed]
    for deficiency, state in changed:
        require_step(state, DeficiencyState.UPHELD)
        deficiency.state = DeficiencyState.UPHELD
        session.add(TakenBack(deficiency_id=deficiency.id, revision_id=settling.revision.id))
    flush_or_conflict(session, f"the deficiencies of visit {settling.plan.visit.id} are taken back")
    for deficiency, state in changed:
        _record(session, actor, "take_back_deficiency", deficiency, state, settling.plan.reason, now)


def _find_anew(session: Session, actor: Actor, settling: _Settling, now: datetime, timezone: tzinfo) -> None:
    """Find what is wanting by the correction, and was not so before."""
    visit, today = settling.plan.visit, day_of(now, timezone)
    days = working_days(session)
    new = [
        Deficiency(
            wave_id=visit.wave_id,
            branch_id=visit.target.branch_id,
            visit_id=visit.id,
            revision_id=settling.revision.id,
            item_code=found.item,
            flow=found.flow,
            situation=found.situation,
            staff_role=found.role,
            severity=found.severity,
            points_lost=found.points_lost,
            state=DeficiencyState.OPEN,
            due_on=days.add(today, days_to_mend(visit.wave, found)),
            found_at=now,
        )
        for code, found in settling.found.items()
        if code in settling.changed
    ]
    session.add_all(new)
    flush_or_conflict(session, f"visit {visit.id} is found wanting otherwise")
    for deficiency in new:
        _record(session, actor, "find_deficiency", deficiency, None, settling.plan.reason, now)


def _record(
    session: Session,
    actor: Actor,
    action: str,
    deficiency: Deficiency,
    before: DeficiencyState | None,
    reason: str,
    now: datetime,
) -> None:
    journal.record(
        session,
        actor,
        action,
        "deficiency",
        str(deficiency.id),
        now=now,
        from_state=None if before is None else before.value,
        to_state=deficiency.state.value,
        reason=reason,
    )
