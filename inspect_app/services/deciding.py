"""Quality control decides on disputed items: one, or the identical ones of a wave together, all or none."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from checklists.amending import Amendment
from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.models.appeals import (
    Appeal,
    AppealDecision,
    AppealItem,
    AppealOutcome,
    AppealState,
    InspectorFinding,
)
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.models.inspections import Revision
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.visits import Visit
from inspect_app.queries.holding import hold_visit
from inspect_app.queries.inspections import answers_of
from inspect_app.queries.standing import (
    ALIVE,
    decisions_so_far,
    items_again,
    items_of_appeal,
    reviewers_of,
    revision_with_id,
    standing_deficiencies,
    visits_with_waves,
)
from inspect_app.services.appeals import record_deficiency, record_step, reopen_deficiencies
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.services.rescoring import (
    AmendmentNotPossibleError,
    Rescoring,
    hold_for_rescoring,
    rescore,
    restate_if_published,
)
from inspect_app.services.versions import require_seen
from inspect_app.workflow import require_step
from inspect_app.working_days import BANK_TIME

__all__ = ["AmendmentNotPossibleError", "Decided", "ItemDecision", "OwnReviewError", "decide"]

AMENDMENTS: Mapping[AppealOutcome, Amendment] = {
    AppealOutcome.UPHELD: Amendment.FULL,
    AppealOutcome.PARTLY_UPHELD: Amendment.PARTIAL,
    AppealOutcome.NOT_APPLICABLE: Amendment.LEFT_OUT,
    AppealOutcome.DISMISSED: Amendment.AS_RECORDED,
}
"""What each outcome makes of the record that was disputed."""

SEPARATOR = "；"


class OwnReviewError(ConflictError):
    """Who decides has reviewed the inspection: someone else has to."""


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """What is decided about one item.

    Attributes:
        outcome: whether the branch was right; `finding`, apart from it, what it showed about the record.
        reason: for the branch, as that of quality control.
        seen: the version of the item that the form showed.
    """

    item_id: uuid.UUID
    outcome: AppealOutcome
    reason: str
    finding: InspectorFinding
    seen: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision made: a revision of each visit that it changes, and the restated ranking if any."""

    revisions: tuple[Revision, ...]
    ranking: StoredRanking | None


def decide(
    session: Session,
    actor: Actor,
    decisions: Sequence[ItemDecision],
    *,
    now: datetime,
    timezone: tzinfo = BANK_TIME,
) -> Decided:
    """Decide on disputed items of one wave, all or none.

    Raises:
        NotFoundError: there is no such item.
        ConflictError: one of them does not wait for a decision, they are of two waves, or someone else was
            faster.
        StaleError: one of them was changed after the form was opened.
        OwnReviewError: who decides has reviewed one of the inspections.
        AmendmentNotPossibleError: an outcome would change items that are not named.
        IncompleteError: a reason is lacking; `missing` names the items.
    """
    blank = tuple(str(one.item_id) for one in decisions if not one.reason.strip())
    if blank or not decisions:
        raise IncompleteError("an appeal is decided with a reason", blank or ("items",))
    by_item = {one.item_id: one for one in decisions}
    visits = _held_visits(session, by_item)
    items = items_again(session, by_item)
    _require_decidable(session, actor, items, by_item)
    made = [
        _decide_case(session, actor, case, now=now, timezone=timezone)
        for case in _cases(visits, items, by_item)
    ]
    corrected = [revision for revision in made if revision is not None]
    reason = _joined([one.reason for one in decisions])
    ranking = restate_if_published(session, actor, visits[0].wave, reason, corrected, now=now)
    return Decided(tuple(corrected), ranking)


def _held_visits(session: Session, by_item: Mapping[uuid.UUID, ItemDecision]) -> Sequence[Visit]:
    """Return the visits that are decided on, held, with their wave, so that all of them stand still."""
    known = items_again(session, by_item)
    if len(known) != len(by_item):
        raise NotFoundError("an item that is to be decided")
    visits = visits_with_waves(session, {item.visit_id for item in known})
    if len({visit.wave_id for visit in visits}) != 1:
        raise ConflictError("items of one wave are decided together")
    hold_for_rescoring(session, visits[0].wave)
    for visit in visits:
        hold_visit(session, visit)
    return visits


def _require_decidable(
    session: Session, actor: Actor, items: Sequence[AppealItem], by_item: Mapping[uuid.UUID, ItemDecision]
) -> None:
    if actor.user_id is None:
        raise ConflictError("an appeal is decided by a user, who is written down with the decision")
    reviewers = reviewers_of(session, {item.visit_id for item in items})
    for item in items:
        require_seen(f"item {item.item_code} of appeal {item.appeal_id}", item.version, by_item[item.id].seen)
        if not item.is_waiting or item.appeal.state not in ALIVE:
            raise ConflictError(f"item {item.item_code} of appeal {item.appeal_id} waits for no decision")
        if actor.user_id in reviewers.get(item.visit_id, frozenset()):
            raise OwnReviewError(f"visit {item.visit_id} was reviewed by who is to decide on it")


@dataclass(frozen=True, slots=True)
class _Case:
    """The items of one disputed revision of a visit that are decided now."""

    visit: Visit
    items: Sequence[AppealItem]
    decisions: Mapping[uuid.UUID, ItemDecision]

    def decision(self, item: AppealItem) -> ItemDecision:
        """What is decided about an item."""
        return self.decisions[item.id]


def _cases(
    visits: Sequence[Visit], items: Sequence[AppealItem], by_item: Mapping[uuid.UUID, ItemDecision]
) -> list[_Case]:
    """Return what is decided, visit by visit in the order in which they are held."""
    cases = []
    for visit in visits:
        own = [item for item in items if item.visit_id == visit.id]
        for revision_id in sorted({item.appeal.revision_id for item in own}):
            disputed = [item for item in own if item.appeal.revision_id == revision_id]
            cases.append(_Case(visit, disputed, by_item))
    return cases


def _decide_case(
    session: Session, actor: Actor, case: _Case, *, now: datetime, timezone: tzinfo
) -> Revision | None:
    amendments = {item.item_code: AMENDMENTS[case.decision(item).outcome] for item in case.items}
    recorded = answers_of(revision_with_id(session, case.items[0].appeal.revision_id))
    reason = _joined([case.decision(item).reason for item in case.items])
    plan = Rescoring(case.visit, recorded, amendments, reason)
    revision = rescore(session, actor, plan, now=now, timezone=timezone)
    _let_stand(session, actor, case, now=now, timezone=timezone)
    numbers = decisions_so_far(session, [item.id for item in case.items])
    for item in case.items:
        decision = case.decision(item)
        session.add(_decision(actor, item, decision, numbers.get(item.id, 0) + 1, revision, now))
        item.outcome, item.is_waiting = decision.outcome, False
    flush_or_conflict(session, f"items of visit {case.visit.id} are decided")
    for appeal in {item.appeal_id: item.appeal for item in case.items}.values():
        _settle_appeal(session, actor, appeal, case, now)
    return revision


def _decision(
    actor: Actor,
    item: AppealItem,
    decision: ItemDecision,
    number: int,
    revision: Revision | None,
    now: datetime,
) -> AppealDecision:
    return AppealDecision(
        item_id=item.id,
        number=number,
        outcome=decision.outcome,
        finding=decision.finding,
        reason=decision.reason.strip(),
        revision_id=None if revision is None else revision.id,
        decider_id=actor.user_id,
        decided_at=now,
    )


def _let_stand(session: Session, actor: Actor, case: _Case, *, now: datetime, timezone: tzinfo) -> None:
    """Let what stays wanting after a decision wait for the branch's answer again."""
    codes = {item.item_code: item for item in case.items}
    standing = standing_deficiencies(session, case.visit.id, codes)
    disputed = [one for one in standing.values() if one.state is DeficiencyState.DISPUTED]
    for deficiency in disputed:
        appeal = codes[deficiency.item_code].appeal
        reopen_deficiencies(session, appeal, [deficiency], now=now, timezone=timezone)
    flush_or_conflict(session, f"what visit {case.visit.id} was found wanting is open again")
    for deficiency in disputed:
        reason = case.decision(codes[deficiency.item_code]).reason.strip()
        record_deficiency(
            session, actor, "reopen_deficiency", deficiency, DeficiencyState.DISPUTED, now=now, reason=reason
        )


def _settle_appeal(session: Session, actor: Actor, appeal: Appeal, case: _Case, now: datetime) -> None:
    """Let an appeal be decided once all of its items are; write down what was decided of each."""
    before = appeal.state
    if not any(item.is_waiting for item in items_of_appeal(session, appeal.id)):
        require_step(appeal.state, AppealState.DECIDED)
        appeal.state = AppealState.DECIDED
    flush_or_conflict(session, f"appeal {appeal.id} is decided")
    for item in case.items:
        if item.appeal_id == appeal.id:
            decision = case.decision(item)
            record_step(
                session,
                actor,
                "decide_appeal",
                appeal,
                before,
                now=now,
                reason=decision.reason.strip(),
                details={
                    "item": item.item_code,
                    "outcome": decision.outcome,
                    "finding": decision.finding,
                },
            )


def _joined(reasons: Sequence[str]) -> str:
    return SEPARATOR.join(dict.fromkeys(reason.strip() for reason in reasons))
