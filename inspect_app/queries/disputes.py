"""Questions of quality control about appeals: what waits, and one appeal with all that a decision needs."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from fractions import Fraction

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from checklists.amending import IN_FAVOUR, Amendment, offered, stands_together
from checklists.checklist import Checklist, Item, Section
from checklists.crediting import credit
from checklists.deficiencies import Severity
from checklists.files.answers_json import read_answers
from checklists.filled import Answer, Answers
from checklists.scoring import Gate
from inspect_app.errors import NotFoundError
from inspect_app.models.appeals import (
    Appeal,
    AppealDecision,
    AppealItem,
    AppealOutcome,
    AppealPhoto,
    AppealState,
    InspectorFinding,
)
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Target, Wave
from inspect_app.queries.appeals import place_of
from inspect_app.queries.calendar import AppealWindow, appeal_window
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import answers_of, newest_revision_of_visit
from inspect_app.queries.scope import HEAD_OFFICE
from inspect_app.queries.standing import ALIVE, reviewers_of, visit_with_wave
from inspect_app.working_days import BANK_TIME

OUTCOMES: Mapping[Amendment, AppealOutcome] = {
    Amendment.FULL: AppealOutcome.UPHELD,
    Amendment.PARTIAL: AppealOutcome.PARTLY_UPHELD,
    Amendment.LEFT_OUT: AppealOutcome.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class WaitingAppeal:
    """An appeal in a list.

    Attributes:
        items: how many items it disputes; `undecided` how many of them wait.
        is_own_review: who asks has reviewed the inspection, and cannot decide.
    """

    id: uuid.UUID
    wave_id: uuid.UUID
    wave_code: str
    wave_name: str
    branch_code: str
    branch_name: str
    state: AppealState
    items: int
    undecided: int
    filed_at: datetime
    settled_by: date
    is_own_review: bool


@dataclass(frozen=True, slots=True)
class IdenticalCase:
    """A disputed item of another visit of the wave with the same record: to be decided alike."""

    item_id: uuid.UUID
    version: int
    appeal_id: uuid.UUID
    branch_code: str
    branch_name: str
    is_own_review: bool


@dataclass(frozen=True, slots=True)
class PastDecision:
    """What was decided about an item, and when."""

    outcome: AppealOutcome
    finding: InspectorFinding
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A disputed item with all that a decision needs.

    Attributes:
        answer: as it was recorded, with its words; None where nobody acted.
        points_lost: hundredths of a point of the visit.
        offered: what can be decided; dismissing always can.
        together: the items that can only be decided alike and at once, itself among them.
        identical: the same record of other visits of the wave, disputed too.
        same_item: how often the item was found wanting in the wave, disputed or not.
    """

    row: AppealItem
    section: Section
    item: Item
    answer: Answer | None
    gate: Gate
    credit: Fraction
    severity: Severity
    points_lost: int
    offered: tuple[AppealOutcome, ...]
    together: tuple[str, ...]
    identical: tuple[IdenticalCase, ...]
    same_item: int
    history: tuple[PastDecision, ...]


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """An appeal whole, for whoever decides it.

    Attributes:
        reviewed_by_me: who asks has reviewed the inspection, and cannot decide.
    """

    row: Appeal
    visit: Visit
    wave: Wave
    target: Target
    checklist: Checklist
    window: AppealWindow
    photos: tuple[uuid.UUID, ...]
    reviewed_by_me: bool
    items: tuple[OpenItem, ...]


def appeals_waiting(
    session: Session, user: User, *, timezone: tzinfo = BANK_TIME
) -> tuple[WaitingAppeal, ...]:
    """Return what waits to be decided, what is due first first; nothing but for quality control."""
    return _listed(session, user, timezone, Appeal.state.in_(ALIVE))


def appeals_decided(
    session: Session, user: User, *, timezone: tzinfo = BANK_TIME
) -> tuple[WaitingAppeal, ...]:
    """Return the appeals that have ended; after publishing, head office can reopen them."""
    return _listed(session, user, timezone, Appeal.state.not_in(ALIVE))


def open_appeals_of_wave(
    session: Session, user: User, wave: Wave, *, timezone: tzinfo = BANK_TIME
) -> tuple[WaitingAppeal, ...]:
    """Return the appeals that keep a wave from being published."""
    return _listed(session, user, timezone, Appeal.state.in_(ALIVE), Appeal.wave_id == wave.id)


def appeal_row(session: Session, user: User, appeal_id: uuid.UUID) -> Appeal:
    """Return the row of an appeal, for quality control.

    Raises:
        NotFoundError: there is none, or the user is not of head office.
    """
    appeal = session.scalar(select(Appeal).where(Appeal.id == appeal_id))
    if appeal is None or user.kind not in HEAD_OFFICE:
        raise NotFoundError(f"appeal {appeal_id}")
    return appeal


def appeal_to_decide(
    session: Session, user: User, appeal_id: uuid.UUID, *, timezone: tzinfo = BANK_TIME
) -> OpenAppeal:
    """Return an appeal with all that a decision needs, whatever its state, for quality control.

    Raises:
        NotFoundError: there is none, or the user is not of head office.
    """
    appeal = appeal_row(session, user, appeal_id)
    visit = visit_with_wave(session, appeal.visit_id)
    reviewers = reviewers_of(session, {visit.id})
    record = _record(session, appeal, visit)
    photos = session.scalars(
        select(AppealPhoto.photo_id).where(AppealPhoto.appeal_id == appeal.id).order_by(AppealPhoto.photo_id)
    )
    return OpenAppeal(
        row=appeal,
        visit=visit,
        wave=visit.wave,
        target=visit.target,
        checklist=record.checklist,
        window=appeal_window(session, visit.wave, timezone),
        photos=tuple(photos),
        reviewed_by_me=user.id in reviewers.get(visit.id, frozenset()),
        items=_open_items(session, user, appeal, record),
    )


@dataclass(frozen=True, slots=True)
class _Record:
    """What is disputed, beside what counts now."""

    revision: Revision
    checklist: Checklist
    recorded: Answers
    newest: Answers


def _record(session: Session, appeal: Appeal, visit: Visit) -> _Record:
    revision = session.scalars(select(Revision).where(Revision.id == appeal.revision_id)).one()
    newest = newest_revision_of_visit(session, visit) or revision
    return _Record(
        revision,
        checklist_of(session, revision.checklist_hash),
        read_answers(json.loads(revision.answers)),
        answers_of(newest),
    )


def _listed(
    session: Session, user: User, timezone: tzinfo, *conditions: ColumnElement[bool]
) -> tuple[WaitingAppeal, ...]:
    if user.kind not in HEAD_OFFICE:
        return ()
    rows = session.execute(
        select(Appeal, Target.branch_code, Target.branch_name)
        .join(Visit, Visit.id == Appeal.visit_id)
        .join(Target, Target.id == Visit.target_id)
        .where(*conditions)
        .options(joinedload(Appeal.wave))
        .order_by(Appeal.filed_at, Appeal.id)
    ).all()
    counts = _item_counts(session, [appeal.id for appeal, *_ in rows])
    reviewers = reviewers_of(session, {appeal.visit_id for appeal, *_ in rows})
    windows = {
        wave.id: appeal_window(session, wave, timezone)
        for wave in {appeal.wave_id: appeal.wave for appeal, *_ in rows}.values()
    }
    found = [
        WaitingAppeal(
            id=appeal.id,
            wave_id=appeal.wave_id,
            wave_code=appeal.wave.code,
            wave_name=appeal.wave.name,
            branch_code=branch_code,
            branch_name=branch_name,
            state=appeal.state,
            items=counts[appeal.id][0],
            undecided=counts[appeal.id][1],
            filed_at=appeal.filed_at,
            settled_by=windows[appeal.wave_id].settled_by,
            is_own_review=user.id in reviewers.get(appeal.visit_id, frozenset()),
        )
        for appeal, branch_code, branch_name in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.settled_by, one.filed_at, one.branch_code)))


def _item_counts(session: Session, appeal_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[int, int]]:
    """Return how many items appeals dispute, and how many of those wait."""
    rows = session.execute(
        select(AppealItem.appeal_id, AppealItem.is_waiting).where(AppealItem.appeal_id.in_(appeal_ids))
    )
    found: dict[uuid.UUID, tuple[int, int]] = {}
    for appeal_id, is_waiting in rows:
        items, waiting = found.get(appeal_id, (0, 0))
        found[appeal_id] = (items + 1, waiting + is_waiting)
    return found


def _open_items(session: Session, user: User, appeal: Appeal, record: _Record) -> tuple[OpenItem, ...]:
    rows = session.execute(
        select(AppealItem, Deficiency.severity, Deficiency.points_lost, Deficiency.situation)
        .join(Deficiency, Deficiency.id == AppealItem.deficiency_id)
        .where(AppealItem.appeal_id == appeal.id)
        .order_by(AppealItem.item_code)
    ).all()
    codes = [item.item_code for item, *_ in rows]
    found = _found_in_wave(session, appeal.wave_id, codes)
    identical = _identical(session, user, appeal, [item for item, *_ in rows])
    history = _history(session, [item.id for item, *_ in rows])
    credited_items = {
        item.code: (section, item)
        for section in credit(record.checklist, record.recorded).sections
        for item in section.items
    }
    shown = []
    for row, severity, points_lost, situation in rows:
        section, item = place_of(session, record.revision.checklist_hash, row.item_code)
        filled = record.recorded.section(situation)
        given = () if filled is None else filled.answers
        credited_section, credited = credited_items[row.item_code]
        together = stands_together(record.checklist, record.recorded, row.item_code)
        shown.append(
            OpenItem(
                row=row,
                section=section,
                item=item,
                answer=next((one for one in given if one.item == row.item_code), None),
                gate=credited_section.gate,
                credit=credited.credit or Fraction(0),
                severity=severity,
                points_lost=points_lost,
                offered=_offered(record, together),
                together=together,
                identical=identical.get(row.item_code, ()),
                same_item=found.get(row.item_code, 0),
                history=history.get(row.id, ()),
            )
        )
    return tuple(shown)


def _offered(record: _Record, together: tuple[str, ...]) -> tuple[AppealOutcome, ...]:
    possible = offered(record.checklist, record.newest, record.recorded, together)
    in_favour = tuple(OUTCOMES[amendment] for amendment in IN_FAVOUR if amendment in possible)
    return (*in_favour, AppealOutcome.DISMISSED)


def _found_in_wave(session: Session, wave_id: uuid.UUID, codes: Sequence[str]) -> Mapping[str, int]:
    rows = session.execute(
        select(Deficiency.item_code, func.count(func.distinct(Deficiency.visit_id)))
        .where(
            Deficiency.wave_id == wave_id,
            Deficiency.item_code.in_(codes),
            Deficiency.state != DeficiencyState.VOIDED,
        )
        .group_by(Deficiency.item_code)
    )
    return dict(rows.all())


def _identical(
    session: Session, user: User, appeal: Appeal, items: Sequence[AppealItem]
) -> Mapping[str, tuple[IdenticalCase, ...]]:
    """Return the waiting items of other appeals of the wave whose record is the same, by item."""
    rows = session.execute(
        select(AppealItem, Target.branch_code, Target.branch_name)
        .join(Appeal, Appeal.id == AppealItem.appeal_id)
        .join(Visit, Visit.id == AppealItem.visit_id)
        .join(Target, Target.id == Visit.target_id)
        .where(
            Appeal.wave_id == appeal.wave_id,
            Appeal.id != appeal.id,
            Appeal.state.in_(ALIVE),
            AppealItem.is_waiting,
            AppealItem.item_code.in_([item.item_code for item in items]),
        )
        .order_by(Target.branch_code, AppealItem.id)
    ).all()
    reviewers = reviewers_of(session, {item.visit_id for item, *_ in rows})
    recorded = {item.item_code: item.recorded for item in items}
    found: dict[str, tuple[IdenticalCase, ...]] = {}
    for item, branch_code, branch_name in rows:
        if item.recorded == recorded[item.item_code]:
            case = IdenticalCase(
                item.id,
                item.version,
                item.appeal_id,
                branch_code,
                branch_name,
                user.id in reviewers.get(item.visit_id, frozenset()),
            )
            found[item.item_code] = (*found.get(item.item_code, ()), case)
    return found


def _history(
    session: Session, item_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, tuple[PastDecision, ...]]:
    rows = session.scalars(
        select(AppealDecision)
        .where(AppealDecision.item_id.in_(item_ids))
        .order_by(AppealDecision.item_id, AppealDecision.number)
    )
    found: dict[uuid.UUID, tuple[PastDecision, ...]] = {}
    for row in rows:
        told = PastDecision(row.outcome, row.finding, row.reason, row.decided_at)
        found[row.item_id] = (*found.get(row.item_id, ()), told)
    return found
