"""A branch answers its deficiencies: a draft that is kept, and a corrective action that is sent."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.corrective_actions import (
    ActionPhoto,
    AnsweredDeficiency,
    Cause,
    CorrectiveAction,
    CorrectiveDraft,
    Measure,
)
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.queries.branch_photos import hashes_in_other_answers
from inspect_app.queries.corrective_actions import (
    DraftPlan,
    draft_fields,
    draft_row,
    draft_rows,
    rounds_so_far,
)
from inspect_app.queries.deficiencies import roles_of_deficiency
from inspect_app.services import journal
from inspect_app.services.branch_photos import PhotoUsedError, own_photos, require_unused
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.services.versions import require_seen
from inspect_app.workflow import require_step
from inspect_app.working_days import BANK_TIME, day_of

__all__ = ["ActionPlan", "DraftPlan", "PhotoUsedError", "save_draft", "send_action"]


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """What a branch answers.

    Attributes:
        owner_role: the code of the staff role that sees to it.
        done_by: not before the day on which it is sent.
    """

    cause: Cause | None
    measure: Measure | None
    measure_words: str
    owner_role: str
    done_by: date | None
    cause_words: str = ""
    photos: tuple[uuid.UUID, ...] = ()


def save_draft(
    session: Session,
    actor: Actor,
    deficiency: Deficiency,
    plan: DraftPlan,
    seen: int | None,
    *,
    now: datetime,
) -> CorrectiveDraft:
    """Keep what a branch has written so far.

    Args:
        seen: the version of the draft that the form showed; None where there was none.

    Raises:
        ConflictError: the deficiency does not wait for an answer.
        StaleError: the draft was saved from somewhere else meanwhile.
    """
    require_step(deficiency.state, DeficiencyState.ANSWERED)
    row = draft_row(session, deficiency.id)
    require_seen(f"the draft about deficiency {deficiency.id}", None if row is None else row.version, seen)
    is_new = row is None
    if row is None:
        row = CorrectiveDraft(deficiency_id=deficiency.id)
        session.add(row)
    row.fields, row.saved_at = draft_fields(plan), now
    flush_or_conflict(session, f"the draft about deficiency {deficiency.id} is saved")
    if is_new:
        journal.record(session, actor, "begin_answer", "deficiency", str(deficiency.id), now=now)
    return row


def send_action(
    session: Session,
    actor: Actor,
    deficiencies: Sequence[Deficiency],
    plan: ActionPlan,
    seen: Mapping[uuid.UUID, int],
    *,
    now: datetime,
    timezone: tzinfo = BANK_TIME,
) -> CorrectiveAction:
    """Answer one deficiency of a branch, or several that have the same cause.

    Args:
        seen: the version of each deficiency that the form showed.

    Raises:
        ConflictError: one of them does not wait for an answer, they are of two branches, or someone else was
            faster.
        StaleError: one of them was changed after the form was opened.
        IncompleteError: something is lacking; `missing` names the fields.
        NotFoundError: a photo is none of the branch's.
        PhotoUsedError: a photo was used for something else before.
    """
    branch_id = _one_branch(deficiencies)
    for deficiency in deficiencies:
        require_step(deficiency.state, DeficiencyState.ANSWERED)
        require_seen(f"deficiency {deficiency.id}", deficiency.version, seen.get(deficiency.id))
    cause, measure, done_by = _whole(session, deficiencies, plan, day_of(now, timezone))
    photos = own_photos(session, branch_id, plan.photos)
    ids = [deficiency.id for deficiency in deficiencies]
    require_unused(photos, hashes_in_other_answers(session, {one.sha256 for one in photos}, ids))
    action = CorrectiveAction(
        branch_id=branch_id,
        cause=cause,
        cause_words=plan.cause_words.strip(),
        measure=measure,
        measure_words=plan.measure_words.strip(),
        owner_role=plan.owner_role,
        done_by=done_by,
        sent_at=now,
    )
    session.add(action)
    session.flush()
    for deficiency in deficiencies:
        deficiency.state = DeficiencyState.ANSWERED
        session.add(_answered(session, action, deficiency))
    session.add_all(ActionPhoto(action_id=action.id, photo_id=photo.id) for photo in photos)
    for draft in draft_rows(session, ids):
        session.delete(draft)
    flush_or_conflict(session, f"corrective action {action.id} is sent")
    for deficiency in deficiencies:
        _record(session, actor, deficiency, action, now)
    return action


def _one_branch(deficiencies: Sequence[Deficiency]) -> uuid.UUID:
    branches = {deficiency.branch_id for deficiency in deficiencies}
    if len(branches) != 1 or len({deficiency.id for deficiency in deficiencies}) != len(deficiencies):
        raise ConflictError("an answer is about deficiencies of one branch, each named once")
    return branches.pop()


def _whole(
    session: Session, deficiencies: Sequence[Deficiency], plan: ActionPlan, today: date
) -> tuple[Cause, Measure, date]:
    """Return what must be there, or raise naming all that is not.

    Raises:
        IncompleteError: something is lacking.
    """
    roles = [roles_of_deficiency(session, deficiency) for deficiency in deficiencies]
    lacking = {
        "cause": plan.cause is None,
        "cause_words": plan.cause is Cause.OTHER and not plan.cause_words.strip(),
        "measure": plan.measure is None,
        "measure_words": not plan.measure_words.strip(),
        "owner_role": not all(plan.owner_role in known for known in roles),
        "done_by": plan.done_by is None or plan.done_by < today,
    }
    missing = tuple(name for name, is_lacking in lacking.items() if is_lacking)
    if missing or plan.cause is None or plan.measure is None or plan.done_by is None:
        raise IncompleteError(f"an answer needs {missing[0]}", missing)
    return plan.cause, plan.measure, plan.done_by


def _answered(session: Session, action: CorrectiveAction, deficiency: Deficiency) -> AnsweredDeficiency:
    with session.no_autoflush:
        before = rounds_so_far(session, deficiency.id)
    return AnsweredDeficiency(action_id=action.id, deficiency_id=deficiency.id, round=before + 1)


def _record(
    session: Session, actor: Actor, deficiency: Deficiency, action: CorrectiveAction, now: datetime
) -> None:
    journal.record(
        session,
        actor,
        "answer_deficiency",
        "deficiency",
        str(deficiency.id),
        now=now,
        from_state=DeficiencyState.OPEN.value,
        to_state=deficiency.state.value,
        details={"action": str(action.id), "cause": action.cause, "measure": action.measure},
    )
