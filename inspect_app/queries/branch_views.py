"""All that a branch may see of its visits. No statement made here names who inspected.

The same views serve regional managers and head office: whose branches they reach is decided by the scope.
"""

import json
import uuid
from dataclasses import replace
from datetime import tzinfo

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from checklists.crediting import credit
from checklists.files.answers_json import read_answers
from checklists.scoring import break_down
from inspect_app.errors import NotFoundError
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.models.rankings import RankingRow, StoredRanking, VisitResult
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Target, Wave, WaveState
from inspect_app.queries.branch_values import (
    BranchReading,
    BranchResult,
    BranchVisit,
    BranchWave,
    Position,
    RoleResult,
    answers_as_shown,
    period_of,
)
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.reviews import is_newest_revision
from inspect_app.queries.scope import visible_branch_ids
from inspect_app.queries.shortcomings import Shortcoming, approved_release, released_codes, shortcomings
from reports.rankings import CountedVisit
from reports.stated_scores import parse_scores
from reports.tallies import tally_branches

ROLE_TABLE = "role:"
READABLE = (VisitState.DISCLOSED, VisitState.PUBLISHED)
LISTED = (*READABLE, VisitState.VOIDED)
FINISHED = (WaveState.DISCLOSED, WaveState.PUBLISHED)


def results_of_branch(
    session: Session, user: User, branch_id: uuid.UUID, timezone: tzinfo
) -> tuple[BranchResult, ...]:
    """Return what a branch reached in each wave that is disclosed or published, the newest first.

    Args:
        timezone: where the bank is; months have their thirds there.
    """
    places = _places(session, user, Target.branch_id == branch_id)
    return tuple(_result(session, place, timezone) for place in places)


def result_of_branch(
    session: Session, user: User, branch_id: uuid.UUID, wave_id: uuid.UUID, timezone: tzinfo
) -> BranchResult:
    """Return what a branch reached in one wave.

    Raises:
        NotFoundError: the wave has no such branch, shows nothing yet, or the branch is not the user's.
    """
    places = _places(session, user, Target.branch_id == branch_id, Target.wave_id == wave_id)
    if not places:
        raise NotFoundError(f"wave {wave_id} of branch {branch_id}")
    return _result(session, places[0], timezone)


def visit_of_branch(session: Session, user: User, visit_id: uuid.UUID, timezone: tzinfo) -> BranchReading:
    """Return one visit whole, of a branch that the user may see.

    Raises:
        NotFoundError: there is no such visit, it is not shown (any more), or its branch is not the user's.
    """
    target = select(Visit.target_id).where(Visit.id == visit_id, Visit.state.in_(READABLE))
    places = _places(session, user, Target.id.in_(target))
    if not places:
        raise NotFoundError(f"visit {visit_id}")
    visits = _visits(session, places[0], timezone)
    visit = next(one for one in visits if one.visit_id == visit_id)
    checklist_hash, document, released = session.execute(
        select(Revision.checklist_hash, Revision.answers, approved_release())
        .join(Visit, Visit.counting_inspection_id == Revision.inspection_id)
        .where(Visit.id == visit_id, is_newest_revision())
    ).one()
    checklist, answers = checklist_of(session, checklist_hash), read_answers(json.loads(document))
    return BranchReading(
        place=places[0],
        visit=visit,
        checklist=checklist,
        answers=answers_as_shown(answers, released_codes(released)),
        breakdown=break_down(credit(checklist, answers), None if visit.scores is None else visit.scores.par),
    )


def deficiencies_of_branch(
    session: Session, user: User, *, state: DeficiencyState = DeficiencyState.OPEN
) -> tuple[Shortcoming, ...]:
    """Return the deficiencies of the user's branches in one state, by due date, then the dearest first."""
    found = shortcomings(session, _is_seen(Deficiency.branch_id, user), Deficiency.state == state)
    return tuple(
        sorted(found, key=lambda one: (one.due_on, -one.points_lost, one.branch_code, one.item.code))
    )


def deficiency_of_branch(session: Session, user: User, deficiency_id: uuid.UUID) -> Shortcoming:
    """Return one deficiency of a branch that the user may see.

    Raises:
        NotFoundError: there is no such deficiency, it is voided, or it is another branch's.
    """
    found = shortcomings(
        session,
        Deficiency.id == deficiency_id,
        _is_seen(Deficiency.branch_id, user),
        Deficiency.state != DeficiencyState.VOIDED,
    )
    deficiency = next(found, None)
    if deficiency is None:
        raise NotFoundError(f"deficiency {deficiency_id}")
    return deficiency


def _is_seen(branch_id: InstrumentedAttribute[uuid.UUID], user: User) -> ColumnElement[bool]:
    return branch_id.in_(visible_branch_ids(user))


def _places(session: Session, user: User, *conditions: ColumnElement[bool]) -> list[BranchWave]:
    """Return branches in waves that show their results, as far as the user may see them, newest first."""
    rows = session.execute(
        select(
            Target.id,
            Target.branch_code,
            Target.branch_name,
            Wave.id,
            Wave.code,
            Wave.name,
            Wave.mode,
            Wave.state,
        )
        .join(Wave, Wave.id == Target.wave_id)
        .where(_is_seen(Target.branch_id, user), Wave.state.in_(FINISHED), *conditions)
        .order_by(Wave.closes_on.desc(), Wave.code.desc())
    )
    return [BranchWave(*row) for row in rows]


def _result(session: Session, place: BranchWave, timezone: tzinfo) -> BranchResult:
    visits = _visits(session, place, timezone)
    ranking = session.execute(_latest(place)).one_or_none()
    if ranking is None:
        return _unranked_result(place, visits)
    return _ranked_result(session, place, visits, ranking.id, ranking.number)


def _latest(place: BranchWave) -> Select[uuid.UUID, int]:
    return (
        select(StoredRanking.id, StoredRanking.number)
        .where(StoredRanking.wave_id == place.wave_id)
        .order_by(StoredRanking.number.desc())
        .limit(1)
    )


def _visits(session: Session, place: BranchWave, timezone: tzinfo) -> tuple[BranchVisit, ...]:
    """Return the visits of a branch that are shown, by ordinal."""
    first = aliased(Revision)
    latest = select(StoredRanking.id).where(StoredRanking.wave_id == place.wave_id)
    latest = latest.order_by(StoredRanking.number.desc()).limit(1)
    rows = session.execute(
        select(
            Visit.id,
            Visit.ordinal,
            Visit.state,
            Revision.scores,
            first.made_at,
            VisitResult.par,
            VisitResult.score,
        )
        .join(Revision, Revision.inspection_id == Visit.counting_inspection_id)
        .join(first, and_(first.inspection_id == Visit.counting_inspection_id, first.number == 1))
        .outerjoin(
            VisitResult,
            and_(
                VisitResult.ranking_id == latest.scalar_subquery(),
                VisitResult.target_id == Visit.target_id,
                VisitResult.visit_id == Visit.id,
            ),
        )
        .where(Visit.target_id == place.target_id, Visit.state.in_(LISTED), is_newest_revision())
        .order_by(Visit.ordinal)
    )
    visits = []
    for visit_id, ordinal, state, stated, made_at, par, counted in rows:
        scores = None if stated is None else replace(parse_scores(stated), par=par)
        defined = scores is not None and scores.visit is not None
        counts = defined if place.state is WaveState.DISCLOSED else counted is not None
        visits.append(BranchVisit(visit_id, ordinal, state, period_of(made_at, timezone), scores, counts))
    return tuple(visits)


def _unranked_result(place: BranchWave, visits: tuple[BranchVisit, ...]) -> BranchResult:
    """Return the result of a branch while its wave is disclosed: the same means, without any place."""
    counted = [
        CountedVisit(str(one.visit_id), place.branch_code, 1, one.scores, {})
        for one in visits
        if one.counts and one.scores is not None
    ]
    tally = tally_branches([place.branch_code], counted)[place.branch_code]
    roles = {role: (part.score.rounded, part.visits) for role, part in sorted(tally.roles.items())}
    return BranchResult(
        place=place,
        score=tally.score.rounded,
        over_par=None,
        low=tally.low.rounded,
        high=tally.high.rounded,
        vetoes=tally.vetoes,
        position=None,
        visits=visits,
        roles=tuple(
            RoleResult(role, score, seen, None) for role, (score, seen) in roles.items() if score is not None
        ),
    )


def _ranked_result(
    session: Session, place: BranchWave, visits: tuple[BranchVisit, ...], ranking_id: uuid.UUID, number: int
) -> BranchResult:
    """Return the result of a branch from the rows of a ranking."""
    rows = session.scalars(
        select(RankingRow).where(RankingRow.ranking_id == ranking_id, RankingRow.target_id == place.target_id)
    ).all()
    own = next(row for row in rows if row.table == "branch")
    ranked = session.scalar(
        select(func.count())
        .select_from(RankingRow)
        .where(
            RankingRow.ranking_id == ranking_id, RankingRow.table == "branch", RankingRow.rank.is_not(None)
        )
    )
    return BranchResult(
        place=place,
        score=own.score,
        over_par=own.over_par,
        low=own.low,
        high=own.high,
        vetoes=own.vetoes,
        position=Position(
            number=number,
            ranked=ranked or 0,
            rank=own.rank,
            rank_in_kind=own.rank_in_kind,
            rank_change=own.rank_change,
            score_change=own.score_change,
            placed_by=own.placed_by,
            unranked=own.unranked,
        ),
        visits=visits,
        roles=tuple(
            RoleResult(row.table.removeprefix(ROLE_TABLE), row.score, row.visits, row.rank)
            for row in sorted(rows, key=lambda row: row.table)
            if row.table.startswith(ROLE_TABLE) and row.score is not None
        ),
    )
