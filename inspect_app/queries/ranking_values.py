"""Waves and the rows of frozen rankings as the values that `reports` works with."""

import json
import uuid
from collections.abc import Mapping
from fractions import Fraction
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.json_values import Member
from inspect_app.models.rankings import RankingRow, StoredRanking
from inspect_app.models.waves import Target, Wave
from reports.rankings import Pinned, PreviousRanking, Row, Standing
from reports.waves import Region
from reports.waves import Target as TargetValue
from reports.waves import Wave as WaveValue


def standings_of(session: Session, ranking: StoredRanking) -> PreviousRanking:
    """Return who was ranked where: what a later wave takes its changes from."""
    rows = session.execute(
        select(RankingRow.table, RankingRow.unit, RankingRow.rank, RankingRow.score).where(
            RankingRow.ranking_id == ranking.id, RankingRow.rank.is_not(None), RankingRow.score.is_not(None)
        )
    )
    tables: dict[str, dict[str, Standing]] = {}
    for table, unit, rank, score in rows:
        if rank is not None and score is not None:
            tables.setdefault(table, {})[unit] = Standing(rank, score)
    return PreviousRanking(Pinned(ranking.wave.code, ranking.number), tables)


def wave_as_value(session: Session, wave: Wave) -> WaveValue:
    """Return a wave as `reports` sees it: regions and branches as they were when it opened."""
    targets = session.scalars(
        select(Target).where(Target.wave_id == wave.id).order_by(Target.branch_code)
    ).all()
    return WaveValue(
        code=wave.code,
        mode=wave.mode,
        opens_on=wave.opens_on,
        closes_on=wave.closes_on,
        min_visits=wave.min_visits,
        rank_by=wave.rank_by,
        regions=_regions(wave),
        targets=tuple(
            TargetValue(one.branch_code, one.branch_name, one.branch_kind, region_codes(one.region_path))
            for one in targets
        ),
        name=wave.name,
    )


def target_ids(session: Session, wave: Wave) -> Mapping[str, uuid.UUID]:
    """Return the ids of a wave's targets by branch code."""
    rows = session.execute(select(Target.branch_code, Target.id).where(Target.wave_id == wave.id))
    return dict(rows.all())


def region_codes(path: str) -> tuple[str, ...]:
    """Return the codes of a region path, `/HO/R01/`, from the root down."""
    return tuple(path.strip("/").split("/"))


def row_as_value(row: RankingRow) -> Row:
    """Return one stored row as `reports` sees it."""
    return Row(
        unit=row.unit,
        rank=row.rank,
        score=row.score,
        over_par=row.over_par,
        visits=row.visits,
        rank_change=row.rank_change,
        score_change=row.score_change,
        rank_in_kind=row.rank_in_kind,
        vetoes=row.vetoes,
        phrase=_ratio(row.phrase),
        action=_ratio(row.action),
        placed_by=row.placed_by,
        unranked=row.unranked,
        branches=row.branches,
        delivery=_ratio(row.delivery),
        condition=_ratio(row.condition),
        low=row.low,
        high=row.high,
        interval_low=row.interval_low,
        interval_high=row.interval_high,
    )


def pars_of(ranking: StoredRanking) -> Mapping[int, Fraction] | None:
    """Return the pars that a ranking froze, by situation number; None where its wave is ranked by score."""
    if ranking.pars is None:
        return None
    document = cast("Mapping[str, str]", json.loads(ranking.pars))
    return {int(number): Fraction(par) for number, par in document.items()}


def _regions(wave: Wave) -> tuple[Region, ...]:
    units = Member(json.loads(wave.units))
    return tuple(
        Region(
            code=unit["code"].text(),
            name=unit["name"].text(),
            parent=None if unit["parent"].is_absent else unit["parent"].text(),
        )
        for unit in units
    )


def _ratio(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
