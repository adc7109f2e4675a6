"""Whether repairs held: the same clause at the same branch, before and after. Nothing tells of people."""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from fractions import Fraction
from typing import cast

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from checklists.checklist import Item, Section
from inspect_app.models.corrective_actions import (
    CorrectiveAction,
    Measure,
    Verification,
    VerificationOutcome,
)
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Target, Wave, WaveState
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.reviews import is_newest_revision
from inspect_app.queries.scope import visible_branch_ids
from inspect_app.working_days import BANK_TIME, day_of

SHOWN = (WaveState.DISCLOSED, WaveState.PUBLISHED)
GONE = (DeficiencyState.VOIDED, DeficiencyState.UPHELD)
"""The states of what is not held against a branch any more."""


class Held(StrEnum):
    """What later waves say of a repair.

    `NOT_SEEN`: the branch was inspected again, but the clause was not observed. `PENDING`: no later wave of
    the branch is disclosed yet.
    """

    HELD = "held"
    NOT_HELD = "not_held"
    NOT_SEEN = "not_seen"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Repair:
    """A deficiency whose answer was accepted, and what the next wave that met its clause again has shown.

    Attributes:
        seen_in: the name of that wave; None where there is none.
    """

    deficiency_id: uuid.UUID
    wave_name: str
    item: Item
    section: Section
    measure: Measure
    verified_on: date
    held: Held
    seen_in: str | None

    @property
    def item_code(self) -> str:
        """The code of the clause."""
        return self.item.code


@dataclass(frozen=True, slots=True)
class HeldRate:
    """How many repairs by one kind of measure held."""

    measure: Measure
    held: int
    not_held: int
    not_seen: int
    pending: int

    @property
    def rate(self) -> Fraction | None:
        """The exact share of those that held among those that were met again; None where none was."""
        met_again = self.held + self.not_held
        return Fraction(self.held, met_again) if met_again else None


def earlier_waves(
    session: Session, user: User, deficiency_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, tuple[str, ...]]:
    """Return in which earlier waves a branch was found wanting in the same clause, the newest first.

    What was voided or taken back is not held against it; a deficiency without earlier ones is absent.
    """
    before, wave_before, wave = aliased(Deficiency), aliased(Wave), aliased(Wave)
    rows = session.execute(
        select(Deficiency.id, wave_before.name)
        .join(wave, wave.id == Deficiency.wave_id)
        .join(
            before,
            and_(before.branch_id == Deficiency.branch_id, before.item_code == Deficiency.item_code),
        )
        .join(wave_before, wave_before.id == before.wave_id)
        .where(
            Deficiency.id.in_(deficiency_ids),
            Deficiency.branch_id.in_(visible_branch_ids(user)),
            before.state.not_in(GONE),
            wave_before.closes_on < wave.opens_on,
        )
        .order_by(Deficiency.id, wave_before.closes_on.desc(), wave_before.code.desc())
        .distinct()
        .add_columns(wave_before.closes_on, wave_before.code)
    )
    found: dict[uuid.UUID, tuple[str, ...]] = {}
    for deficiency_id, name, *_ordered_by in rows:
        found[deficiency_id] = (*found.get(deficiency_id, ()), name)
    return found


def repairs_of_branch(
    session: Session, user: User, branch_id: uuid.UUID, *, timezone: tzinfo = BANK_TIME
) -> tuple[Repair, ...]:
    """Return the repairs of a branch, those accepted last first; nothing where it is not the user's."""
    accepted = [one for one in _accepted(session, user) if one.branch_id == branch_id]
    later = _later_visits(session, {branch_id}).get(branch_id, ())
    found = [_repair(session, one, later, timezone) for one in accepted]
    return tuple(
        sorted(found, key=lambda one: (-one.verified_on.toordinal(), one.item_code, str(one.deficiency_id)))
    )


def held_rates(session: Session, user: User) -> tuple[HeldRate, ...]:
    """Return how many repairs held at the user's branches, for each kind of measure that was taken."""
    accepted = _accepted(session, user)
    later = _later_visits(session, {one.branch_id for one in accepted})
    counted: dict[Measure, dict[Held, int]] = {}
    for one in accepted:
        held, _wave = _what_followed(one, later.get(one.branch_id, ()))
        counted.setdefault(one.measure, dict.fromkeys(Held, 0))[held] += 1
    return tuple(
        HeldRate(
            measure,
            counts[Held.HELD],
            counts[Held.NOT_HELD],
            counts[Held.NOT_SEEN],
            counts[Held.PENDING],
        )
        for measure, counts in ((one, counted[one]) for one in Measure if one in counted)
    )


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A repair that was accepted, with the wave in which it was found wanting."""

    deficiency_id: uuid.UUID
    branch_id: uuid.UUID
    item_code: str
    situation: int
    wave_name: str
    closes_on: date
    checklist_hash: str
    measure: Measure
    decided_at: datetime


def _accepted(session: Session, user: User) -> list[_Accepted]:
    rows = session.execute(
        select(
            Deficiency.id,
            Deficiency.branch_id,
            Deficiency.item_code,
            Deficiency.situation,
            Wave.name,
            Wave.closes_on,
            Revision.checklist_hash,
            CorrectiveAction.measure,
            Verification.decided_at,
        )
        .join(Wave, Wave.id == Deficiency.wave_id)
        .join(Revision, Revision.id == Deficiency.revision_id)
        .join(Verification, Verification.deficiency_id == Deficiency.id)
        .join(CorrectiveAction, CorrectiveAction.id == Verification.action_id)
        .where(
            Deficiency.branch_id.in_(visible_branch_ids(user)),
            Deficiency.state == DeficiencyState.VERIFIED,
            Verification.outcome == VerificationOutcome.ACCEPTED,
        )
    )
    return [_Accepted(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class _LaterVisit:
    """A visit that is shown, with the clauses that it observed and those it found wanting."""

    opens_on: date
    wave_name: str
    observed: frozenset[str]
    wanting: frozenset[str]


def _later_visits(
    session: Session, branch_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[_LaterVisit]]:
    """Return the visits of some branches that are shown and count, by branch, the oldest wave first."""
    rows = session.execute(
        select(Target.branch_id, Visit.id, Wave.opens_on, Wave.name, Revision.answers)
        .join(Target, Target.id == Visit.target_id)
        .join(Wave, Wave.id == Visit.wave_id)
        .join(Revision, Revision.inspection_id == Visit.counting_inspection_id)
        .where(
            Target.branch_id.in_(branch_ids),
            Wave.state.in_(SHOWN),
            Visit.state.in_((VisitState.DISCLOSED, VisitState.PUBLISHED)),
            is_newest_revision(),
        )
        .order_by(Wave.opens_on, Wave.code, Visit.ordinal)
    ).all()
    wanting = _wanting(session, branch_ids)
    found: dict[uuid.UUID, list[_LaterVisit]] = {}
    for branch_id, visit_id, opens_on, name, answers in rows:
        visit = _LaterVisit(opens_on, name, observed_items(answers), wanting.get(visit_id, frozenset()))
        found.setdefault(branch_id, []).append(visit)
    return found


def _wanting(session: Session, branch_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, frozenset[str]]:
    """Return the clauses that visits found wanting, as far as it still stands, by visit."""
    rows = session.execute(
        select(Deficiency.visit_id, Deficiency.item_code).where(
            Deficiency.branch_id.in_(branch_ids), Deficiency.state.not_in(GONE)
        )
    )
    found: dict[uuid.UUID, set[str]] = {}
    for visit_id, item_code in rows:
        found.setdefault(visit_id, set()).add(item_code)
    return {visit_id: frozenset(codes) for visit_id, codes in found.items()}


def observed_items(document: str) -> frozenset[str]:
    """Return the items that were answered with something else than a reason to leave them out.

    Reads the stored document as it is: a whole bank's visits are gone through for one page.
    """
    read = cast("dict[str, list[dict[str, object]]]", json.loads(document))
    return frozenset(
        cast("str", answer["item"])
        for section in read["sections"]
        if section["gate"] == "occurred"
        for answer in cast("Iterable[dict[str, object]]", section["answers"])
        if "left_out" not in answer
    )


def _what_followed(repair: _Accepted, visits: Sequence[_LaterVisit]) -> tuple[Held, str | None]:
    """Return what the first later wave has shown that met a clause again, and that wave's name."""
    later = [visit for visit in visits if visit.opens_on > repair.closes_on]
    if not later:
        return Held.PENDING, None
    code = repair.item_code
    met = [visit for visit in later if code in visit.observed or code in visit.wanting]
    if not met:
        return Held.NOT_SEEN, None
    first = [visit for visit in met if visit.opens_on == met[0].opens_on]
    is_wanting = any(code in visit.wanting for visit in first)
    return (Held.NOT_HELD if is_wanting else Held.HELD), met[0].wave_name


def _repair(session: Session, repair: _Accepted, visits: Sequence[_LaterVisit], timezone: tzinfo) -> Repair:
    held, seen_in = _what_followed(repair, visits)
    checklist = checklist_of(session, repair.checklist_hash)
    section = next(one for one in checklist.sections if one.situation == repair.situation)
    return Repair(
        deficiency_id=repair.deficiency_id,
        wave_name=repair.wave_name,
        item=next(item for item in section.items if item.code == repair.item_code),
        section=section,
        measure=repair.measure,
        verified_on=day_of(repair.decided_at, timezone),
        held=held,
        seen_in=seen_in,
    )
