"""Questions of a reviewer: what waits for a decision, and one inspection whole."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from checklists.checklist import Checklist
from checklists.crediting import credit
from checklists.filled import Answers
from checklists.scoring import Breakdown, CreditedInspection, Scores, break_down
from inspect_app.errors import NotFoundError
from inspect_app.models.inspections import Inspection, Review, Revision
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Target, Wave
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import answers_of, inspections_of
from inspect_app.queries.scope import HEAD_OFFICE, visible_branch_ids
from reports.stated_scores import parse_scores

UNDECIDED = (VisitState.SUBMITTED, VisitState.IN_REVIEW)

MOST_WAITING = 100
"""How many visits a reviewer's list shows: those that have waited longest."""


@dataclass(frozen=True, slots=True)
class WaitingVisit:
    """A visit that waits for a reviewer's decision.

    Attributes:
        ordinal: the branch's first, second … visit of the wave.
        received_at: when the revision to be reviewed came in.
        revision_number: above 1 where the inspector sent it again.
        is_late: it first came in after the wave had closed.
        has_conflict: the visit has a second inspection.
        provisional_score: hundredths of a point; None where nothing was observed.
    """

    visit_id: uuid.UUID
    state: VisitState
    wave_code: str
    wave_name: str
    branch_code: str
    branch_name: str
    ordinal: int
    received_at: datetime
    revision_number: int
    is_late: bool
    has_conflict: bool
    provisional_score: int | None


@dataclass(frozen=True, slots=True)
class ReadRevision:
    """A revision with what it says and how its score came about.

    Attributes:
        scores, breakdown: None where the revision is voided.
        review: what a reviewer decided on it; None while nobody has.
        questions: by item code, of a return; `released`: codes whose words others may read, of an approval.
    """

    revision: Revision
    checklist: Checklist
    answers: Answers
    credited: CreditedInspection
    scores: Scores | None
    breakdown: Breakdown | None
    review: Review | None
    questions: Mapping[str, str]
    released: frozenset[str]


@dataclass(frozen=True, slots=True)
class WholeInspection:
    """All that a reviewer sees of a visit.

    Attributes:
        current: the newest revision of the inspection that counts; `earlier` those before it, newest first.
        other_inspections: further ones of the same visit, which count only by decision.
    """

    visit: Visit
    inspection: Inspection
    current: ReadRevision
    earlier: tuple[ReadRevision, ...]
    other_inspections: tuple[Inspection, ...]


def waiting_count(session: Session, user: User) -> int:
    """Return how many visits wait for a decision; none but for head office."""
    waiting = (
        select(func.count())
        .select_from(Visit)
        .join(Target, Target.id == Visit.target_id)
        .where(Visit.state.in_(UNDECIDED), Visit.counting_inspection_id.is_not(None), _is_for_reviewers(user))
    )
    return session.scalar(waiting) or 0


def waiting_visits(session: Session, user: User) -> tuple[WaitingVisit, ...]:
    """Return what has waited longest for a decision, that first; nothing but for head office."""
    conflicts = select(Inspection.visit_id).where(Inspection.is_conflict)
    rows = session.execute(
        select(Visit, Wave.code, Wave.name, Target, Inspection.is_late, Revision, Visit.id.in_(conflicts))
        .join(Wave, Wave.id == Visit.wave_id)
        .join(Target, Target.id == Visit.target_id)
        .join(Inspection, Inspection.id == Visit.counting_inspection_id)
        .join(Revision, Revision.inspection_id == Inspection.id)
        .where(Visit.state.in_(UNDECIDED), is_newest_revision(), _is_for_reviewers(user))
        .order_by(Revision.made_at, Target.branch_code, Visit.ordinal)
        .limit(MOST_WAITING)
    )
    return tuple(
        WaitingVisit(
            visit_id=visit.id,
            state=visit.state,
            wave_code=code,
            wave_name=name,
            branch_code=target.branch_code,
            branch_name=target.branch_name,
            ordinal=visit.ordinal,
            received_at=revision.made_at,
            revision_number=revision.number,
            is_late=is_late,
            has_conflict=has_conflict,
            provisional_score=None if revision.scores is None else parse_scores(revision.scores).visit,
        )
        for visit, code, name, target, is_late, revision, has_conflict in rows
    )


def visit_for_review(session: Session, user: User, visit_id: uuid.UUID) -> Visit:
    """Return a visit that has come in, with its wave and target.

    Raises:
        NotFoundError: no such visit, nothing came in yet, or the user is not of head office.
    """
    visit = session.scalar(
        select(Visit)
        .join(Target, Target.id == Visit.target_id)
        .where(Visit.id == visit_id, Visit.counting_inspection_id.is_not(None), _is_for_reviewers(user))
        .options(joinedload(Visit.wave), joinedload(Visit.target), joinedload(Visit.variant))
    )
    if visit is None:
        raise NotFoundError(f"visit {visit_id}")
    return visit


def whole_inspection(session: Session, user: User, visit_id: uuid.UUID) -> WholeInspection:
    """Return one visit with every answer, how it was scored, and what came before.

    Raises:
        NotFoundError: as `visit_for_review`.
    """
    visit = visit_for_review(session, user, visit_id)
    inspections = inspections_of(session, visit)
    counting = next(one for one in inspections if one.id == visit.counting_inspection_id)
    current, *earlier = _read_all(session, counting)
    return WholeInspection(
        visit=visit,
        inspection=counting,
        current=current,
        earlier=tuple(earlier),
        other_inspections=tuple(one for one in inspections if one.id != counting.id),
    )


def is_newest_revision() -> ColumnElement[bool]:
    """Return the condition that a revision is the newest of its inspection."""
    newer = aliased(Revision)
    newest = select(func.max(newer.number)).where(newer.inspection_id == Revision.inspection_id)
    return Revision.number == newest.correlate(Revision).scalar_subquery()


def _is_for_reviewers(user: User) -> ColumnElement[bool]:
    """Limit targets to what the user may review: nothing but for head office."""
    return Target.branch_id.in_(visible_branch_ids(user)) if user.kind in HEAD_OFFICE else false()


def _read_all(session: Session, inspection: Inspection) -> list[ReadRevision]:
    """Return an inspection's revisions, the newest first."""
    rows = session.execute(
        select(Revision, Review)
        .outerjoin(Review, Review.revision_id == Revision.id)
        .where(Revision.inspection_id == inspection.id)
        .order_by(Revision.number.desc())
    ).all()
    return [
        _read(checklist_of(session, revision.checklist_hash), revision, review) for revision, review in rows
    ]


def _read(checklist: Checklist, revision: Revision, review: Review | None) -> ReadRevision:
    answers = answers_of(revision)
    credited = credit(checklist, answers)
    scores = None if revision.scores is None else parse_scores(revision.scores)
    return ReadRevision(
        revision=revision,
        checklist=checklist,
        answers=answers,
        credited=credited,
        scores=scores,
        breakdown=None if scores is None else break_down(credited, scores.par),
        review=review,
        questions=_texts(None if review is None else review.questions),
        released=frozenset(_codes(None if review is None else review.released)),
    )


def _texts(document: str | None) -> Mapping[str, str]:
    return {} if document is None else cast("Mapping[str, str]", json.loads(document))


def _codes(document: str | None) -> Sequence[str]:
    return () if document is None else cast("Sequence[str]", json.loads(document))
