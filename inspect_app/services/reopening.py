"""Head office takes an appeal up again after its wave was published."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.models.appeals import Appeal, AppealState
from inspect_app.models.visits import VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.holding import hold_visit, rely_on_wave
from inspect_app.queries.standing import appeal_again, items_of_appeal, visit_with_wave
from inspect_app.services.appeals import record_step
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.services.versions import require_seen
from inspect_app.workflow import require_step


def reopen(
    session: Session,
    actor: Actor,
    appeal: Appeal,
    item_ids: Sequence[uuid.UUID],
    reason: str,
    seen: int,
    *,
    now: datetime,
) -> Appeal:
    """Let items of an appeal be decided anew. What is decided otherwise restates the ranking.

    Until then nothing changes: neither the score nor what the branch has to mend.

    Raises:
        ConflictError: the wave is not published, the visit was voided, the appeal waits for a decision
            already, or someone else was faster.
        StaleError: it was changed after the form was opened.
        IncompleteError: no item or no reason is named.
        NotFoundError: an item is not of this appeal.
    """
    if not reason.strip() or not item_ids:
        raise IncompleteError("an appeal is reopened in named items, with a reason", ("reason",))
    visit = visit_with_wave(session, appeal.visit_id)
    rely_on_wave(session, visit.wave)
    hold_visit(session, visit)
    appeal = appeal_again(session, appeal.id)
    require_seen(f"appeal {appeal.id}", appeal.version, seen)
    if visit.wave.state is not WaveState.PUBLISHED or visit.state is not VisitState.PUBLISHED:
        raise ConflictError(f"visit {visit.id} is {visit.state.value}: its appeals are not reopened")
    require_step(appeal.state, AppealState.REOPENED)
    items = {item.id: item for item in items_of_appeal(session, appeal.id)}
    unknown = sorted(set(item_ids) - set(items))
    if unknown:
        raise NotFoundError(f"item {unknown[0]} of appeal {appeal.id}")
    before, appeal.state = appeal.state, AppealState.REOPENED
    appeal.reopening_reason = reason.strip()
    for item_id in item_ids:
        items[item_id].is_waiting, items[item_id].is_withdrawn = True, False
    flush_or_conflict(session, f"appeal {appeal.id} is reopened")
    codes = sorted(items[item_id].item_code for item_id in item_ids)
    record_step(
        session,
        actor,
        "reopen_appeal",
        appeal,
        before,
        now=now,
        reason=reason.strip(),
        details={"items": [*codes]},
    )
    return appeal
