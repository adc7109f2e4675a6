"""From a branch's row in a ranking down to the single answer, as far as a branch or a region may know it.

Only these columns are read: none of them leads to an inspector, and of times a third of a month is kept.
"""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from fractions import Fraction
from typing import TypeVar

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from checklists.checklist import Checklist, Item, Section
from checklists.crediting import credit
from checklists.files.answers_json import read_answers
from checklists.filled import Answer, Answers
from checklists.handbook import Text
from checklists.scoring import (
    Breakdown,
    CreditedInspection,
    FlowLine,
    ItemLine,
    Scores,
    SituationLine,
    break_down,
    break_down_role,
)
from inspect_app.errors import NotFoundError
from inspect_app.models.inspections import Review, ReviewOutcome, Revision
from inspect_app.models.people import User
from inspect_app.models.rankings import Figure, PartResult, RankingRow, StoredRanking, VisitResult
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Target
from inspect_app.queries.branch_values import Period, answers_as_shown, period_of
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.ranking_pages import BRANCH_TABLE, Filters, PageRow, page_rows
from inspect_app.queries.ranking_scope import Scope
from inspect_app.queries.rankings import ROLE_TABLE
from inspect_app.queries.scope import visible_branch_ids
from inspect_app.queries.shortcomings import released_codes
from reports.stated_scores import parse_scores

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class ItemSeen:
    """One item: what the checklist asked, what was ticked, and what came of it.

    Attributes:
        answer: its words only where a reviewer released them; None where nobody was asked.
    """

    item: Item
    line: ItemLine
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class SituationSeen:
    """One situation with its items."""

    section: Section
    line: SituationLine
    items: tuple[ItemSeen, ...]


@dataclass(frozen=True, slots=True)
class FlowSeen:
    """One flow with its situations; `points_lost` in hundredths of a point of the visit, before vetoes."""

    name: Text
    line: FlowLine
    situations: tuple[SituationSeen, ...]
    points_lost: int


@dataclass(frozen=True, slots=True)
class DeductionSeen:
    """Conduct that cost points off the total; its words only where a reviewer released them."""

    code: str
    name: Text
    points: int
    cost: int
    words: str


@dataclass(frozen=True, slots=True)
class VisitSeen:
    """A counting visit of a ranking, by the revision that the ranking used.

    Attributes:
        ordinal: the branch's first, second … visit of the wave.
        scores: as stored; the par as this ranking has it.
        answers: as they may be shown.
        rules_version: of the stored score.
    """

    ordinal: int
    period: Period
    scores: Scores
    checklist: Checklist
    answers: Answers
    credited: CreditedInspection
    breakdown: Breakdown
    flows: tuple[FlowSeen, ...]
    deductions: tuple[DeductionSeen, ...]
    rules_version: str

    @property
    def over_par(self) -> int | None:
        """Hundredths of a point above the par; None where the wave ranks by score."""
        return self.scores.over_par

    def flow(self, code: str) -> FlowSeen:
        """Return one flow of the visit.

        Raises:
            NotFoundError: the visit has none of this code.
        """
        return _only(flow for flow in self.flows if flow.line.code == code)

    def flow_of(self, situation: int) -> FlowSeen:
        """Return the flow that a situation belongs to.

        Raises:
            NotFoundError: the visit has no such situation.
        """
        return _only(f for f in self.flows if any(one.line.number == situation for one in f.situations))

    def situation(self, number: int) -> SituationSeen:
        """Return one situation of the visit.

        Raises:
            NotFoundError: the visit has none of this number.
        """
        return _only(one for one in self.flow_of(number).situations if one.line.number == number)

    def item(self, code: str) -> tuple[SituationSeen, ItemSeen]:
        """Return one item of the visit with its situation.

        Raises:
            NotFoundError: the visit has none of this code.
        """
        every = (situation for flow in self.flows for situation in flow.situations)
        return _only(
            (situation, one) for situation in every for one in situation.items if one.item.code == code
        )


@dataclass(frozen=True, slots=True)
class BranchSeen:
    """A branch in a ranking, with the visits that its result is the mean of.

    Attributes:
        ranked: how many branches have a place in the whole.
        visits: by ordinal; none where nothing counted.
        roles: the codes of the roles that have a score at this branch.
    """

    row: PageRow
    ranked: int
    visits: tuple[VisitSeen, ...]
    roles: tuple[str, ...]

    def visit(self, ordinal: int | None) -> VisitSeen | None:
        """Return a visit by its ordinal, the first where none is given; None where nothing counted.

        Raises:
            NotFoundError: no visit of this ordinal counts.
        """
        if ordinal is None:
            return next(iter(self.visits), None)
        return _only(visit for visit in self.visits if visit.ordinal == ordinal)


@dataclass(frozen=True, slots=True)
class RolePart:
    """How one visit's score of a role came about; `score` and `par` as the ranking has them."""

    visit: VisitSeen
    breakdown: Breakdown
    flows: tuple[FlowSeen, ...]
    score: int
    par: int | None


@dataclass(frozen=True, slots=True)
class RoleSeen:
    """A role's figure at a branch: its row, and the visits that it is the mean of."""

    role: str
    row: PageRow
    parts: tuple[RolePart, ...]


def branch_in_ranking(
    session: Session, user: User, ranking: StoredRanking, scope: Scope, code: str, timezone: tzinfo
) -> BranchSeen:
    """Return a branch as a ranking counted it, with every answer behind its numbers.

    Raises:
        NotFoundError: the wave has no such branch, or the user may not see it.
    """
    target_id = session.scalar(
        select(Target.id).where(
            Target.wave_id == ranking.wave_id,
            Target.branch_code == code,
            Target.branch_id.in_(visible_branch_ids(user)),
        )
    )
    if target_id is None:
        raise NotFoundError(f"branch {code} in wave {ranking.wave_id}")
    return BranchSeen(
        row=_row(session, user, ranking, scope, BRANCH_TABLE, code),
        ranked=_ranked(session, ranking),
        visits=_visits(session, ranking, target_id, timezone),
        roles=_roles(session, ranking, target_id),
    )


def role_at_branch(
    session: Session, user: User, ranking: StoredRanking, scope: Scope, seen: BranchSeen, role: str
) -> RoleSeen:
    """Return how a role's figure at a branch came about.

    Raises:
        NotFoundError: the role has no score at this branch.
    """
    if role not in seen.roles:
        raise NotFoundError(f"role {role} at branch {seen.row.code}")
    parts = []
    for visit in seen.visits:
        figure = session.execute(
            select(PartResult.score, PartResult.par)
            .join(Visit, Visit.id == PartResult.visit_id)
            .join(Target, Target.id == PartResult.target_id)
            .where(
                PartResult.ranking_id == ranking.id,
                PartResult.figure == Figure.ROLE,
                PartResult.code == role,
                Target.branch_code == seen.row.code,
                Visit.ordinal == visit.ordinal,
            )
        ).one_or_none()
        if figure is not None:
            breakdown = break_down_role(visit.credited, role)
            flows = read_visit(visit.checklist, visit.answers, breakdown)
            parts.append(RolePart(visit, breakdown, flows, figure.score, figure.par))
    row = _row(session, user, ranking, scope, f"{ROLE_TABLE}{role}", seen.row.code)
    return RoleSeen(role, row, tuple(parts))


def read_visit(checklist: Checklist, answers: Answers, breakdown: Breakdown) -> tuple[FlowSeen, ...]:
    """Join what a checklist asked with what was ticked and what came of it, flow by flow.

    Args:
        answers: as they may be shown.
    """
    sections = {section.situation: section for section in checklist.sections}
    given = {one.item: one for section in answers.sections for one in section.answers}
    return tuple(
        FlowSeen(
            name=sections[flow.situations[0].number].flow_name,
            line=flow,
            situations=tuple(
                _situation(sections[situation.number], situation, given) for situation in flow.situations
            ),
            points_lost=sum(
                item.points_lost or 0 for situation in flow.situations for item in situation.items
            ),
        )
        for flow in breakdown.flows
    )


def read_deductions(
    checklist: Checklist, answers: Answers, breakdown: Breakdown
) -> tuple[DeductionSeen, ...]:
    """Return what was taken off the total, with the words that may be shown."""
    names = {rule.code: rule.name for rule in checklist.deductions}
    words = {one.code: one.words for one in answers.deductions}
    return tuple(
        DeductionSeen(line.code, names[line.code], line.points, line.cost, words.get(line.code, ""))
        for line in breakdown.deductions
    )


def lost_by_flow(visits: Sequence[VisitSeen]) -> tuple[tuple[Text, Fraction], ...]:
    """Return the flows in which visits lost points, the dearest first, with the mean loss in hundredths."""
    lost: dict[str, int] = {}
    names: dict[str, Text] = {}
    for visit in visits:
        for flow in visit.flows:
            names[flow.line.code] = flow.name
            lost[flow.line.code] = lost.get(flow.line.code, 0) + flow.points_lost
    ordered = sorted((code for code in lost if lost[code]), key=lambda code: (-lost[code], code))
    return tuple((names[code], Fraction(lost[code], len(visits))) for code in ordered)


def _situation(section: Section, line: SituationLine, given: Mapping[str, Answer]) -> SituationSeen:
    items = {item.code: item for item in section.items}
    return SituationSeen(
        section, line, tuple(ItemSeen(items[one.code], one, given.get(one.code)) for one in line.items)
    )


def _row(
    session: Session, user: User, ranking: StoredRanking, scope: Scope, table: str, code: str
) -> PageRow:
    row = session.scalar(
        select(RankingRow).where(
            RankingRow.ranking_id == ranking.id, RankingRow.table == table, RankingRow.unit == code
        )
    )
    if row is None:
        raise NotFoundError(f"{table} {code} in ranking {ranking.id}")
    return page_rows(session, user, ranking, scope, Filters(table, scope.top), [row])[0]


def _ranked(session: Session, ranking: StoredRanking) -> int:
    ranked = select(func.count()).where(
        RankingRow.ranking_id == ranking.id,
        RankingRow.table == BRANCH_TABLE,
        RankingRow.rank.is_not(None),
    )
    return session.scalar(ranked) or 0


def _roles(session: Session, ranking: StoredRanking, target_id: uuid.UUID) -> tuple[str, ...]:
    roles = select(PartResult.code).where(
        PartResult.ranking_id == ranking.id,
        PartResult.figure == Figure.ROLE,
        PartResult.target_id == target_id,
    )
    return tuple(sorted(set(session.scalars(roles))))


def _visits(
    session: Session, ranking: StoredRanking, target_id: uuid.UUID, timezone: tzinfo
) -> tuple[VisitSeen, ...]:
    first = aliased(Revision)
    rows = session.execute(
        select(
            Visit.ordinal,
            VisitResult.par,
            Revision.checklist_hash,
            Revision.answers,
            Revision.scores,
            Revision.rules_version,
            Review.released,
            first.made_at,
        )
        .join(Visit, Visit.id == VisitResult.visit_id)
        .join(Revision, Revision.id == VisitResult.revision_id)
        .join(first, and_(first.inspection_id == Revision.inspection_id, first.number == 1))
        .outerjoin(Review, and_(Review.revision_id == Revision.id, Review.outcome == ReviewOutcome.APPROVED))
        .where(VisitResult.ranking_id == ranking.id, VisitResult.target_id == target_id)
        .order_by(Visit.ordinal)
    )
    return tuple(
        _visit(
            checklist_of(session, row.checklist_hash),
            answers_as_shown(read_answers(json.loads(row.answers)), released_codes(row.released)),
            replace(parse_scores(row.scores), par=row.par),
            row.ordinal,
            period_of(row.made_at, timezone),
            row.rules_version,
        )
        for row in rows
    )


def _visit(
    checklist: Checklist,
    answers: Answers,
    scores: Scores,
    ordinal: int,
    period: Period,
    rules_version: str,
) -> VisitSeen:
    credited = credit(checklist, answers)
    breakdown = break_down(credited, scores.par)
    return VisitSeen(
        ordinal=ordinal,
        period=period,
        scores=scores,
        checklist=checklist,
        answers=answers,
        credited=credited,
        breakdown=breakdown,
        flows=read_visit(checklist, answers, breakdown),
        deductions=read_deductions(checklist, answers, breakdown),
        rules_version=rules_version,
    )


def _only(found: Iterator[Found]) -> Found:
    one = next(found, None)
    if one is None:
        raise NotFoundError("a part of a visit that is not there")
    return one
