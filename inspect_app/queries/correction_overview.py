"""How far the repairs of a region are: open, overdue, repeated, how long they take; by branch and flow."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from fractions import Fraction
from statistics import median

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select
from sqlalchemy.orm import Session

from inspect_app.models.corrective_actions import Verification, VerificationOutcome
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.organisation import Branch, Region
from inspect_app.models.people import User
from inspect_app.models.waves import Wave
from inspect_app.queries.calendar import working_days
from inspect_app.queries.scope import visible_branch_ids
from inspect_app.queries.standing import GONE
from inspect_app.working_days import BANK_TIME, WorkingDays, day_of


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """The deficiencies of a branch, a region, a flow or all; what is voided or taken back is counted nowhere.

    Attributes:
        code: of the branch, the region or the flow; `name` of branch and region today, else empty.
        open: those to be answered, the overdue ones among them.
        repeated: those whose clause was wanting at the branch in an earlier wave too.
        median_days: exact, working days from disclosure to acceptance; None where nothing was accepted.
    """

    code: str
    name: str
    open: int
    overdue: int
    answered: int
    verified: int
    disputed: int
    repeated: int
    median_days: Fraction | None

    @property
    def total(self) -> int:
        """How many there are in all."""
        return self.open + self.answered + self.verified + self.disputed


@dataclass(frozen=True, slots=True)
class Overview:
    """The repairs of all branches that a user may see: those with most overdue first, then most open.

    Attributes:
        regions: those to which the branches belong today.
    """

    total: OverviewRow
    regions: tuple[OverviewRow, ...]
    branches: tuple[OverviewRow, ...]
    flows: tuple[OverviewRow, ...]


def overview(
    session: Session,
    user: User,
    today: date,
    wave_id: uuid.UUID | None,
    *,
    region: str | None = None,
    timezone: tzinfo = BANK_TIME,
) -> Overview:
    """Return how far the repairs are at the branches that a user may see.

    Args:
        today: where the bank is; what was due before it is overdue.
        wave_id: of the wave that is asked about; None for all waves.
        region: code of the region whose own branches are asked about; None for all.
    """
    asked = _Asked(user, wave_id, region)
    places = _places(session, asked)
    calendar = _Calendar(working_days(session), timezone)
    parts = _parts(session, asked, places, today, calendar)
    return Overview(
        total=_added_up("", "", parts),
        regions=_rows(parts, lambda one: (one.place.region_code, one.place.region_name)),
        branches=_rows(parts, lambda one: (one.place.code, one.place.name)),
        flows=_rows(parts, lambda one: (one.flow, "")),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    user: User
    wave_id: uuid.UUID | None
    region: str | None

    @property
    def branches(self) -> Select[uuid.UUID]:
        """Select the ids of the branches that are asked about."""
        wanted = visible_branch_ids(self.user)
        if self.region is None:
            return wanted
        return wanted.where(Branch.region_id.in_(select(Region.id).where(Region.code == self.region)))


@dataclass(frozen=True, slots=True)
class _Place:
    code: str
    name: str
    region_code: str
    region_name: str


@dataclass(frozen=True, slots=True)
class _Calendar:
    days: WorkingDays
    timezone: tzinfo


@dataclass(slots=True)
class _Part:
    """The deficiencies of one branch in one flow: how many of each sort, and how long those accepted took."""

    place: _Place
    flow: str
    counts: Counter[str]
    days: list[int] = field(default_factory=list)


def _places(session: Session, asked: _Asked) -> Mapping[uuid.UUID, _Place]:
    rows = session.execute(
        select(Branch.id, Branch.code, Branch.name, Region.code, Region.name)
        .join(Region, Region.id == Branch.region_id)
        .where(Branch.id.in_(asked.branches))
    )
    return {branch_id: _Place(*names) for branch_id, *names in rows}


def _parts(
    session: Session,
    asked: _Asked,
    places: Mapping[uuid.UUID, _Place],
    today: date,
    calendar: _Calendar,
) -> Sequence[_Part]:
    """Return the deficiencies by branch and flow: what a database adds up, no page has to."""
    sorts = _sorts(today, first := _first_met(asked))
    counted = (
        select(Deficiency.branch_id, Deficiency.flow, *(_how_many(met) for met in sorts.values()))
        .join(Wave, Wave.id == Deficiency.wave_id)
        .join(
            first,
            and_(first.c.branch_id == Deficiency.branch_id, first.c.item_code == Deficiency.item_code),
        )
        .where(*_is_asked(asked))
        .group_by(Deficiency.branch_id, Deficiency.flow)
    )
    parts = {
        (branch_id, flow): _Part(places[branch_id], flow, Counter(dict(zip(sorts, numbers, strict=True))))
        for branch_id, flow, *numbers in session.execute(counted)
    }
    for branch_id, flow, found_at, accepted_at in session.execute(_accepted(asked)):
        parts[branch_id, flow].days.append(_days_taken(found_at, accepted_at, calendar))
    return list(parts.values())


def _sorts(today: date, first: Subquery) -> Mapping[str, ColumnElement[bool]]:
    """Return what is counted, by its name in a row."""
    is_open = Deficiency.state == DeficiencyState.OPEN
    return {
        "open": is_open,
        "overdue": and_(is_open, Deficiency.due_on < today),
        "answered": Deficiency.state == DeficiencyState.ANSWERED,
        "verified": Deficiency.state == DeficiencyState.VERIFIED,
        "disputed": Deficiency.state == DeficiencyState.DISPUTED,
        "repeated": first.c.closed_on < Wave.opens_on,
    }


def _how_many(met: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((met, 1), else_=0))


def _first_met(asked: _Asked) -> Subquery:
    """Select when the first wave closed in which each clause was wanting at each branch."""
    return (
        select(Deficiency.branch_id, Deficiency.item_code, func.min(Wave.closes_on).label("closed_on"))
        .join(Wave, Wave.id == Deficiency.wave_id)
        .where(Deficiency.branch_id.in_(asked.branches), Deficiency.state.not_in(GONE))
        .group_by(Deficiency.branch_id, Deficiency.item_code)
        .subquery()
    )


def _is_asked(asked: _Asked) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        Deficiency.branch_id.in_(asked.branches),
        Deficiency.state.not_in(GONE),
    ]
    return wanted if asked.wave_id is None else [*wanted, Deficiency.wave_id == asked.wave_id]


def _accepted(asked: _Asked) -> Select[uuid.UUID, str, datetime, datetime]:
    return (
        select(Deficiency.branch_id, Deficiency.flow, Deficiency.found_at, Verification.decided_at)
        .join(Verification, Verification.deficiency_id == Deficiency.id)
        .where(Verification.outcome == VerificationOutcome.ACCEPTED, *_is_asked(asked))
    )


def _rows(parts: Sequence[_Part], key: Callable[[_Part], tuple[str, str]]) -> tuple[OverviewRow, ...]:
    by_key: dict[tuple[str, str], list[_Part]] = {}
    for part in parts:
        by_key.setdefault(key(part), []).append(part)
    rows = (_added_up(code, name, ones) for (code, name), ones in by_key.items())
    return tuple(sorted(rows, key=lambda row: (-row.overdue, -row.open, row.code)))


def _added_up(code: str, name: str, parts: Sequence[_Part]) -> OverviewRow:
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update(part.counts)
    days = [one for part in parts for one in part.days]
    return OverviewRow(
        code=code,
        name=name,
        open=counts["open"],
        overdue=counts["overdue"],
        answered=counts["answered"],
        verified=counts["verified"],
        disputed=counts["disputed"],
        repeated=counts["repeated"],
        median_days=Fraction(median(map(Fraction, days))) if days else None,
    )


def _days_taken(found_at: datetime, accepted_at: datetime, calendar: _Calendar) -> int:
    timezone = calendar.timezone
    return calendar.days.count(day_of(found_at, timezone), day_of(accepted_at, timezone))
