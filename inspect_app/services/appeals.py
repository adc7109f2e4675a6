"""A branch disputes items of one visit, and may take that back; an appeal can end without a decision."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from checklists.amending import stands_together
from checklists.checklist import Checklist
from checklists.filled import Answers
from checklists.json_values import Json
from checklists.recorded import recorded_text
from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.appeals import Appeal, AppealItem, AppealPhoto, AppealState, Ground
from inspect_app.models.base import new_id
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.branch_photos import hashes_in_other_appeals
from inspect_app.queries.calendar import appeal_window, working_days
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.holding import hold_visit, rely_on_wave
from inspect_app.queries.inspections import answers_of, newest_revision_of_visit
from inspect_app.queries.standing import (
    appeal_again,
    deficiencies_again,
    disputed_codes,
    items_of_appeal,
    visit_with_wave,
)
from inspect_app.services import journal
from inspect_app.services.branch_photos import own_photos, require_unused
from inspect_app.services.deadlines import due_after_pause
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.services.versions import require_seen
from inspect_app.workflow import require_step
from inspect_app.working_days import BANK_TIME, day_of


class TooLateError(ConflictError):
    """The days to appeal are over, or the wave is published already."""


@dataclass(frozen=True, slots=True)
class AppealPlan:
    """Why a branch disputes what was recorded, with its evidence."""

    ground: Ground
    words: str
    photos: tuple[uuid.UUID, ...] = ()


def file_appeal(
    session: Session,
    actor: Actor,
    deficiencies: Sequence[Deficiency],
    plan: AppealPlan,
    seen: Mapping[uuid.UUID, int],
    *,
    now: datetime,
    timezone: tzinfo = BANK_TIME,
) -> Appeal:
    """Dispute what was found wanting on one visit. What is due stands still until it is decided.

    Args:
        seen: the version of each deficiency that the form showed.

    Raises:
        ConflictError: one of them is not open or was disputed before, they are of several visits, or someone
            else was faster.
        TooLateError: the days to appeal are over.
        StaleError: one of them was changed after the form was opened.
        IncompleteError: no words; or `missing` names the items that can only be disputed together with these.
        NotFoundError: a photo is none of the branch's.
        PhotoUsedError: a photo was used for something else before.
    """
    visit = _visit_of(session, deficiencies)
    rely_on_wave(session, visit.wave)
    hold_visit(session, visit)
    _require_time(session, visit.wave, now, timezone)
    disputed = deficiencies_again(session, [one.id for one in deficiencies])
    for deficiency in disputed:
        require_seen(f"deficiency {deficiency.id}", deficiency.version, seen.get(deficiency.id))
        require_step(deficiency.state, DeficiencyState.DISPUTED)
    _require_undisputed(session, visit, disputed)
    if not plan.words.strip():
        raise IncompleteError("an appeal says why, in words", ("words",))
    record = _record_of(session, visit)
    _require_whole(record, disputed)
    photos = own_photos(session, disputed[0].branch_id, plan.photos)
    require_unused(photos, hashes_in_other_appeals(session, {one.sha256 for one in photos}, visit.id))
    appeal = Appeal(
        id=new_id(),
        wave_id=visit.wave_id,
        branch_id=disputed[0].branch_id,
        visit_id=visit.id,
        revision_id=record.revision.id,
        ground=plan.ground,
        words=plan.words.strip(),
        state=AppealState.OPEN,
        filed_at=now,
    )
    session.add(appeal)
    session.flush()
    session.add_all(_item(appeal, deficiency, record) for deficiency in disputed)
    session.add_all(AppealPhoto(appeal_id=appeal.id, photo_id=photo.id) for photo in photos)
    for deficiency in disputed:
        deficiency.state = DeficiencyState.DISPUTED
    flush_or_conflict(session, f"items of visit {visit.id} are disputed")
    codes = [deficiency.item_code for deficiency in disputed]
    record_step(session, actor, "file_appeal", appeal, None, now=now, details={"items": [*codes]})
    for deficiency in disputed:
        record_deficiency(session, actor, "dispute_deficiency", deficiency, DeficiencyState.OPEN, now=now)
    return appeal


def withdraw(
    session: Session,
    actor: Actor,
    appeal: Appeal,
    seen: int,
    *,
    now: datetime,
    timezone: tzinfo = BANK_TIME,
) -> Appeal:
    """Take an appeal back before anything of it is decided: what it disputed is open again.

    Raises:
        ConflictError: it is decided, in part or whole, or closed; or someone else was faster.
        StaleError: it was changed after the form was opened.
    """
    visit = visit_with_wave(session, appeal.visit_id)
    rely_on_wave(session, visit.wave)
    hold_visit(session, visit)
    appeal = appeal_again(session, appeal.id)
    require_seen(f"appeal {appeal.id}", appeal.version, seen)
    return end_undecided(session, actor, appeal, AppealState.WITHDRAWN, now=now, timezone=timezone)


def end_undecided(
    session: Session,
    actor: Actor,
    appeal: Appeal,
    state: AppealState,
    *,
    now: datetime,
    timezone: tzinfo,
    reason: str | None = None,
) -> Appeal:
    """Let an appeal end without a decision, its visit being held: withdrawn by the branch, or closed.

    What it disputed is open again, with as many days as it had; what was decided of it stays decided.

    Raises:
        ConflictError: its state does not allow it, something of it is decided and it is to be withdrawn, or
            someone else was faster.
    """
    require_step(appeal.state, state)
    items = items_of_appeal(session, appeal.id)
    if state is AppealState.WITHDRAWN and any(item.outcome is not None for item in items):
        raise ConflictError(f"appeal {appeal.id} is decided in part, and cannot be withdrawn")
    waiting = [item for item in items if item.is_waiting]
    disputed = [
        one
        for one in deficiencies_again(session, [item.deficiency_id for item in waiting])
        if one.state is DeficiencyState.DISPUTED
    ]
    before, appeal.state = appeal.state, state
    appeal.closing_reason = reason
    for item in waiting:
        item.is_waiting, item.is_withdrawn = False, state is AppealState.WITHDRAWN
    reopen_deficiencies(session, appeal, disputed, now=now, timezone=timezone)
    flush_or_conflict(session, f"appeal {appeal.id} is {state.value}")
    action = "withdraw_appeal" if state is AppealState.WITHDRAWN else "close_appeal"
    record_step(session, actor, action, appeal, before, now=now, reason=reason)
    for deficiency in disputed:
        record_deficiency(
            session, actor, "reopen_deficiency", deficiency, DeficiencyState.DISPUTED, now=now, reason=reason
        )
    return appeal


def reopen_deficiencies(
    session: Session, appeal: Appeal, disputed: Sequence[Deficiency], *, now: datetime, timezone: tzinfo
) -> None:
    """Let what was disputed wait for the branch's answer again; the days of the dispute do not count."""
    with session.no_autoflush:
        days = working_days(session)
    filed_on, today = day_of(appeal.filed_at, timezone), day_of(now, timezone)
    for deficiency in disputed:
        require_step(deficiency.state, DeficiencyState.OPEN)
        deficiency.state = DeficiencyState.OPEN
        deficiency.due_on = due_after_pause(days, deficiency.due_on, filed_on, today)


def record_step(
    session: Session,
    actor: Actor,
    action: str,
    appeal: Appeal,
    before: AppealState | None,
    *,
    now: datetime,
    reason: str | None = None,
    details: Mapping[str, Json] | None = None,
) -> None:
    """Write down what was done with an appeal."""
    journal.record(
        session,
        actor,
        action,
        "appeal",
        str(appeal.id),
        now=now,
        from_state=None if before is None else before.value,
        to_state=appeal.state.value,
        reason=reason,
        details=details,
    )


def record_deficiency(
    session: Session,
    actor: Actor,
    action: str,
    deficiency: Deficiency,
    before: DeficiencyState,
    *,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Write down what became of a deficiency that is or was disputed."""
    journal.record(
        session,
        actor,
        action,
        "deficiency",
        str(deficiency.id),
        now=now,
        from_state=before.value,
        to_state=deficiency.state.value,
        reason=reason,
    )


def _visit_of(session: Session, deficiencies: Sequence[Deficiency]) -> Visit:
    visits = {deficiency.visit_id for deficiency in deficiencies}
    if len(visits) != 1 or len({one.id for one in deficiencies}) != len(deficiencies):
        raise ConflictError("an appeal disputes items of one visit, each named once")
    return visit_with_wave(session, visits.pop())


def _require_time(session: Session, wave: Wave, now: datetime, timezone: tzinfo) -> None:
    if wave.state is not WaveState.DISCLOSED:
        raise TooLateError(f"wave {wave.code} is {wave.state.value}: nothing of it can be disputed")
    until = appeal_window(session, wave, timezone).until
    if day_of(now, timezone) > until:
        raise TooLateError(f"items of wave {wave.code} could be disputed until {until}")


def _require_undisputed(session: Session, visit: Visit, disputed: Sequence[Deficiency]) -> None:
    before = disputed_codes(session, visit.id)
    again = sorted(before & {deficiency.item_code for deficiency in disputed})
    if again:
        raise ConflictError(f"item {again[0]} of visit {visit.id} was disputed before")


@dataclass(frozen=True, slots=True)
class _Record:
    """The revision that a branch disputes, with what it says."""

    revision: Revision
    checklist: Checklist
    answers: Answers


def _record_of(session: Session, visit: Visit) -> _Record:
    revision = newest_revision_of_visit(session, visit)
    if revision is None:
        raise ConflictError(f"visit {visit.id} has nothing to dispute")
    return _Record(revision, checklist_of(session, revision.checklist_hash), answers_of(revision))


def _require_whole(record: _Record, disputed: Sequence[Deficiency]) -> None:
    """Raise where something can only be disputed together with what is not named.

    Raises:
        IncompleteError: `missing` names it.
    """
    named = {deficiency.item_code for deficiency in disputed}
    together = {code for one in named for code in stands_together(record.checklist, record.answers, one)}
    missing = tuple(sorted(together - named))
    if missing:
        raise IncompleteError("where nobody acted, all items are disputed together", missing)


def _item(appeal: Appeal, deficiency: Deficiency, record: _Record) -> AppealItem:
    return AppealItem(
        appeal_id=appeal.id,
        visit_id=deficiency.visit_id,
        deficiency_id=deficiency.id,
        item_code=deficiency.item_code,
        recorded=recorded_text(record.answers, deficiency.situation, deficiency.item_code),
        is_waiting=True,
        is_withdrawn=False,
    )
