"""A branch's questions about its appeals: what it disputed and what became of it. Nothing tells of people."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.checklist import Item, Section
from inspect_app.errors import NotFoundError
from inspect_app.models.appeals import (
    Appeal,
    AppealDecision,
    AppealItem,
    AppealOutcome,
    AppealPhoto,
    AppealState,
    Ground,
)
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Target, Wave, WaveState
from inspect_app.queries.calendar import appeal_window
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.scope import visible_branch_ids
from inspect_app.working_days import BANK_TIME, day_of


@dataclass(frozen=True, slots=True)
class BranchAppealItem:
    """A disputed item as its branch sees it.

    Attributes:
        outcome: of the last decision; None as long as there is none, or it is to be decided anew.
        reason: of that decision, as quality control's; empty without one.
    """

    item_id: uuid.UUID
    deficiency_id: uuid.UUID
    section: Section
    item: Item
    outcome: AppealOutcome | None
    reason: str
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """A score that a visit had, and from which day and why.

    Attributes:
        number: of the revision, 1 for the first that counted; `score` in hundredths of a point.
        reason: why it was corrected; empty for what was found at first.
        on: None for what was found at first: a visit has no day.
    """

    number: int
    score: int | None
    reason: str
    on: date | None


@dataclass(frozen=True, slots=True)
class BranchAppeal:
    """An appeal as its branch sees it.

    Attributes:
        reason: why it was closed undecided or taken up again; empty where neither happened.
        scores: what the visit came to, correction by correction.
    """

    id: uuid.UUID
    version: int
    visit_id: uuid.UUID
    wave_id: uuid.UUID
    wave_code: str
    wave_name: str
    branch_code: str
    branch_name: str
    state: AppealState
    ground: Ground
    words: str
    photos: tuple[uuid.UUID, ...]
    filed_on: date
    settled_by: date
    reason: str
    can_withdraw: bool
    items: tuple[BranchAppealItem, ...]
    scores: tuple[ScoreStep, ...]


def appeals_of_branch(
    session: Session, user: User, *, timezone: tzinfo = BANK_TIME
) -> tuple[BranchAppeal, ...]:
    """Return the appeals of the user's branches, those filed last first."""
    rows = session.execute(
        select(Appeal, Wave, Target.branch_code, Target.branch_name)
        .join(Wave, Wave.id == Appeal.wave_id)
        .join(Visit, Visit.id == Appeal.visit_id)
        .join(Target, Target.id == Visit.target_id)
        .where(Appeal.branch_id.in_(visible_branch_ids(user)))
        .order_by(Appeal.filed_at.desc(), Appeal.id)
    ).all()
    ids = [appeal.id for appeal, *_ in rows]
    items = _items(session, [appeal for appeal, *_ in rows], timezone)
    photos = _photos(session, ids)
    scores = _scores(session, {appeal.visit_id for appeal, *_ in rows}, timezone)
    return tuple(
        _appeal(
            _Row(session, appeal, wave, branch_code, branch_name, timezone),
            items.get(appeal.id, ()),
            photos.get(appeal.id, ()),
            scores.get(appeal.visit_id, ()),
        )
        for appeal, wave, branch_code, branch_name in rows
    )


def appeal_of_branch(
    session: Session, user: User, appeal_id: uuid.UUID, *, timezone: tzinfo = BANK_TIME
) -> BranchAppeal:
    """Return one appeal of a branch that the user may see.

    Raises:
        NotFoundError: there is none, or it is another branch's.
    """
    found = next(
        (one for one in appeals_of_branch(session, user, timezone=timezone) if one.id == appeal_id), None
    )
    if found is None:
        raise NotFoundError(f"appeal {appeal_id}")
    return found


def own_appeal(session: Session, user: User, appeal_id: uuid.UUID) -> Appeal:
    """Return the row of an appeal of a branch that the user may see, for whoever withdraws it.

    Raises:
        NotFoundError: there is none, or it is another branch's.
    """
    appeal = session.scalar(
        select(Appeal).where(Appeal.id == appeal_id, Appeal.branch_id.in_(visible_branch_ids(user)))
    )
    if appeal is None:
        raise NotFoundError(f"appeal {appeal_id}")
    return appeal


def can_appeal(session: Session, wave: Wave, today: date, timezone: tzinfo) -> bool:
    """Say whether items of a wave can be disputed on a day."""
    return wave.state is WaveState.DISCLOSED and today <= appeal_window(session, wave, timezone).until


def corrections_of_visit(
    session: Session, user: User, visit_id: uuid.UUID, *, timezone: tzinfo = BANK_TIME
) -> tuple[ScoreStep, ...]:
    """Return every score that a visit had since it was shown, the first one first.

    Raises:
        NotFoundError: there is no such visit, it is not shown, or its branch is not the user's.
    """
    seen = session.scalar(
        select(Visit.id)
        .join(Target, Target.id == Visit.target_id)
        .where(
            Visit.id == visit_id,
            Visit.state.in_((VisitState.DISCLOSED, VisitState.PUBLISHED)),
            Target.branch_id.in_(visible_branch_ids(user)),
        )
    )
    if seen is None:
        raise NotFoundError(f"visit {visit_id}")
    return _scores(session, {visit_id}, timezone).get(visit_id, ())


@dataclass(frozen=True, slots=True)
class _Row:
    session: Session
    appeal: Appeal
    wave: Wave
    branch_code: str
    branch_name: str
    timezone: tzinfo


def _appeal(
    row: _Row,
    items: tuple[BranchAppealItem, ...],
    photos: tuple[uuid.UUID, ...],
    scores: tuple[ScoreStep, ...],
) -> BranchAppeal:
    appeal = row.appeal
    is_open = appeal.state is AppealState.OPEN and row.wave.state is WaveState.DISCLOSED
    reason = appeal.reopening_reason if appeal.state is AppealState.REOPENED else appeal.closing_reason
    return BranchAppeal(
        id=appeal.id,
        version=appeal.version,
        visit_id=appeal.visit_id,
        wave_id=appeal.wave_id,
        wave_code=row.wave.code,
        wave_name=row.wave.name,
        branch_code=row.branch_code,
        branch_name=row.branch_name,
        state=appeal.state,
        ground=appeal.ground,
        words=appeal.words,
        photos=photos,
        filed_on=day_of(appeal.filed_at, row.timezone),
        settled_by=appeal_window(row.session, row.wave, row.timezone).settled_by,
        reason=reason or "",
        can_withdraw=is_open and all(item.outcome is None for item in items),
        items=items,
        scores=scores,
    )


def _items(
    session: Session, appeals: Sequence[Appeal], timezone: tzinfo
) -> Mapping[uuid.UUID, tuple[BranchAppealItem, ...]]:
    rows = session.execute(
        select(AppealItem, Revision.checklist_hash)
        .join(Appeal, Appeal.id == AppealItem.appeal_id)
        .join(Revision, Revision.id == Appeal.revision_id)
        .where(AppealItem.appeal_id.in_([appeal.id for appeal in appeals]))
        .order_by(AppealItem.appeal_id, AppealItem.item_code)
    ).all()
    decided = _last_decisions(session, [item.id for item, _hash in rows])
    found: dict[uuid.UUID, tuple[BranchAppealItem, ...]] = {}
    for item, checklist_hash in rows:
        section, asked = place_of(session, checklist_hash, item.item_code)
        told = None if item.is_waiting else decided.get(item.id)
        shown = BranchAppealItem(
            item_id=item.id,
            deficiency_id=item.deficiency_id,
            section=section,
            item=asked,
            outcome=None if told is None else told.outcome,
            reason="" if told is None else told.reason,
            decided_on=None if told is None else day_of(told.decided_at, timezone),
        )
        found[item.appeal_id] = (*found.get(item.appeal_id, ()), shown)
    return found


def place_of(session: Session, checklist_hash: str, code: str) -> tuple[Section, Item]:
    """Return an item of a checklist, and the section in which it stands.

    Raises:
        NotFoundError: the checklist has no such item.
    """
    for section in checklist_of(session, checklist_hash).sections:
        for item in section.items:
            if item.code == code:
                return section, item
    raise NotFoundError(f"item {code} of checklist {checklist_hash}")


def _last_decisions(session: Session, item_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, AppealDecision]:
    rows = session.scalars(
        select(AppealDecision)
        .where(AppealDecision.item_id.in_(item_ids))
        .order_by(AppealDecision.item_id, AppealDecision.number)
    )
    return {row.item_id: row for row in rows}


def _photos(session: Session, appeal_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[uuid.UUID, ...]]:
    rows = session.execute(
        select(AppealPhoto.appeal_id, AppealPhoto.photo_id)
        .where(AppealPhoto.appeal_id.in_(appeal_ids))
        .order_by(AppealPhoto.appeal_id, AppealPhoto.photo_id)
    )
    found: dict[uuid.UUID, tuple[uuid.UUID, ...]] = {}
    for appeal_id, photo_id in rows:
        found[appeal_id] = (*found.get(appeal_id, ()), photo_id)
    return found


def _scores(
    session: Session, visit_ids: Collection[uuid.UUID], timezone: tzinfo
) -> Mapping[uuid.UUID, tuple[ScoreStep, ...]]:
    """Return the scores that visits had since they were shown: what was sent last, and each correction."""
    rows = session.execute(
        select(Visit.id, Revision)
        .join(Revision, Revision.inspection_id == Visit.counting_inspection_id)
        .where(Visit.id.in_(visit_ids))
        .order_by(Visit.id, Revision.number)
    )
    found: dict[uuid.UUID, list[ScoreStep]] = {}
    for visit_id, revision in rows:
        steps = found.setdefault(visit_id, [])
        score = None if revision.scores is None else json.loads(revision.scores)["visit"]
        if revision.reason is None:
            # What was sent before it was returned was never shown to anybody at the branch.
            steps[:] = [ScoreStep(1, score, "", None)]
        else:
            on = day_of(revision.made_at, timezone)
            steps.append(ScoreStep(len(steps) + 1, score, revision.reason, on))
    return {visit_id: tuple(steps) for visit_id, steps in found.items()}
