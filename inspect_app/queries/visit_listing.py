"""Questions about a wave's visits as a list for head office: filtered, page by page, and who could go."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from inspect_app.errors import NotFoundError
from inspect_app.models.people import User, UserKind
from inspect_app.models.visits import Visit, VisitIdentity, VisitState
from inspect_app.models.waves import Target, Variant, Wave

PAGE = 100
"""How many visits one page lists."""


@dataclass(frozen=True, slots=True)
class ListedVisit:
    """One visit in head office's list; `inspector` is None where nobody has it."""

    visit_id: uuid.UUID
    branch_code: str
    branch_name: str
    branch_kind: str
    region_path: str
    ordinal: int
    variant: int
    state: VisitState
    window_to: date
    inspector: str | None


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """Which visits are asked for; None asks for all.

    Attributes:
        region: code of a region; those below it are included.
    """

    region: str | None = None
    state: VisitState | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list, and how many visits it is a page of."""

    visits: Sequence[ListedVisit]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Available:
    """An inspector who can be sent, with how many visits of the wave they have."""

    user: User
    visits: int


def list_visits(session: Session, wave: Wave, wanted: VisitFilter, page: int) -> Listing:
    """Return one page of a wave's visits, by branch and ordinal, with who has them.

    Args:
        page: from 1; beyond the last it is empty.
    """
    conditions = _conditions(wave, wanted)
    counted = select(func.count()).select_from(Visit).join(Target, Target.id == Visit.target_id)
    rows = session.execute(
        select(Visit, Target, Variant.number, User.display_name)
        .join(Target, Target.id == Visit.target_id)
        .join(Variant, Variant.id == Visit.variant_id)
        .outerjoin(VisitIdentity, VisitIdentity.visit_id == Visit.id)
        .outerjoin(User, User.id == VisitIdentity.inspector_id)
        .where(*conditions)
        .order_by(Target.branch_code, Visit.ordinal)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return Listing([_listed(*row) for row in rows], session.scalar(counted.where(*conditions)) or 0, page)


def available_inspectors(session: Session, wave: Wave) -> Sequence[Available]:
    """Return the active inspectors with their visits in a wave, those with the fewest first."""
    visits = (
        select(VisitIdentity.inspector_id, func.count().label("visits"))
        .join(Visit, Visit.id == VisitIdentity.visit_id)
        .where(Visit.wave_id == wave.id, Visit.state != VisitState.CANCELLED)
        .group_by(VisitIdentity.inspector_id)
        .subquery()
    )
    rows = session.execute(
        select(User, func.coalesce(visits.c.visits, 0))
        .outerjoin(visits, visits.c.inspector_id == User.id)
        .where(_is_inspector())
        .order_by(func.coalesce(visits.c.visits, 0), User.display_name, User.username)
    )
    return [Available(user, count) for user, count in rows]


def inspector_with_id(session: Session, inspector_id: uuid.UUID) -> User:
    """Return an active inspector.

    Raises:
        NotFoundError: there is none with this id.
    """
    user = session.scalar(select(User).where(_is_inspector(), User.id == inspector_id))
    if user is None:
        raise NotFoundError(f"inspector {inspector_id}")
    return user


def inspector_of_visit(session: Session, visit: Visit) -> User | None:
    """Return who has a visit; None before it is assigned."""
    return session.scalar(
        select(User)
        .join(VisitIdentity, VisitIdentity.inspector_id == User.id)
        .where(VisitIdentity.visit_id == visit.id)
    )


def _is_inspector() -> ColumnElement[bool]:
    return (User.kind == UserKind.INSPECTOR) & User.is_active


def _conditions(wave: Wave, wanted: VisitFilter) -> list[ColumnElement[bool]]:
    conditions = [Visit.wave_id == wave.id]
    if wanted.state is not None:
        conditions.append(Visit.state == wanted.state)
    if wanted.region is not None:
        conditions.append(Target.region_path.contains(f"/{wanted.region}/", autoescape=True))
    return conditions


def _listed(visit: Visit, target: Target, variant: int, inspector: str | None) -> ListedVisit:
    return ListedVisit(
        visit_id=visit.id,
        branch_code=target.branch_code,
        branch_name=target.branch_name,
        branch_kind=target.branch_kind,
        region_path=target.region_path,
        ordinal=visit.ordinal,
        variant=variant,
        state=visit.state,
        window_to=visit.window_to,
        inspector=inspector,
    )
