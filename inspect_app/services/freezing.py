"""A ranking is made from the visits that count, and frozen: its rows, and the figures of each visit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import insert
from sqlalchemy.orm import Session

from checklists.json_values import compact_json
from checklists.scoring import RULES_VERSION, Pars
from inspect_app.models.base import Base
from inspect_app.models.journal import JournalAnchor
from inspect_app.models.rankings import Figure, PartResult, RankingRow, StoredRanking, VisitResult
from inspect_app.models.visits import VisitState
from inspect_app.models.waves import Wave
from inspect_app.queries.figures import Figured, basis_of, figures_of
from inspect_app.queries.journal_chain import head_of_journal
from inspect_app.queries.ranking_values import standings_of, target_ids, wave_as_value
from inspect_app.services.flushing import flush_or_conflict
from reports.fingerprint import fingerprint
from reports.rankings import Ranking, Row, rank
from reports.waves import region_paths

Record = Mapping[str, object]
"""One row to be inserted, by column."""


@dataclass(frozen=True, slots=True)
class Freezing:
    """A ranking about to be frozen.

    Attributes:
        number: 1 at publication, 2 and up when restated.
        previous: the ranking of an earlier wave that changes are taken from; None where there is none.
        replaced: the ranking that this one restates, which keeps its pars; None for number 1.
        reason: why it is restated; None for number 1.
    """

    wave: Wave
    number: int
    previous: StoredRanking | None
    replaced: StoredRanking | None = None
    reason: str | None = None


def freeze_ranking(session: Session, freezing: Freezing, *, now: datetime) -> StoredRanking:
    """Rank the published visits of a wave and write the ranking, its rows and every figure behind them.

    Raises:
        ConflictError: someone else wrote a ranking of this number a moment ago.
    """
    figures = figures_of(basis_of(session, freezing.wave, freezing.replaced, VisitState.PUBLISHED))
    ranking = rank(
        wave_as_value(session, freezing.wave),
        [one.counted for one in figures.visits],
        freezing.number,
        None if freezing.previous is None else standings_of(session, freezing.previous),
    )
    stored = StoredRanking(
        wave=freezing.wave,
        number=freezing.number,
        fingerprint=fingerprint(ranking),
        previous=freezing.previous,
        pars=None if figures.pars is None else _pars_text(figures.pars),
        rules_version=RULES_VERSION,
        reason=freezing.reason,
        published_at=now,
    )
    session.add(stored)
    flush_or_conflict(session, f"ranking {freezing.number} of wave {freezing.wave.code} is written")
    _anchor_journal(session, stored)
    _insert(session, RankingRow, list(_ranking_rows(session, stored, ranking)))
    _insert(session, VisitResult, [_visit_result(stored, one) for one in figures.visits])
    _insert(session, PartResult, [row for one in figures.visits for row in _part_results(stored, one)])
    return stored


def _anchor_journal(session: Session, stored: StoredRanking) -> None:
    """Keep how far the journal was sealed, to be printed with the ranking and so known outside."""
    head = head_of_journal(session)
    if head is not None:
        session.add(JournalAnchor(ranking_id=stored.id, sequence=head.sequence, hash=head.hash))
        session.flush()


def _ranking_rows(session: Session, stored: StoredRanking, ranking: Ranking) -> Iterator[Record]:
    ids = target_ids(session, stored.wave)
    region_of = {code: _path(path) for code, path in region_paths(ranking.wave).items()}
    branch_of = {target.code: _path(target.region) for target in ranking.wave.targets}
    for table, rows in ranking.tables().items():
        is_of_regions = table == "region"
        for position, row in enumerate(rows, start=1):
            yield {
                "ranking_id": stored.id,
                "table": table,
                "position": position,
                "path": region_of[row.unit] if is_of_regions else branch_of[row.unit],
                "target_id": None if is_of_regions else ids[row.unit],
                **_row(row),
            }


def _row(row: Row) -> Record:
    return {
        "unit": row.unit,
        "rank": row.rank,
        "score": row.score,
        "over_par": row.over_par,
        "visits": row.visits,
        "branches": row.branches,
        "rank_change": row.rank_change,
        "score_change": row.score_change,
        "rank_in_kind": row.rank_in_kind,
        "vetoes": row.vetoes,
        "phrase": _ratio(row.phrase),
        "action": _ratio(row.action),
        "delivery": _ratio(row.delivery),
        "condition": _ratio(row.condition),
        "low": row.low,
        "high": row.high,
        "interval_low": row.interval_low,
        "interval_high": row.interval_high,
        "placed_by": row.placed_by,
        "unranked": row.unranked,
    }


def _visit_result(stored: StoredRanking, figured: Figured) -> Record:
    visit, scores = figured.visit, figured.counted.scores
    return {
        "ranking_id": stored.id,
        "target_id": visit.target_id,
        "visit_id": visit.visit_id,
        "revision_id": visit.revision.id,
        "score": scores.visit,
        "action": scores.action,
        "phrase": scores.phrase,
        "delivery": scores.delivery,
        "condition": scores.condition,
        "low": scores.low,
        "high": scores.high,
        "par": scores.par,
        "vetoes": scores.vetoes_failed,
    }


def _part_results(stored: StoredRanking, figured: Figured) -> Iterator[Record]:
    scores = figured.counted.scores
    parts: Sequence[tuple[Figure, Mapping[str, int] | Mapping[int, int], Mapping[str, int]]] = (
        (Figure.ROLE, scores.roles, figured.counted.role_pars),
        (Figure.ACCOUNTABLE, scores.accountable, figured.accountable_pars),
        (Figure.FLOW, scores.flows, {}),
        (Figure.SITUATION, scores.situations, {}),
    )
    for figure, by_code, pars in parts:
        for code, score in by_code.items():
            yield {
                "ranking_id": stored.id,
                "figure": figure.value,
                "code": str(code),
                "target_id": figured.visit.target_id,
                "visit_id": figured.visit.visit_id,
                "score": score,
                "par": pars.get(str(code)),
            }


def _insert(session: Session, table: type[Base], rows: list[Record]) -> None:
    """Insert many rows at once; an absent value is written too, so that all go in one statement."""
    if rows:
        session.execute(insert(table).execution_options(render_nulls=True), [dict(row) for row in rows])


def _path(codes: Sequence[str]) -> str:
    return f"/{'/'.join(codes)}/"


def _pars_text(pars: Pars) -> str:
    return compact_json({str(number): _ratio(par) for number, par in pars.items()})


def _ratio(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"
