"""The figures of a branch's printed report: its flows beside the wave before and beside its region."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from checklists.scoring import round_half_up
from inspect_app.models.people import User
from inspect_app.models.rankings import Figure, PartResult, RankingRow, StoredRanking
from inspect_app.models.waves import Target
from inspect_app.queries.ranking_pages import BRANCH_TABLE
from inspect_app.queries.scope import visible_branch_ids

FEWEST_BRANCHES = 4
"""A region's mean of fewer ranked branches would tell a branch too much of its neighbours."""


@dataclass(frozen=True, slots=True)
class FlowFigure:
    """A flow at a branch; hundredths of a point, None where it was not met with or may not be told.

    Attributes:
        before: in the ranking that changes are taken from.
        region: the mean of the ranked branches that share the branch's region.
    """

    flow: str
    score: int
    before: int | None
    region: int | None


@dataclass(frozen=True, slots=True)
class RankedFigures:
    """What a branch's report says beside its own place in a ranking.

    Attributes:
        previous_rank: None where there was no wave before, or no place in it.
        region: the mean score of the ranked branches that share its region; None where they are too few.
        interval: the best and the worst place that the rank may well be; None where nobody knows.
        fingerprint: of the ranking.
    """

    flows: tuple[FlowFigure, ...]
    previous_rank: int | None
    region: int | None
    interval: tuple[int, int] | None
    fingerprint: str
    rules_version: str
    number: int


def figures_of_branch(session: Session, user: User, target_id: uuid.UUID) -> RankedFigures | None:
    """Return the figures of a branch in the latest ranking of its wave; None before there is one.

    Args:
        target_id: of a branch that the user may see; of another one there are no figures.
    """
    target = session.scalar(
        select(Target).where(Target.id == target_id, Target.branch_id.in_(visible_branch_ids(user)))
    )
    if target is None:
        return None
    ranking = session.scalar(
        select(StoredRanking)
        .where(StoredRanking.wave_id == target.wave_id)
        .order_by(StoredRanking.number.desc())
        .limit(1)
    )
    if ranking is None:
        return None
    own = _row(session, ranking.id, target.branch_id)
    neighbours = _neighbours(session, ranking.id, target.region_path)
    means = _flow_means(session, ranking.id, [target.id])[target.id]
    before = _before(session, ranking, target.branch_id)
    region = _region_means(session, ranking.id, list(neighbours))
    return RankedFigures(
        flows=tuple(
            FlowFigure(code, round_half_up(mean), before.flows.get(code), region.get(code))
            for code, mean in sorted(means.items())
        ),
        previous_rank=before.rank,
        region=_mean(list(neighbours.values())) if len(neighbours) >= FEWEST_BRANCHES else None,
        interval=None if own is None else _interval(own),
        fingerprint=ranking.fingerprint,
        rules_version=ranking.rules_version,
        number=ranking.number,
    )


@dataclass(frozen=True, slots=True)
class _Before:
    rank: int | None
    flows: Mapping[str, int]


def _before(session: Session, ranking: StoredRanking, branch_id: uuid.UUID) -> _Before:
    if ranking.previous_id is None:
        return _Before(None, {})
    row = _row(session, ranking.previous_id, branch_id)
    if row is None or row.target_id is None:
        return _Before(None, {})
    means = _flow_means(session, ranking.previous_id, [row.target_id])[row.target_id]
    return _Before(row.rank, {code: round_half_up(mean) for code, mean in means.items()})


def _row(session: Session, ranking_id: uuid.UUID, branch_id: uuid.UUID) -> RankingRow | None:
    return session.scalar(
        select(RankingRow)
        .join(Target, Target.id == RankingRow.target_id)
        .where(
            RankingRow.ranking_id == ranking_id,
            RankingRow.table == BRANCH_TABLE,
            Target.branch_id == branch_id,
        )
    )


def _neighbours(session: Session, ranking_id: uuid.UUID, path: str) -> Mapping[uuid.UUID, int]:
    """Return the scores of the ranked branches of one region, the own among them, by target."""
    rows: Sequence[Row[uuid.UUID | None, int | None]] = session.execute(
        select(RankingRow.target_id, RankingRow.score).where(
            RankingRow.ranking_id == ranking_id,
            RankingRow.table == BRANCH_TABLE,
            RankingRow.path == path,
            RankingRow.rank.is_not(None),
        )
    ).all()
    return {target: score for target, score in rows if target is not None and score is not None}


def _region_means(session: Session, ranking_id: uuid.UUID, targets: Sequence[uuid.UUID]) -> Mapping[str, int]:
    """Return the means of flows over a region's branches; of those met with at too few of them nothing."""
    by_flow: dict[str, list[Fraction]] = defaultdict(list)
    for flows in _flow_means(session, ranking_id, targets).values():
        for code, mean in flows.items():
            by_flow[code].append(mean)
    return {
        code: round_half_up(sum(means, Fraction(0)) / len(means))
        for code, means in by_flow.items()
        if len(means) >= FEWEST_BRANCHES
    }


def _flow_means(
    session: Session, ranking_id: uuid.UUID, targets: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Mapping[str, Fraction]]:
    """Return the exact means of flows over the counting visits of each of some targets."""
    rows = session.execute(
        select(PartResult.target_id, PartResult.code, PartResult.score).where(
            PartResult.ranking_id == ranking_id,
            PartResult.figure == Figure.FLOW,
            PartResult.target_id.in_(targets),
        )
    )
    scores: dict[uuid.UUID, dict[str, list[int]]] = {target: defaultdict(list) for target in targets}
    for target, code, score in rows:
        scores[target][code].append(score)
    return {
        target: {code: Fraction(sum(each), len(each)) for code, each in flows.items()}
        for target, flows in scores.items()
    }


def _interval(row: RankingRow) -> tuple[int, int] | None:
    if row.interval_low is None or row.interval_high is None:
        return None
    return row.interval_low, row.interval_high


def _mean(scores: Sequence[int]) -> int:
    return round_half_up(Fraction(sum(scores), len(scores)))
