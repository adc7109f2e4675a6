"""What a ranking says of a region in a sentence, what its mean is made of, and its workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.people import User
from inspect_app.models.rankings import RankingRow, StoredRanking, VisitResult
from inspect_app.models.waves import Target
from inspect_app.queries.ranked_deficiencies import is_wanting_in
from inspect_app.queries.ranking_pages import BRANCH_TABLE, REGION_TABLE
from inspect_app.queries.ranking_scope import Scope, Unit, is_below
from inspect_app.queries.rankings import movers_of, report_of
from inspect_app.queries.scope import visible_branch_ids
from reports.restatement import Mover
from reports.rows import Row
from reports.workbook import Report

MOST_MOVERS = 60
"""How many of those that moved a page names."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands out below a region.

    Attributes:
        vetoed: how many ranked branches have a visit that a veto of scope `visit` capped.
        dearest: the number of the situation that cost most points; None where nothing was lost.
        share: how much of all points lost that situation makes up, 0 to 1.
    """

    vetoed: int
    dearest: int | None
    share: Fraction


@dataclass(frozen=True, slots=True)
class RegionMean:
    """What a region's score is the mean of; sums in hundredths of a point.

    Attributes:
        branches: how many ranked branches lie below it.
        over_par_sum: None where the wave is ranked by score.
    """

    branches: int
    score_sum: int
    over_par_sum: int | None


@dataclass(frozen=True, slots=True)
class NamedMover:
    """A unit that a restated ranking moved, with its name."""

    name: str
    mover: Mover


def findings_of(session: Session, ranking: StoredRanking, unit: Unit) -> Findings:
    """Return what stands out among the ranked branches below a region, as its ranking counted them."""
    vetoed = select(func.count()).where(
        RankingRow.ranking_id == ranking.id,
        RankingRow.table == BRANCH_TABLE,
        RankingRow.rank.is_not(None),
        RankingRow.vetoes > 0,
        is_below(RankingRow.path, unit),
    )
    lost = _points_lost(session, ranking, unit)
    dearest = min(lost, key=lambda situation: (-lost[situation], situation), default=None)
    every = sum(lost.values())
    share = Fraction(0) if dearest is None or not every else Fraction(lost[dearest], every)
    return Findings(session.scalar(vetoed) or 0, dearest if share else None, share)


def region_mean(session: Session, ranking: StoredRanking, unit: Unit) -> RegionMean:
    """Return what the score of a region is made of: the ranked branches below it."""
    branches, score_sum, over_par_sum = session.execute(
        select(func.count(), func.sum(RankingRow.score), func.sum(RankingRow.over_par)).where(
            RankingRow.ranking_id == ranking.id,
            RankingRow.table == BRANCH_TABLE,
            RankingRow.rank.is_not(None),
            is_below(RankingRow.path, unit),
        )
    ).one()
    return RegionMean(branches, int(score_sum or 0), None if over_par_sum is None else int(over_par_sum))


def movers_in(
    session: Session, user: User, ranking: StoredRanking, scope: Scope, unit: Unit, table: str
) -> tuple[NamedMover, ...]:
    """Return who moved in one table of a restated ranking, below a region and as far as the user may see."""
    moved = [mover for mover in movers_of(session, ranking) if mover.table == table]
    if not moved:
        return ()
    names = (
        {one.code: one.name for one in scope.units if one.path.startswith(unit.path)}
        if table == REGION_TABLE
        else _branch_names(session, user, ranking, unit)
    )
    named = (NamedMover(names[mover.unit], mover) for mover in moved if mover.unit in names)
    return tuple(named)[:MOST_MOVERS]


def report_for(
    session: Session,
    user: User,
    ranking: StoredRanking,
    scope: Scope,
    unit: Unit,
    language: str,
    timezone: tzinfo,
    *,
    state_words: Mapping[DeficiencyState, str],
) -> Report:
    """Return what the workbook of a region is written from: the rows that its page shows, no others."""
    region = None if scope.is_whole and unit == scope.top else unit.code
    report = report_of(session, ranking, language, region, timezone, state_words=state_words)
    if scope.is_whole:
        return report
    seen = _branch_names(session, user, ranking, unit)

    def kept(rows: Sequence[Row]) -> tuple[Row, ...]:
        return tuple(row for row in rows if row.unit in seen)

    values = report.ranking
    regions = {one.code for one in scope.units}
    return replace(
        report,
        ranking=replace(
            values,
            regions=tuple(row for row in values.regions if row.unit in regions),
            branches=kept(values.branches),
            roles={code: kept(rows) for code, rows in values.roles.items()},
        ),
        details=tuple(one for one in report.details if one.branch_code in seen),
    )


def _points_lost(session: Session, ranking: StoredRanking, unit: Unit) -> Mapping[int, int]:
    """Return the points lost by situation, in the revisions that the ranking counted."""
    lost = (
        select(Deficiency.situation, func.sum(Deficiency.points_lost))
        .join(VisitResult, VisitResult.visit_id == Deficiency.visit_id)
        .join(Target, Target.id == VisitResult.target_id)
        .where(
            VisitResult.ranking_id == ranking.id,
            is_wanting_in(ranking),
            is_below(Target.region_path, unit),
        )
        .group_by(Deficiency.situation)
    )
    return {situation: int(points) for situation, points in session.execute(lost)}


def _branch_names(session: Session, user: User, ranking: StoredRanking, unit: Unit) -> Mapping[str, str]:
    """Return the branches below a region that the user may see today: their names then, by code."""
    rows = session.execute(
        select(Target.branch_code, Target.branch_name).where(
            Target.wave_id == ranking.wave_id,
            is_below(Target.region_path, unit),
            Target.branch_id.in_(visible_branch_ids(user)),
        )
    )
    return dict(rows.all())
