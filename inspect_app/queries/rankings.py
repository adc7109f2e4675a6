"""Questions about frozen rankings: which there are, and a ranking as the values that `reports` works with."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from checklists.json_values import Member
from inspect_app.errors import NotFoundError
from inspect_app.models.inspections import Revision
from inspect_app.models.rankings import RankingRow, StoredRanking, VisitResult
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Target, Wave, WaveState
from inspect_app.queries.counting import credited
from reports.export import Export, ExportedVisit, ExportedWave
from reports.previous import RankedWave, find_previous
from reports.rankings import Pinned, PreviousRanking, Ranking, Row, Standing
from reports.restatement import Mover, movers
from reports.stated_scores import parse_scores, state
from reports.waves import Region
from reports.waves import Target as TargetValue
from reports.waves import Wave as WaveValue

ROLE_TABLE = "role:"


def rankings_of_wave(session: Session, wave_id: uuid.UUID) -> Sequence[StoredRanking]:
    """Return the rankings of a wave, number 1 first."""
    return session.scalars(
        select(StoredRanking).where(StoredRanking.wave_id == wave_id).order_by(StoredRanking.number)
    ).all()


def latest_ranking(session: Session, wave_id: uuid.UUID) -> StoredRanking | None:
    """Return the latest ranking of a wave; None before it is published."""
    return session.scalar(
        select(StoredRanking)
        .where(StoredRanking.wave_id == wave_id)
        .order_by(StoredRanking.number.desc())
        .limit(1)
        .options(joinedload(StoredRanking.wave))
    )


def ranking_of(session: Session, wave_id: uuid.UUID, number: int | None) -> StoredRanking:
    """Return one ranking of a wave, the latest where no number is given.

    Raises:
        NotFoundError: the wave has no such ranking.
    """
    if number is None:
        ranking = latest_ranking(session, wave_id)
    else:
        ranking = session.scalar(
            select(StoredRanking)
            .where(StoredRanking.wave_id == wave_id, StoredRanking.number == number)
            .options(joinedload(StoredRanking.wave))
        )
    if ranking is None:
        raise NotFoundError(f"ranking {number or 'latest'} of wave {wave_id}")
    return ranking


def previous_of(session: Session, ranking: StoredRanking) -> StoredRanking | None:
    """Return the ranking of the previous wave that changes were taken from; None where there is none."""
    if ranking.previous_id is None:
        return None
    return session.scalar(
        select(StoredRanking)
        .where(StoredRanking.id == ranking.previous_id)
        .options(joinedload(StoredRanking.wave))
    )


def previous_for(session: Session, wave: Wave) -> StoredRanking | None:
    """Return the ranking that a wave about to be published takes its changes from."""
    latest = (
        select(StoredRanking.wave_id, func.max(StoredRanking.number).label("number"))
        .group_by(StoredRanking.wave_id)
        .subquery()
    )
    rows = session.execute(
        select(Wave.id, Wave.code, Wave.mode, Wave.closes_on, latest.c.number)
        .join(latest, latest.c.wave_id == Wave.id)
        .where(Wave.id != wave.id)
    ).all()
    found = find_previous(
        wave.mode,
        wave.opens_on,
        (RankedWave(code, mode, closes_on, n) for _, code, mode, closes_on, n in rows),
    )
    if found is None:
        return None
    ids = {code: wave_id for wave_id, code, *_ in rows}
    return ranking_of(session, ids[found.code], found.number)


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
    return dict(rows.tuples().all())


def counts_in(session: Session, ranking: StoredRanking, visit: Visit) -> bool:
    """Say whether a ranking counts this visit."""
    counted = select(VisitResult.visit_id).where(
        VisitResult.ranking_id == ranking.id,
        VisitResult.target_id == visit.target_id,
        VisitResult.visit_id == visit.id,
    )
    return session.scalar(counted) is not None


def region_codes(path: str) -> tuple[str, ...]:
    """Return the codes of a region path, `/HO/R01/`, from the root down."""
    return tuple(path.strip("/").split("/"))


def stored_ranking_as_values(session: Session, ranking: StoredRanking) -> Ranking:
    """Return a frozen ranking, row by row as it was published."""
    rows = session.scalars(
        select(RankingRow)
        .where(RankingRow.ranking_id == ranking.id)
        .order_by(RankingRow.table, RankingRow.position)
    )
    tables: dict[str, list[Row]] = {}
    for row in rows:
        tables.setdefault(row.table, []).append(row_as_value(row))
    previous = previous_of(session, ranking)
    return Ranking(
        wave=wave_as_value(session, ranking.wave),
        number=ranking.number,
        regions=tuple(tables.get("region", ())),
        branches=tuple(tables.get("branch", ())),
        roles={
            name.removeprefix(ROLE_TABLE): tuple(of_role)
            for name, of_role in tables.items()
            if name.startswith(ROLE_TABLE)
        },
        previous=None if previous is None else Pinned(previous.wave.code, previous.number),
    )


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


def movers_of(session: Session, ranking: StoredRanking) -> tuple[Mover, ...]:
    """Return who moved against the ranking that a restated one replaces; nobody in number 1."""
    if ranking.number == 1:
        return ()
    before = ranking_of(session, ranking.wave_id, ranking.number - 1)
    return movers(stored_ranking_as_values(session, before), stored_ranking_as_values(session, ranking))


def pars_of(ranking: StoredRanking) -> Mapping[int, Fraction] | None:
    """Return the pars that a ranking froze, by situation number; None where its wave is ranked by score."""
    if ranking.pars is None:
        return None
    document = cast("Mapping[str, str]", json.loads(ranking.pars))
    return {int(number): Fraction(par) for number, par in document.items()}


def export_of(session: Session, ranking: StoredRanking) -> Export:
    """Return all that the numbers of a ranking can be recomputed from, with the revisions that it used."""
    rows = session.execute(
        select(VisitResult, Target.branch_code, Revision)
        .join(Target, Target.id == VisitResult.target_id)
        .join(Revision, Revision.id == VisitResult.revision_id)
        .where(VisitResult.ranking_id == ranking.id)
    )
    previous = previous_of(session, ranking)
    return Export(
        head=ExportedWave(
            wave=wave_as_value(session, ranking.wave),
            ranking=ranking.number,
            previous=None if previous is None else Pinned(previous.wave.code, previous.number),
            fingerprint=ranking.fingerprint,
            pars=pars_of(ranking),
        ),
        visits=tuple(_exported(session, *row) for row in rows),
    )


def waves_with_rankings(session: Session) -> Sequence[tuple[Wave, tuple[int, ...]]]:
    """Return every wave with the numbers of its rankings, oldest first."""
    numbers: dict[uuid.UUID, list[int]] = {}
    rows: Iterable[tuple[uuid.UUID, int]] = session.execute(
        select(StoredRanking.wave_id, StoredRanking.number).order_by(StoredRanking.number)
    ).tuples()
    for wave_id, number in rows:
        numbers.setdefault(wave_id, []).append(number)
    waves = session.scalars(select(Wave).order_by(Wave.opens_on, Wave.code))
    return [(wave, tuple(numbers.get(wave.id, ()))) for wave in waves]


def published_waves(session: Session) -> Sequence[Wave]:
    """Return the published waves, the newest first."""
    return session.scalars(
        select(Wave)
        .where(Wave.state == WaveState.PUBLISHED)
        .order_by(Wave.closes_on.desc(), Wave.code.desc())
    ).all()


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


def _exported(session: Session, result: VisitResult, branch_code: str, revision: Revision) -> ExportedVisit:
    scores = replace(parse_scores(revision.scores or ""), par=result.par)
    return ExportedVisit(
        visit=str(result.visit_id),
        branch=branch_code,
        revision=revision.number,
        rules_version=revision.rules_version,
        inspection=credited(session, revision.checklist_hash, revision.answers),
        scores=state(scores),
    )
