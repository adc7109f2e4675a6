"""Which visits count: the one place that says it, for disclosing, publishing and restating alike."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from checklists.scoring import Scores
from inspect_app.models.inspections import Inspection, Revision
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Target, Wave
from inspect_app.queries.reviews import is_newest_revision
from reports.stated_scores import parse_scores

UNDECIDED = (
    VisitState.SUBMITTED,
    VisitState.IN_REVIEW,
    VisitState.RETURNED,
    VisitState.IN_PROGRESS,
    VisitState.AWAITING_PHOTOS,
)
"""The states in which something that came in still waits for a decision."""


MOST_NAMED = 12
"""How many visits are named where there may be thousands."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """What came in for a wave and is neither approved nor set aside.

    Attributes:
        by_state: how many visits are in each state.
        named: the first of them, by branch code and ordinal.
    """

    by_state: Mapping[VisitState, int]
    named: Sequence[Visit]

    @property
    def total(self) -> int:
        """How many visits they are."""
        return sum(self.by_state.values())

    @property
    def waiting(self) -> int:
        """How many of them wait for a reviewer."""
        return sum(self.by_state.get(state, 0) for state in (VisitState.SUBMITTED, VisitState.IN_REVIEW))


@dataclass(frozen=True, slots=True)
class CountingVisit:
    """A visit that counts, with its newest revision.

    Attributes:
        scores: as stored with the revision, without a par.
    """

    visit_id: uuid.UUID
    target_id: uuid.UUID
    branch_code: str
    revision: Revision
    scores: Scores


def approved_visits(session: Session, wave: Wave) -> Sequence[tuple[Visit, Revision]]:
    """Return the visits that disclosing shows to their branches, by branch code and ordinal."""
    rows = session.execute(
        _newest_revisions(wave).where(Visit.state == VisitState.APPROVED).options(joinedload(Visit.target))
    )
    return [(visit, revision) for visit, revision in rows]


def disclosed_visits(session: Session, wave: Wave) -> Sequence[Visit]:
    """Return the visits of a wave that its branches see and that are not published yet."""
    return session.scalars(
        select(Visit).where(Visit.wave_id == wave.id, Visit.state == VisitState.DISCLOSED).order_by(Visit.id)
    ).all()


def counting_visits(session: Session, wave: Wave, state: VisitState) -> tuple[CountingVisit, ...]:
    """Return what counts among the visits of a wave that are in one state, by branch code and ordinal.

    Args:
        state: `disclosed` before the wave is published, `published` from then on.
    """
    found = scored_visits(session, wave, state)
    return tuple(visit for visit in found if visit.scores.visit is not None)


def scored_visits(
    session: Session, wave: Wave, state: VisitState, *conditions: ColumnElement[bool]
) -> tuple[CountingVisit, ...]:
    """Return the visits that count as soon as their score is defined, by branch code and ordinal.

    Args:
        conditions: which of them, about `Visit` and `Target`; none for all.
    """
    rows = session.execute(
        _newest_revisions(wave)
        .where(Visit.state == state, Revision.scores.is_not(None), *conditions)
        .with_only_columns(Visit.id, Visit.target_id, Target.branch_code, Revision)
    )
    return tuple(
        CountingVisit(visit_id, target_id, branch_code, revision, parse_scores(revision.scores or ""))
        for visit_id, target_id, branch_code, revision in rows
    )


def undecided_visits(session: Session, wave: Wave) -> Undecided:
    """Return what came in and is neither approved nor set aside: all of it counted, the first of it named."""
    is_undecided = (
        Visit.wave_id == wave.id,
        Visit.state.in_(UNDECIDED),
        Visit.counting_inspection_id.is_not(None),
    )
    counted = select(Visit.state, func.count()).where(*is_undecided).group_by(Visit.state)
    named = (
        select(Visit)
        .join(Target, Target.id == Visit.target_id)
        .where(*is_undecided)
        .options(joinedload(Visit.target))
        .order_by(Target.branch_code, Visit.ordinal)
        .limit(MOST_NAMED)
    )
    return Undecided(dict(session.execute(counted).all()), session.scalars(named).all())


def _newest_revisions(wave: Wave) -> Select[Visit, Revision]:
    return (
        select(Visit, Revision)
        .join(Target, Target.id == Visit.target_id)
        .join(Inspection, Inspection.id == Visit.counting_inspection_id)
        .join(Revision, Revision.inspection_id == Inspection.id)
        .where(Visit.wave_id == wave.id, is_newest_revision(), _is_taken_in())
        .order_by(Target.branch_code, Visit.ordinal)
    )


def _is_taken_in() -> ColumnElement[bool]:
    """Return the condition that an inspection counts: a late one only by head office's decision."""
    return or_(Inspection.is_late.is_(False), Inspection.taken_in_because.is_not(None))
