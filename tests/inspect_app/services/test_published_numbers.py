"""Every stored number, held against a second program that knows the lines of the data export alone."""

import random
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.db import Database, transaction
from inspect_app.models.rankings import Figure, PartResult, StoredRanking, VisitResult
from inspect_app.queries.rankings import export_of, previous_of, rankings_of_wave, stored_ranking_as_values
from reports.export import export_lines
from reports.recomputation import recompute
from reports.stated_scores import Part
from tests.inspect_app.random_waves import found_bank, hold_wave
from tests.reports import independent
from tests.reports.test_independent import as_printed

SEEDS = range(8)
PARTS = {
    Figure.ROLE: Part.ROLES,
    Figure.ACCOUNTABLE: Part.ACCOUNTABLE,
    Figure.FLOW: Part.FLOWS,
    Figure.SITUATION: Part.SITUATIONS,
}


def held_rankings(session: Session, seed: int) -> list[StoredRanking]:
    """Hold two waves; return all their rankings."""
    chance = random.Random(seed)  # noqa: S311 - the same seed must make the same waves
    staff = found_bank(session, chance)
    waves = [hold_wave(session, staff, chance, opens_on) for opens_on in (date(2026, 1, 5), date(2026, 4, 6))]
    return [ranking for wave in waves for ranking in rankings_of_wave(session, wave.id)]


def lines_of(session: Session, ranking: StoredRanking) -> list[str]:
    """Return the lines of the data export of a ranking."""
    return list(export_lines(export_of(session, ranking)))


def recomputed(session: Session, ranking: StoredRanking) -> independent.Result:
    """Return what the second program makes of the lines of a ranking and of the one before."""
    previous = previous_of(session, ranking)
    earlier = None if previous is None else independent.recompute(lines_of(session, previous))
    return independent.recompute(lines_of(session, ranking), earlier)


def stored_tables(session: Session, ranking: StoredRanking) -> dict[str, dict[str, independent.Row]]:
    """Return the stored rows in the form of the second program."""
    tables = stored_ranking_as_values(session, ranking).tables()
    return {name: {row.unit: as_printed(row) for row in rows} for name, rows in tables.items()}


def visits_of(session: Session, ranking: StoredRanking) -> list[VisitResult]:
    """Return the stored figures of a ranking's visits."""
    return list(session.scalars(select(VisitResult).where(VisitResult.ranking_id == ranking.id)))


def stored_parts(session: Session, ranking: StoredRanking) -> dict[tuple[str, str, str], int]:
    """Return the stored scores of parts, by visit, figure and code."""
    rows = session.scalars(select(PartResult).where(PartResult.ranking_id == ranking.id))
    return {(str(row.visit_id), row.figure, row.code): row.score for row in rows}


def expected_parts(scores: dict[str, independent.ScoresLine]) -> dict[tuple[str, str, str], int]:
    """Return the same from the second program."""
    return {
        (visit, figure.value, code): score
        for visit, one in scores.items()
        for figure, part in PARTS.items()
        for code, score in one[part.value].items()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_every_stored_score_rank_change_and_fingerprint_comes_out_of_the_export_alone(
    database: Database, seed: int
) -> None:
    with transaction(database) as session:
        for ranking in held_rankings(session, seed):
            expected = recomputed(session, ranking)

            assert stored_tables(session, ranking) == expected.tables
            assert ranking.fingerprint == expected.fingerprint
            assert {
                str(one.visit_id): (one.score, one.par, one.vetoes, one.low, one.high, one.phrase, one.action)
                for one in visits_of(session, ranking)
            } == {
                visit: tuple(
                    one[key] for key in ("visit", "par", "vetoes_failed", "low", "high", "phrase", "action")
                )
                for visit, one in expected.scores.items()
            }
            assert stored_parts(session, ranking) == expected_parts(expected.scores)


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_the_export_of_a_stored_ranking_agrees_with_itself_and_with_the_stored_rows(
    database: Database, seed: int
) -> None:
    with transaction(database) as session:
        for ranking in held_rankings(session, seed):
            previous = previous_of(session, ranking)

            again = recompute(
                export_of(session, ranking), None if previous is None else export_of(session, previous)
            )

            assert again.disagreements == ()
            assert again.ranking == stored_ranking_as_values(session, ranking)


def test_the_random_waves_hold_the_cases_that_matter(database: Database) -> None:
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        with Session(database.writing) as session:
            for ranking in held_rankings(session, seed):
                values = stored_ranking_as_values(session, ranking)
                seen[ranking.wave.rank_by] += 1
                seen["restated"] += ranking.number > 1
                seen["restated over par"] += ranking.number > 1 and ranking.pars is not None
                for row in values.branches:
                    seen[f"placed by {row.placed_by}"] += 1
                    seen[f"unranked {row.unranked}"] += 1
                    seen["moved"] += bool(row.rank_change)
            session.rollback()

    cases = ["score", "over_par", "restated", "restated over par", "moved"]
    cases += ["placed by score", "placed by shared", "unranked no_visit", "unranked too_few"]
    assert [case for case in cases if not seen[case]] == []
