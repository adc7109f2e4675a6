"""How often items were disputed and decided otherwise: where that is often, the wording is to blame."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from checklists.checklist import Item
from inspect_app.models.appeals import (
    Appeal,
    AppealDecision,
    AppealItem,
    AppealOutcome,
    InspectorFinding,
)
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.queries.appeals import place_of
from inspect_app.queries.scope import HEAD_OFFICE


@dataclass(frozen=True, slots=True)
class Overturn:
    """What became of the appeals against one item.

    Attributes:
        item: as a checklist asked for it last.
        found: on how many visits it was found wanting.
        appealed, decided: how often it was disputed, and of those decided; by the last decision each.
        upheld, partly, not_applicable: of the decided, those in the branch's favour.
        careless, unclear: of the decided, those that showed a careless record, or an unclear standard.
    """

    item_code: str
    item: Item
    found: int
    appealed: int
    decided: int
    upheld: int
    partly: int
    not_applicable: int
    careless: int
    unclear: int

    @property
    def rate(self) -> Fraction | None:
        """The exact share of the decided that was decided in the branch's favour; None where none was."""
        overturned = self.upheld + self.partly + self.not_applicable
        return Fraction(overturned, self.decided) if self.decided else None


def overturn_rates(session: Session, user: User, wave_id: uuid.UUID | None) -> tuple[Overturn, ...]:
    """Return the items that were disputed, those overturned most often first, for head office.

    Args:
        wave_id: of the wave that is asked about; None for all waves.
    """
    if user.kind not in HEAD_OFFICE:
        return ()
    of_wave = () if wave_id is None else (Appeal.wave_id == wave_id,)
    rows = session.execute(
        select(AppealItem, Revision.checklist_hash)
        .join(Appeal, Appeal.id == AppealItem.appeal_id)
        .join(Revision, Revision.id == Appeal.revision_id)
        .where(AppealItem.is_withdrawn.is_(False), *of_wave)
        .order_by(AppealItem.item_code, Appeal.filed_at)
    ).all()
    findings = _findings(session, of_wave)
    found = _found(session, wave_id)
    by_code: dict[str, list[AppealItem]] = {}
    hashes: dict[str, str] = {}
    for item, checklist_hash in rows:
        by_code.setdefault(item.item_code, []).append(item)
        hashes[item.item_code] = checklist_hash
    rates = [
        _overturn(code, place_of(session, hashes[code], code)[1], found.get(code, 0), items, findings)
        for code, items in by_code.items()
    ]
    return tuple(sorted(rates, key=lambda one: (-(one.rate or 0), -one.decided, one.item_code)))


def _overturn(
    code: str,
    item: Item,
    found: int,
    items: Sequence[AppealItem],
    findings: Mapping[uuid.UUID, InspectorFinding],
) -> Overturn:
    outcomes = [one.outcome for one in items if one.outcome is not None]
    of_items = [findings[one.id] for one in items if one.id in findings]
    return Overturn(
        item_code=code,
        item=item,
        found=found,
        appealed=len(items),
        decided=len(outcomes),
        upheld=outcomes.count(AppealOutcome.UPHELD),
        partly=outcomes.count(AppealOutcome.PARTLY_UPHELD),
        not_applicable=outcomes.count(AppealOutcome.NOT_APPLICABLE),
        careless=of_items.count(InspectorFinding.CARELESS),
        unclear=of_items.count(InspectorFinding.UNCLEAR_STANDARD),
    )


def _findings(
    session: Session, of_wave: tuple[ColumnElement[bool], ...]
) -> Mapping[uuid.UUID, InspectorFinding]:
    """Return what the last decision on each item showed about the record."""
    later = aliased(AppealDecision)
    newest = select(func.max(later.number)).where(later.item_id == AppealDecision.item_id)
    rows = session.execute(
        select(AppealDecision.item_id, AppealDecision.finding)
        .join(AppealItem, AppealItem.id == AppealDecision.item_id)
        .join(Appeal, Appeal.id == AppealItem.appeal_id)
        .where(AppealDecision.number == newest.correlate(AppealDecision).scalar_subquery(), *of_wave)
    )
    return dict(rows.all())


def _found(session: Session, wave_id: uuid.UUID | None) -> Mapping[str, int]:
    counted = (
        select(Deficiency.item_code, func.count(func.distinct(Deficiency.visit_id)))
        .where(Deficiency.state != DeficiencyState.VOIDED)
        .group_by(Deficiency.item_code)
    )
    if wave_id is not None:
        counted = counted.where(Deficiency.wave_id == wave_id)
    return dict(session.execute(counted).all())
