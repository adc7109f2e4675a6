"""Frozen rankings, held against their fingerprints and against the visits that they counted."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from sqlalchemy.orm import Session

from checklists.scoring import RULES_VERSION, accountable_pars
from inspect_app.models.rankings import Figure, StoredRanking
from inspect_app.queries.ranking_values import pars_of
from inspect_app.queries.rankings import export_of, previous_of, stored_ranking_as_values
from inspect_app.queries.verification import every_ranking, part_results_of, visit_results_of
from inspect_app.verification.records import UNREADABLE
from inspect_app.verification.verdicts import Fault, Found
from reports.export import Export
from reports.fingerprint import fingerprint
from reports.rankings import CountedVisit, Ranking
from reports.recomputation import Recomputation, recompute

PartKey = tuple[str, str, str]
"""The figure, the code of the part and the visit."""


def fingerprints(session: Session) -> Iterator[Found | None]:
    """Hold the rows of every ranking against its fingerprint."""
    for ranking in every_ranking(session):
        is_true = fingerprint(stored_ranking_as_values(session, ranking)) == ranking.fingerprint
        yield None if is_true else Found(name_of(ranking), Fault.OTHER_HASH)


def rankings(session: Session) -> Iterator[Found | None]:
    """Make every ranking again from the revisions that it used, and compare it row by row."""
    for ranking in every_ranking(session):
        again = _again(session, ranking)
        if again is None:
            yield Found(name_of(ranking), Fault.UNREADABLE)
        elif ranking.rules_version == RULES_VERSION:
            stored = stored_ranking_as_values(session, ranking)
            yield from _rows(name_of(ranking), stored, again.ranking)


def figures(session: Session) -> Iterator[Found | None]:
    """Make the figures of every counted visit again, and compare them."""
    for ranking in every_ranking(session):
        again = _again(session, ranking)
        if again is not None and ranking.rules_version == RULES_VERSION:
            yield from _of_visits(session, ranking, again)
            yield from _of_parts(session, ranking, again)


def name_of(ranking: StoredRanking) -> str:
    """Return how a ranking is called where its rows are told apart."""
    return f"ranking {ranking.wave.code} / {ranking.number}"


def _again(session: Session, ranking: StoredRanking) -> Recomputation | None:
    try:
        previous = previous_of(session, ranking)
        earlier = None if previous is None else export_of(session, previous)
        return recompute(export_of(session, ranking), earlier)
    except UNREADABLE:
        return None


def _rows(name: str, stored: Ranking, again: Ranking) -> Iterator[Found | None]:
    before, after = stored.tables(), again.tables()
    for table in sorted({*before, *after}):
        for kept, made in zip_longest(before.get(table, ()), after.get(table, ())):
            unit = (kept or made).unit
            yield None if kept == made else Found(f"{name}, {table} {unit}", Fault.OTHER_ROW)


def _of_visits(session: Session, ranking: StoredRanking, again: Recomputation) -> Iterator[Found | None]:
    made = {visit.visit: visit for visit in again.visits}
    for row in visit_results_of(session, ranking):
        counted = made.get(str(row.visit_id))
        kept = (
            row.score,
            row.action,
            row.phrase,
            row.delivery,
            row.condition,
            row.low,
            row.high,
            row.par,
            row.vetoes,
        )
        is_true = counted is not None and kept == _totals(counted)
        yield None if is_true else Found(f"{name_of(ranking)}, visit {row.visit_id}", Fault.OTHER_ROW)


def _totals(visit: CountedVisit) -> tuple[int | None, ...]:
    scores = visit.scores
    return (
        scores.visit,
        scores.action,
        scores.phrase,
        scores.delivery,
        scores.condition,
        scores.low,
        scores.high,
        scores.par,
        scores.vetoes_failed,
    )


def _of_parts(session: Session, ranking: StoredRanking, again: Recomputation) -> Iterator[Found | None]:
    kept = {
        (row.figure, row.code, str(row.visit_id)): (row.score, row.par)
        for row in part_results_of(session, ranking)
    }
    made = dict(_parts(export_of(session, ranking), ranking, again))
    for key in sorted({*kept, *made}):
        figure, code, visit = key
        is_true = kept.get(key) == made.get(key)
        yield (
            None if is_true else Found(f"{name_of(ranking)}, visit {visit}, {figure} {code}", Fault.OTHER_ROW)
        )


def _parts(
    export: Export, ranking: StoredRanking, again: Recomputation
) -> Iterator[tuple[PartKey, tuple[int, int | None]]]:
    pars = pars_of(ranking)
    for exported, visit in zip(export.visits, again.visits, strict=True):
        of_accountable = {} if pars is None else accountable_pars(exported.inspection, pars)
        scores = visit.scores
        parts: tuple[tuple[Figure, Mapping[str, int] | Mapping[int, int], Mapping[str, int]], ...] = (
            (Figure.ROLE, scores.roles, visit.role_pars),
            (Figure.ACCOUNTABLE, scores.accountable, of_accountable),
            (Figure.FLOW, scores.flows, {}),
            (Figure.SITUATION, scores.situations, {}),
        )
        for figure, by_code, of_codes in parts:
            for code, earned in by_code.items():
                yield (figure.value, str(code), visit.visit), (earned, of_codes.get(str(code)))
