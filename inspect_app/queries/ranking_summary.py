"""What a ranking says of a region in a sentence, what its mean is made of, and its workbook."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from inspect_app.models.appeals import TakenBack
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.inspections import Revision, RevisionKind
from inspect_app.models.people import User
from inspect_app.models.rankings import RankingRow, StoredRanking, VisitResult
from inspect_app.models.waves import Target
from inspect_app.queries.ranking_pages import BRANCH_TABLE, REGION_TABLE
from inspect_app.queries.ranking_scope import Scope, Unit, is_below
from inspect_app.queries.rankings import report_of
from inspect_app.queries.scope import visible_branch_ids
from reports.restatement import Figures, Mover
from reports.rows import Row as ReportRow
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


MOST_KEPT = 4_096
_KEPT: dict[tuple[uuid.UUID, str], Findings] = {}
"""What stands out, by ranking and region."""


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
    """Return what stands out among the ranked branches below a region, as its ranking counted them.

    A ranking never changes: what was once asked of it is remembered as long as the process lives.
    """
    key = (ranking.id, unit.path)
    if key not in _KEPT:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = _findings(session, ranking, unit)
    return _KEPT[key]


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
    """Return who moved most in a table of a restated ranking, below a region and as far as the user may see.

    As `reports.restatement.movers` finds and orders them, which compares whole rankings.
    """
    if ranking.number == 1:
        return ()
    moved = _moved(ranking, unit, table)
    if table == REGION_TABLE:
        names = {one.code: one.name for one in scope.units}
        found = session.execute(moved.where(RankingRow.unit.in_(names)))
        return tuple(_named(names[str(row[0])], table, row) for row in found)
    named = moved.add_columns(Target.branch_name).join(Target, Target.id == RankingRow.target_id)
    seen = named.where(Target.branch_id.in_(visible_branch_ids(user)))
    return tuple(_named(row[-1], table, row) for row in session.execute(seen))


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

    def kept(rows: Sequence[ReportRow]) -> tuple[ReportRow, ...]:
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


def _findings(session: Session, ranking: StoredRanking, unit: Unit) -> Findings:
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


def _moved(ranking: StoredRanking, unit: Unit, table: str) -> Select[*tuple[object, ...]]:
    """Select the units whose figures are others than in the ranking before, those that moved most first."""
    before, earlier = aliased(RankingRow), aliased(StoredRanking)
    figures = [(getattr(before, name), getattr(RankingRow, name)) for name in ("rank", "score", "over_par")]
    (rank_before, rank_after), (score_before, score_after), _ = figures
    crossed = case((rank_before.is_(None) != rank_after.is_(None), 0), else_=1)
    return (
        select(RankingRow.unit, *(old for old, _ in figures), *(new for _, new in figures))
        .select_from(RankingRow)
        .join(earlier, and_(earlier.wave_id == ranking.wave_id, earlier.number == ranking.number - 1))
        .outerjoin(
            before,
            and_(
                before.ranking_id == earlier.id,
                before.table == RankingRow.table,
                before.unit == RankingRow.unit,
            ),
        )
        .where(
            RankingRow.ranking_id == ranking.id,
            RankingRow.table == table,
            is_below(RankingRow.path, unit),
            or_(*(old.is_distinct_from(new) for old, new in figures)),
        )
        .order_by(
            crossed,
            func.coalesce(func.abs(rank_before - rank_after), 0).desc(),
            func.coalesce(func.abs(score_after - score_before), 0).desc(),
            RankingRow.unit,
        )
        .limit(MOST_MOVERS)
    )


def _named(name: str, table: str, row: Row[*tuple[Any, ...]]) -> NamedMover:
    return NamedMover(name, Mover(table, row[0], Figures(*row[1:4]), Figures(*row[4:7])))


def _points_lost(session: Session, ranking: StoredRanking, unit: Unit) -> Mapping[int, int]:
    """Return the points lost by situation, in the revisions that the ranking counted.

    Asked in two: nearly all was found in the revision that counted, which an index leads to.
    """
    lost: Counter[int] = Counter()
    for found in (_found_in_counted(ranking, unit), _found_earlier(ranking, unit)):
        for situation, points in session.execute(found):
            lost[situation] += int(points)
    return lost


def _found_in_counted(ranking: StoredRanking, unit: Unit) -> Select[int, int]:
    return _lost_by_situation(ranking, unit).join(
        Deficiency, Deficiency.revision_id == VisitResult.revision_id
    )


def _found_earlier(ranking: StoredRanking, unit: Unit) -> Select[int, int]:
    """Select what was found before the visit was corrected, and stood in the corrected revision too."""
    counted, earlier, taken_back_by = aliased(Revision), aliased(Revision), aliased(Revision)
    taken_back = (
        exists()
        .where(TakenBack.deficiency_id == Deficiency.id, TakenBack.revision_id == taken_back_by.id)
        .where(taken_back_by.inspection_id == counted.inspection_id, taken_back_by.number <= counted.number)
    )
    return (
        _lost_by_situation(ranking, unit)
        .join(counted, and_(counted.id == VisitResult.revision_id, counted.kind != RevisionKind.SUBMITTED))
        .join(earlier, and_(earlier.inspection_id == counted.inspection_id, earlier.number < counted.number))
        .join(Deficiency, Deficiency.revision_id == earlier.id)
        .where(~taken_back)
    )


def _lost_by_situation(ranking: StoredRanking, unit: Unit) -> Select[int, int]:
    return (
        select(Deficiency.situation, func.sum(Deficiency.points_lost))
        .select_from(VisitResult)
        .join(Target, Target.id == VisitResult.target_id)
        .where(VisitResult.ranking_id == ranking.id, is_below(Target.region_path, unit))
        .group_by(Deficiency.situation)
    )


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
