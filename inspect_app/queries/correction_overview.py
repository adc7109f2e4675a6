"""How far the repairs of a region are: open, overdue, repeated, how long they take; by branch and flow."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from fractions import Fraction
from statistics import median

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from inspect_app.models.corrective_actions import Verification, VerificationOutcome
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.people import User
from inspect_app.models.waves import Target, Wave
from inspect_app.queries.calendar import working_days
from inspect_app.queries.scope import visible_branch_ids
from inspect_app.queries.standing import GONE
from inspect_app.working_days import BANK_TIME, WorkingDays, day_of


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """The deficiencies of one branch, one flow or all; what was voided or taken back is counted nowhere.

    Attributes:
        code: of the branch or the flow; `name` of the branch as its newest wave named it, else empty.
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
    """The repairs of all branches that a user may see: those with most overdue first, then most open."""

    total: OverviewRow
    branches: tuple[OverviewRow, ...]
    flows: tuple[OverviewRow, ...]


def overview(
    session: Session, user: User, today: date, wave_id: uuid.UUID | None, *, timezone: tzinfo = BANK_TIME
) -> Overview:
    """Return how far the repairs are at the branches that a user may see.

    Args:
        today: where the bank is; what was due before it is overdue.
        wave_id: of the wave that is asked about; None for all waves.
    """
    found = _deficiencies(session, user, wave_id)
    calendar = _Calendar(working_days(session), today, timezone)
    names = {one.branch_code: one.branch_name for one in found}
    return Overview(
        total=_row("", "", found, calendar),
        branches=_rows(found, lambda one: one.branch_code, names, calendar),
        flows=_rows(found, lambda one: one.flow, {}, calendar),
    )


@dataclass(frozen=True, slots=True)
class _One:
    branch_code: str
    branch_name: str
    flow: str
    state: DeficiencyState
    due_on: date
    found_at: datetime
    accepted_at: datetime | None
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class _Calendar:
    days: WorkingDays
    today: date
    timezone: tzinfo


def _deficiencies(session: Session, user: User, wave_id: uuid.UUID | None) -> list[_One]:
    before, wave_before = aliased(Deficiency), aliased(Wave)
    is_repeated = (
        select(before.id)
        .join(wave_before, wave_before.id == before.wave_id)
        .where(
            before.branch_id == Deficiency.branch_id,
            before.item_code == Deficiency.item_code,
            before.state.not_in(GONE),
            wave_before.closes_on < Wave.opens_on,
        )
        .exists()
    )
    wanted = (
        select(
            Target.branch_code,
            Target.branch_name,
            Deficiency.flow,
            Deficiency.state,
            Deficiency.due_on,
            Deficiency.found_at,
            Verification.decided_at,
            is_repeated,
        )
        .join(Wave, Wave.id == Deficiency.wave_id)
        .join(Target, and_(Target.wave_id == Deficiency.wave_id, Target.branch_id == Deficiency.branch_id))
        .outerjoin(
            Verification,
            and_(
                Verification.deficiency_id == Deficiency.id,
                Verification.outcome == VerificationOutcome.ACCEPTED,
            ),
        )
        .where(Deficiency.branch_id.in_(visible_branch_ids(user)), Deficiency.state.not_in(GONE))
        .order_by(Target.branch_code, Wave.closes_on)
    )
    if wave_id is not None:
        wanted = wanted.where(Deficiency.wave_id == wave_id)
    return [_One(*row) for row in session.execute(wanted)]


def _rows(
    found: Sequence[_One], key: Callable[[_One], str], names: Mapping[str, str], calendar: _Calendar
) -> tuple[OverviewRow, ...]:
    by_code: dict[str, list[_One]] = {}
    for one in found:
        by_code.setdefault(key(one), []).append(one)
    rows = (_row(code, names.get(code, ""), ones, calendar) for code, ones in by_code.items())
    return tuple(sorted(rows, key=lambda row: (-row.overdue, -row.open, row.code)))


def _row(code: str, name: str, found: Sequence[_One], calendar: _Calendar) -> OverviewRow:
    states = [one.state for one in found]
    is_open = [one for one in found if one.state is DeficiencyState.OPEN]
    taken = [_days_taken(one.found_at, one.accepted_at, calendar) for one in found if one.accepted_at]
    return OverviewRow(
        code=code,
        name=name,
        open=len(is_open),
        overdue=sum(one.due_on < calendar.today for one in is_open),
        answered=states.count(DeficiencyState.ANSWERED),
        verified=states.count(DeficiencyState.VERIFIED),
        disputed=states.count(DeficiencyState.DISPUTED),
        repeated=sum(one.is_repeated for one in found),
        median_days=Fraction(median(map(Fraction, taken))) if taken else None,
    )


def _days_taken(found_at: datetime, accepted_at: datetime, calendar: _Calendar) -> int:
    timezone = calendar.timezone
    return calendar.days.count(day_of(found_at, timezone), day_of(accepted_at, timezone))
