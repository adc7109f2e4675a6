"""What holds of every ranking, and what cannot be ranked."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.export_reading import read_export
from reports.fingerprint import fingerprint, short_fingerprint
from reports.rankings import (
    CountedVisit,
    PlacedBy,
    Ranking,
    RankingError,
    Region,
    Row,
    Target,
    Wave,
    pin,
    rank,
)
from reports.recomputation import recompute
from reports.waves import branch_units, region_units
from tests.reports.ranking_notation import read
from tests.reports.waves import made_up_wave

seeds = st.integers(0, 2**40)


def made_up(seed: int) -> tuple[Wave, list[CountedVisit]]:
    """Return a made-up wave with its counting visits."""
    export = read_export(made_up_wave(seed))
    return export.head.wave, list(recompute(export).visits)


def two_branches() -> tuple[Wave, list[CountedVisit]]:
    """Return a wave of two branches with a visit each."""
    example = read(["visit A 90.00 teller 80.00", "visit B 80.00"])
    return example.wave(), example.visits


@settings(max_examples=60, deadline=None)
@given(seeds, st.integers(0, 2**20))
@pytest.mark.fault("W07")
def test_the_order_of_visits_regions_and_targets_changes_nothing(seed: int, shuffling: int) -> None:
    wave, visits = made_up(seed)
    random = Random(shuffling)  # noqa: S311 - an order, no secret
    shuffled = replace(
        wave,
        regions=tuple(random.sample(wave.regions, len(wave.regions))),
        targets=tuple(random.sample(wave.targets, len(wave.targets))),
    )
    expected = rank(wave, visits)

    ranking = rank(shuffled, random.sample(visits, len(visits)))

    assert ranking.tables() == expected.tables()
    assert fingerprint(ranking) == fingerprint(expected)


@settings(max_examples=60, deadline=None)
@given(seeds)
@pytest.mark.fault("W07")
def test_every_rank_is_1_more_than_the_number_of_better_ones_or_a_shared_place_above(seed: int) -> None:
    wave, visits = made_up(seed)

    ranking = rank(wave, visits)

    for rows in [ranking.branches, *ranking.roles.values()]:
        ranks = [row.rank for row in rows if row.rank is not None]
        assert ranks == sorted(ranks)
        for position, row in enumerate(ranks, start=1):
            assert row == position or row == ranks[position - 2]


@settings(max_examples=60, deadline=None)
@given(seeds)
@pytest.mark.fault("W07")
def test_a_row_shares_its_place_exactly_where_another_has_the_same_rank(seed: int) -> None:
    wave, visits = made_up(seed)

    ranking = rank(wave, visits)

    for rows in [ranking.branches, *ranking.roles.values()]:
        ranks = [row.rank for row in rows if row.rank is not None]
        for row in rows:
            shares = row.rank is not None and ranks.count(row.rank) > 1
            assert (row.placed_by is PlacedBy.SHARED) == shares


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_every_unit_stands_once_in_every_table_and_says_why_where_it_is_not_ranked(seed: int) -> None:
    wave, visits = made_up(seed)
    branches = sorted(target.code for target in wave.targets)
    root = next(region.code for region in wave.regions if region.parent is None)

    ranking = rank(wave, visits)

    assert sorted(row.unit for row in ranking.regions) == sorted(region.code for region in wave.regions)
    for rows in [ranking.branches, *ranking.roles.values()]:
        assert sorted(row.unit for row in rows) == branches
    for rows in ranking.tables().values():
        assert all((row.rank is None) == (row.unranked is not None) for row in rows if row.unit != root)


def test_rows_stand_in_the_order_of_their_places_then_without_one_by_code() -> None:
    example = read(["min visits 2", *["visit B 80.00", "visit D 80.00", "visit E 90.00"] * 2])
    example.branches = dict.fromkeys(("F", "C", "E", "D", "B"), ("HO", "基础"))

    ranking = example.ranking()

    assert [row.unit for row in ranking.branches] == ["E", "B", "D", "C", "F"]


def test_regions_stand_level_by_level_the_root_first() -> None:
    lines = ["region R2 below HO", "region R21 below R2", "region R1 below HO", "branch A in R21"]
    example = read([*lines, "visit A 80.00"])

    ranking = example.ranking()

    assert [row.unit for row in ranking.regions] == ["HO", "R2", "R1", "R21"]


def test_changes_names_and_intervals_are_no_part_of_the_fingerprint() -> None:
    wave, visits = two_branches()
    ranking = rank(wave, visits)
    others = tuple(replace(row, rank_change=5, interval_low=1, interval_high=2) for row in ranking.branches)

    digits = fingerprint(replace(ranking, branches=others, number=7))

    assert digits == fingerprint(ranking)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: replace(row, rank=9),
        lambda row: replace(row, rank=None),
        lambda row: replace(row, score=1),
        lambda row: replace(row, visits=9),
        lambda row: replace(row, unit="Z"),
    ],
)
def test_whatever_is_ranked_differently_has_another_fingerprint(change: Callable[[Row], Row]) -> None:
    wave, visits = two_branches()
    ranking = rank(wave, visits)
    others = (change(ranking.branches[0]), *ranking.branches[1:])

    digits = fingerprint(replace(ranking, branches=others))

    assert digits != fingerprint(ranking)


def test_a_fingerprint_is_shown_as_16_digits_in_fours() -> None:
    assert short_fingerprint("7f3a92c10b6d44e0" + "a" * 48) == "7f3a 92c1 0b6d 44e0"


def test_a_pinned_ranking_holds_what_was_ranked_and_no_more() -> None:
    lines = ["min visits 2", "region R1 below HO", "branch A in R1", "branch B in R1"]
    ranking = read([*lines, "visit A 90.00 teller 70.00", "visit A 90.00", "visit B 80.00"]).ranking()

    pinned = pin(ranking)

    ranked = {
        table: {unit: place.rank for unit, place in rows.items()} for table, rows in pinned.tables.items()
    }
    assert ranked == {"region": {"R1": 1}, "branch": {"A": 1}, "role:teller": {"A": 1}}
    assert (pinned.pinned.code, pinned.pinned.number) == ("2026Q3", 1)


def test_without_a_previous_ranking_nothing_has_changed() -> None:
    wave, visits = two_branches()

    ranking: Ranking = rank(wave, visits)

    assert all(
        row.rank_change is row.score_change is None for rows in ranking.tables().values() for row in rows
    )
    assert ranking.previous is None


def test_units_know_their_parents_and_depths() -> None:
    example = read(["region R1 below HO", "region R11 below R1", "branch A in R11 kind 精品", "branch B"])
    wave = example.wave()

    regions, branches = region_units(wave), branch_units(wave)

    assert [(unit.code, unit.parent, unit.parent_name, unit.depth) for unit in regions.values()] == [
        ("HO", None, "", 0),
        ("R1", "HO", "HO", 1),
        ("R11", "R1", "R1", 2),
    ]
    assert [(unit.code, unit.parent, unit.kind, unit.depth) for unit in branches.values()] == [
        ("A", "R11", "精品", 3),
        ("B", "HO", "基础", 1),
    ]


def test_a_visit_that_stands_twice_is_refused() -> None:
    wave, visits = two_branches()

    with pytest.raises(RankingError, match="visit 0 stands twice"):
        rank(wave, [*visits, replace(visits[0], revision=2)])


def test_a_visit_to_a_branch_that_is_no_target_is_refused() -> None:
    wave, visits = two_branches()

    with pytest.raises(RankingError, match="branch Z is not a target of 2026Q3"):
        rank(wave, [*visits, replace(visits[0], visit="another", branch="Z")])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("visit A 90.00", "visit 0 has no par, but its wave is ranked by over par"),
        ("visit A 90.00 par 80.00 teller 80.00", "visit 0 has no par for the role teller"),
    ],
)
def test_over_par_needs_the_pars_of_every_visit(line: str, sentence: str) -> None:
    example = read(["by over par", line])

    with pytest.raises(RankingError, match=sentence):
        example.ranking()


@pytest.mark.parametrize(
    ("regions", "sentence"),
    [
        ([("R1", "HO"), ("R1", "HO"), ("HO", None)], "region R1 stands twice"),
        (
            [("HO", None), ("XO", None)],
            "exactly one region is the root and has no parent, but here it is HO, XO",
        ),
        (
            [("R1", "R2"), ("R2", "R1")],
            "exactly one region is the root and has no parent, but here it is none",
        ),
        ([("HO", None), ("R1", "R2"), ("R2", "R1")], "region R1 lies below itself"),
        ([("HO", None), ("R1", "R9")], "region R1 lies below R9, which is not a region of the wave"),
    ],
)
def test_regions_that_make_no_tree_are_refused(regions: list[tuple[str, str | None]], sentence: str) -> None:
    wave, visits = two_branches()
    others = tuple(Region(code, code, parent) for code, parent in regions)

    with pytest.raises(RankingError, match=sentence):
        rank(replace(wave, regions=others, targets=()), visits)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ((), "branch A lies in no region"),
        (("HO", "R9"), "branch A lies in R9, which is not a region of the wave"),
        (("R1",), "branch A lies in R1, which does not run from the root down"),
        (("HO", "R11"), "branch A lies in HO > R11, which does not run from the root down"),
    ],
)
def test_a_path_that_does_not_lead_down_the_tree_is_refused(path: tuple[str, ...], sentence: str) -> None:
    wave = read(["region R1 below HO", "region R11 below R1"]).wave()

    with pytest.raises(RankingError, match=sentence):
        rank(replace(wave, targets=(Target("A", "A", "", path),)), [])


@pytest.mark.fault("W07")
def test_a_wave_without_any_visit_ranks_nothing() -> None:
    ranking = read(["branch A", "branch B"]).ranking()

    assert [row.unranked for row in ranking.branches] == ["no_visit", "no_visit"]
    assert [row.unranked for row in ranking.regions] == ["no_branch"]
    assert ranking.roles == {}
