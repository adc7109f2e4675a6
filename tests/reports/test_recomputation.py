"""What comes out of the lines of a data export alone, and where lines disagree with themselves."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from reports.export import Export
from reports.export_reading import read_export
from reports.recomputation import Recomputation, recompute
from reports.rows import Pinned, Row
from tests.reports.export_examples import MISSING, VISIT, WAVE, line

PLACE = "wave 2026Q3, visit v1 of branch 0101"
OVER_PAR = ("rank_by", "over_par")


def recomputed(wave: str, *visits: str) -> Recomputation:
    """Return what comes out of some lines, without a previous wave."""
    return recompute(read_export([wave, *visits]))


def branch(recomputation: Recomputation, code: str = "0101") -> Row:
    """Return a branch's row."""
    return next(row for row in recomputation.ranking.branches if row.unit == code)


def credited(visit: str, action: str, phrase: str) -> str:
    """Return a visit's line with other credits and no scores; `visit` is its id."""
    items = "sections.0.items"
    return line(
        VISIT,
        ("visit", visit),
        (f"{items}.0.credit", action),
        (f"{items}.1.credit", phrase),
        ("scores", MISSING),
    )


def previous_wave(ranking: int = 2) -> Export:
    """Return a wave in which the branch scored 98.00 and stood first."""
    wave = line(WAVE, ("code", "2026Q2"), ("ranking", ranking), ("closes_on", "2026-07-02"))
    return read_export([wave, line(credited("v0", "1", "1"), ("wave", "2026Q2"))])


def test_lines_that_are_right_disagree_with_nothing() -> None:
    right = recomputed(line(WAVE), line(VISIT))

    assert right.disagreements == ()
    assert branch(right).score == 7300


def test_the_fingerprint_is_held_against_what_comes_out() -> None:
    digits = recomputed(line(WAVE), line(VISIT)).fingerprint

    right = recomputed(line(WAVE, ("fingerprint", digits)), line(VISIT))
    wrong = recomputed(line(WAVE, ("fingerprint", "0" * 64)), line(VISIT))

    assert right.disagreements == ()
    assert wrong.disagreements == (
        f"wave 2026Q3: fingerprint is {'0' * 64}, but that of ranking 1 comes to {digits}",
    )


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("scores.visit", 7301, "scores.visit is 7301, but comes to 7300"),
        ("scores.visit", None, "scores.visit is undefined, but comes to 7300"),
        ("scores.delivery", 0, "scores.delivery is 0, but comes to undefined"),
        ("scores.vetoes_failed", 1, "scores.vetoes_failed is 1, but comes to 0"),
        ("scores.low", 1, "scores.low is 1, but comes to 7300"),
        ("scores.par", 7000, "scores.par is 7000, but comes to undefined"),
        ("scores.flows.F2", 1, "scores.flows.F2 is 1, but comes to 7500"),
        ("scores.flows.F9", 1, "scores.flows.F9 is 1, but comes to undefined"),
        ("scores.situations", {}, "scores.situations.6 is undefined, but comes to 7500"),
        (
            "scores.roles",
            {"teller": 7500, "lobby_manager": 7500},
            "scores.roles.teller is 7500, but comes to",
        ),
        (
            "scores.accountable",
            {"lobby_manager": 0},
            "scores.accountable.lobby_manager is 0, but comes to 7500",
        ),
        ("rules_version", "9", "was scored by version 9 of the rules, but is recomputed by version 1"),
    ],
)
def test_each_number_that_comes_out_otherwise_is_named(path: str, value: object, sentence: str) -> None:
    found = recomputed(line(WAVE), line(VISIT, (path, value))).disagreements

    assert [told.startswith(f"{PLACE}: {sentence}") for told in found] == [True]


@pytest.mark.parametrize(
    "key", ["scores", "scores.visit", "scores.flows", "scores.par", "scores.vetoes_failed"]
)
def test_what_the_lines_do_not_state_is_not_compared(key: str) -> None:
    found = recomputed(line(WAVE), line(VISIT, (key, MISSING)))

    assert found.disagreements == ()


def test_what_the_lines_state_decides_nothing() -> None:
    found = recomputed(line(WAVE), line(VISIT, ("scores.visit", 9999)))

    assert branch(found).score == 7300


def test_a_visit_of_which_nothing_was_answered_does_not_count() -> None:
    blind = credited("v2", "1", "1")
    for place in (0, 1):
        blind = line(blind, (f"sections.0.items.{place}.credit", None))
        blind = line(blind, (f"sections.0.items.{place}.left_out", "could_not_see_or_hear"))

    found = recomputed(line(WAVE), line(VISIT), blind)

    assert branch(found).visits == 1
    assert found.disagreements == ()


def test_changes_come_from_the_previous_waves_lines() -> None:
    wave = line(WAVE, ("previous", {"code": "2026Q2", "ranking": 2}))

    found = recompute(read_export([wave, line(VISIT)]), previous=previous_wave())

    assert (branch(found).rank_change, branch(found).score_change) == (0, 7300 - 9800)
    assert found.ranking.previous == Pinned("2026Q2", 2)
    assert found.disagreements == ()


def test_without_the_previous_waves_lines_changes_are_empty() -> None:
    wave = line(WAVE, ("previous", {"code": "2026Q2", "ranking": 2}))

    found = recomputed(wave, line(VISIT))

    assert branch(found).rank_change is None
    assert found.disagreements == ()


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        (None, "wave 2026Q3 names no previous ranking, so ranking 2 of wave 2026Q2 is not used"),
        (
            {"code": "2026Q1", "ranking": 2},
            "wave 2026Q3 names ranking 2 of wave 2026Q1 as previous, so ranking 2 of wave 2026Q2 is not used",
        ),
        (
            {"code": "2026Q2", "ranking": 1},
            "wave 2026Q3 names ranking 1 of wave 2026Q2 as previous, so ranking 2 of wave 2026Q2 is not used",
        ),
    ],
)
def test_a_previous_wave_that_is_not_the_pinned_one_is_not_used(named: object, sentence: str) -> None:
    export = read_export([line(WAVE, ("previous", named)), line(VISIT)])

    found = recompute(export, previous=previous_wave())

    assert found.disagreements == (sentence,)
    assert branch(found).rank_change is None


def test_what_is_wrong_in_the_previous_waves_lines_is_named_too() -> None:
    wave = line(WAVE, ("previous", {"code": "2026Q2", "ranking": 2}))
    previous = previous_wave()
    head = replace(previous.head, fingerprint="0" * 64)

    found = recompute(read_export([wave, line(VISIT)]), previous=replace(previous, head=head))

    assert [told.partition(":")[0] for told in found.disagreements] == ["wave 2026Q2"]


def test_a_first_ranking_by_over_par_takes_its_pars_from_its_own_visits() -> None:
    visits = [credited("v1", "1/2", "1"), credited("v2", "1", "1"), credited("v3", "1/3", "1")]

    found = recomputed(line(WAVE, OVER_PAR), *visits)

    assert found.pars == {6: Fraction(7500 + 10000 + 6667, 3)}
    assert [visit.scores.par for visit in found.visits] == [8056, 8056, 8056]
    assert branch(found).over_par == -200
    assert found.disagreements == ()


def test_pars_of_a_first_ranking_are_held_against_what_comes_out() -> None:
    wave = line(WAVE, OVER_PAR, ("pars", {"6": "7500/1", "7": "20/3"}))

    found = recomputed(wave, credited("v1", "1", "1"))

    assert found.disagreements == (
        "wave 2026Q3: pars.6 is 7500/1, but comes to 10000/1",
        "wave 2026Q3: pars.7 is 20/3, but comes to undefined",
    )
    assert branch(found).over_par == 9800 - 10000


def test_a_restated_ranking_keeps_the_frozen_pars() -> None:
    wave = line(WAVE, OVER_PAR, ("ranking", 2), ("pars", {"6": "14999/2", "7": "1/3"}))

    found = recomputed(wave, credited("v1", "1", "1"))

    assert found.pars == {6: Fraction(14999, 2), 7: Fraction(1, 3)}
    assert found.visits[0].scores.par == 7500
    assert (branch(found).score, branch(found).over_par) == (9800, 2300)
    assert found.disagreements == ()


def test_a_situation_without_a_frozen_par_takes_the_mean_of_the_restating_ranking_and_is_named() -> None:
    wave = line(WAVE, OVER_PAR, ("ranking", 2), ("pars", {"7": "5000/1"}))

    found = recomputed(wave, credited("v1", "1", "1"))

    assert found.pars == {6: Fraction(10000), 7: Fraction(5000)}
    assert found.disagreements == ("wave 2026Q3: pars.6 is undefined, but comes to 10000/1",)


def test_pars_in_a_wave_that_is_ranked_by_score_are_named() -> None:
    found = recomputed(line(WAVE, ("pars", {"6": "7500/1"})), line(VISIT))

    assert found.disagreements == ("wave 2026Q3: has pars, but is ranked by score",)


def test_a_roles_par_is_taken_over_its_own_sections() -> None:
    other = {**json.loads(VISIT)["sections"][0], "flow": "F3", "situation": 11, "role": "teller"}
    other["items"] = [{**item, "code": item["code"].replace("S06", "S11")} for item in other["items"]]
    both = line(credited("v1", "1/2", "1"), ("sections", [json.loads(VISIT)["sections"][0], other]))
    wave = line(WAVE, OVER_PAR, ("ranking", 2), ("pars", {"6": "7000/1", "11": "6000/1"}))

    found = recomputed(wave, both)

    assert found.visits[0].role_pars == {"lobby_manager": 7000, "teller": 6000}
    assert found.visits[0].scores.par == 6500
    assert [found.ranking.roles[role][0].over_par for role in ("lobby_manager", "teller")] == [500, 1500]
