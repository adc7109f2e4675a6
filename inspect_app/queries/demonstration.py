"""Questions of the demonstration's entry page: who can be stepped into, and how much there is to see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from inspect_app.models.organisation import Branch
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitIdentity, VisitState
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.deficiencies import open_deficiencies
from inspect_app.queries.handbooks import edition_reading, editions
from inspect_app.queries.scope import visible_branch_ids


@dataclass(frozen=True, slots=True)
class Whole:
    """How large the demonstration is: branches, waves, flows and situations of the handbook."""

    branches: int
    waves: int
    published_waves: int
    flows: int
    situations: int


def people_named(session: Session, usernames: Sequence[str]) -> Mapping[str, User]:
    """Return the active users among these names, by name."""
    found = session.scalars(select(User).where(User.username.in_(usernames), User.is_active))
    return {user.username: user for user in found}


def size_of_whole(session: Session) -> Whole:
    """Count what there is in all."""
    published = select(func.count()).select_from(Wave).where(Wave.state == WaveState.PUBLISHED)
    newest = editions(session)[-1:]
    flows = [
        flow
        for edition in newest
        for flow in edition_reading(session, edition.number, edition.language)["flows"]
    ]
    return Whole(
        branches=_count(session, select(func.count()).select_from(Branch)),
        waves=_count(session, select(func.count()).select_from(Wave)),
        published_waves=_count(session, published),
        flows=len(flows),
        situations=sum(1 for flow in flows for _ in flow["situations"]),
    )


def branches_seen_by(session: Session, user: User) -> int:
    """Count the branches that a user may see."""
    return _count(session, select(func.count()).select_from(visible_branch_ids(user).subquery()))


def newest_deficiencies(session: Session, user: User) -> int:
    """Count what the user's branches are to answer of the wave that was disclosed last."""
    waiting = open_deficiencies(session, user)
    newest = max(waiting, key=lambda one: one.found_at, default=None)
    return 0 if newest is None else sum(one.wave_id == newest.wave_id for one in waiting)


def running_visits_of(session: Session, inspector: User) -> Mapping[VisitState, int]:
    """Count an inspector's visits in running waves by state; a state that none is in is absent."""
    rows = session.execute(
        select(Visit.state, func.count())
        .join(VisitIdentity, VisitIdentity.visit_id == Visit.id)
        .join(Wave, Wave.id == Visit.wave_id)
        .where(VisitIdentity.inspector_id == inspector.id, Wave.state == WaveState.OPEN)
        .group_by(Visit.state)
    )
    return dict(rows.all())


def running_visits_by_state(session: Session) -> Mapping[VisitState, int]:
    """Count the visits of running waves by state; a state that none is in is absent."""
    rows = session.execute(
        select(Visit.state, func.count())
        .join(Wave, Wave.id == Visit.wave_id)
        .where(Wave.state == WaveState.OPEN)
        .group_by(Visit.state)
    )
    return dict(rows.all())


def _count(session: Session, counted: Select[Any]) -> int:
    return session.scalar(counted) or 0
