"""Every number of made-up waves, held against a second program that shares no code with the product."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.export_reading import read_export
from reports.recomputation import Recomputation, recompute
from reports.rows import Row
from reports.stated_scores import scores_json, state
from tests.reports import independent
from tests.reports.waves import FIRST, SECOND, made_up_wave

seeds = st.integers(0, 2**40)


def as_printed(row: Row) -> independent.Row:
    """Return a row in the form of the second program."""
    return independent.Row(
        code=row.unit,
        rank=row.rank,
        rank_in_kind=row.rank_in_kind,
        score=row.score,
        over_par=row.over_par,
        visits=row.visits,
        rank_change=row.rank_change,
        score_change=row.score_change,
        vetoes=row.vetoes,
        phrase=row.phrase,
        action=row.action,
        low=row.low,
        high=row.high,
        branches=row.branches,
        placed_by=row.placed_by,
        unranked=row.unranked,
    )


def printed_tables(recomputed: Recomputation) -> dict[str, dict[str, independent.Row]]:
    """Return all tables in the form of the second program."""
    tables = recomputed.ranking.tables()
    return {name: {row.unit: as_printed(row) for row in rows} for name, rows in tables.items()}


def stating(lines: list[str], computed: independent.Result) -> list[str]:
    """Return the lines with the scores, pars and fingerprint that the second program computed."""
    wave, *visits = (json.loads(line) for line in lines)
    wave["fingerprint"] = computed.fingerprint
    if wave["rank_by"] == "over_par":
        wave["pars"] = {
            str(number): f"{par.numerator}/{par.denominator}" for number, par in computed.pars.items()
        }
    for visit in visits:
        visit["scores"] = computed.scores[visit["visit"]]
    return [json.dumps(line) for line in [wave, *visits]]


@settings(max_examples=300, deadline=None)
@given(seeds)
@pytest.mark.fault("W07")
def test_every_score_rank_change_and_fingerprint_is_the_same_by_two_programs(seed: int) -> None:
    before, now = made_up_wave(seed, FIRST), made_up_wave(seed, SECOND)
    expected = independent.recompute(now, previous=independent.recompute(before))

    recomputed = recompute(read_export(now), previous=read_export(before))

    scores = {
        visit.visit: json.loads(json.dumps(scores_json(state(visit.scores)))) for visit in recomputed.visits
    }
    assert scores == expected.scores
    assert (recomputed.pars or {}) == expected.pars
    assert printed_tables(recomputed) == expected.tables
    assert recomputed.fingerprint == expected.fingerprint


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_lines_that_state_what_the_second_program_computed_agree_with_themselves(seed: int) -> None:
    before, now = made_up_wave(seed, FIRST), made_up_wave(seed, SECOND)
    computed_before = independent.recompute(before)
    computed_now = independent.recompute(now, previous=computed_before)
    previous = read_export(stating(before, computed_before))
    export = read_export(stating(now, computed_now))

    recomputed = recompute(export, previous=previous)

    assert recomputed.disagreements == ()


def test_made_up_waves_hold_every_edge_case_often() -> None:
    seen: Counter[str] = Counter()

    for seed in range(150):
        before, now = made_up_wave(seed, FIRST), made_up_wave(seed, SECOND)
        result = independent.recompute(now, previous=independent.recompute(before))
        for table, rows in result.tables.items():
            for row in rows.values():
                seen[f"{table.partition(':')[0]} placed by {row.placed_by}"] += 1
                seen[f"{table.partition(':')[0]} unranked {row.unranked}"] += 1
                seen["below par"] += (row.over_par or 0) < 0
                seen["moved"] += bool(row.rank_change)
                seen["without phrase"] += table == "branch" and row.rank is not None and row.phrase is None
        seen["undefined visit"] += sum(scores["visit"] is None for scores in result.scores.values())

    expected = [f"branch placed by {rule}" for rule in ("score", "vetoes", "phrase", "action", "shared")]
    expected += [f"region placed by {rule}" for rule in ("score", "vetoes", "shared")]
    expected += [f"role placed by {rule}" for rule in ("score", "shared")]
    expected += ["branch unranked no_visit", "branch unranked too_few", "region unranked no_branch"]
    expected += ["role unranked role_not_seen", "below par", "moved", "without phrase", "undefined visit"]
    assert [case for case in expected if seen[case] < 3] == []
