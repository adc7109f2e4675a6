"""What one region sees of a ranking."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.export_reading import read_export
from reports.recomputation import recompute
from reports.subtree import UnknownRegionError, within
from tests.reports.ranking_notation import read
from tests.reports.waves import made_up_wave


def test_a_region_sees_its_own_rows_of_every_table() -> None:
    lines = [
        "region R1 below HO",
        "region R11 below R1",
        "region R2 below HO",
        "branch A in R11",
        "branch B in R1",
    ]
    example = read([*lines, "branch C in R2", "visit A 80.00 teller 90.00", "visit C 90.00 teller 95.00"])

    subtree = within(example.ranking(), "R1")

    assert [placed.row.unit for placed in subtree.regions] == ["R1", "R11"]
    assert [(placed.row.unit, placed.row.rank, placed.rank_within) for placed in subtree.branches] == [
        ("A", 2, 1),
        ("B", None, None),
    ]
    assert [placed.rank_within for placed in subtree.roles["teller"]] == [1, None]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**40))
def test_the_place_within_is_1_more_than_the_number_of_better_ones_among_the_regions_rows(seed: int) -> None:
    ranking = recompute(read_export(made_up_wave(seed))).ranking

    for region in ranking.wave.regions:
        subtree = within(ranking, region.code)
        for rows in [subtree.branches, *subtree.roles.values()]:
            ranks = [placed.row.rank for placed in rows if placed.row.rank is not None]
            for placed in rows:
                if placed.row.rank is not None:
                    better = sum(1 for other in ranks if other < placed.row.rank)
                    assert placed.rank_within == 1 + better


def test_within_the_root_places_are_those_of_the_whole() -> None:
    ranking = recompute(read_export(made_up_wave(11))).ranking

    subtree = within(ranking, "HO")

    assert all(placed.rank_within == placed.row.rank for placed in (*subtree.regions, *subtree.branches))


def test_a_region_that_the_wave_does_not_know_is_refused() -> None:
    ranking = read(["visit A 80.00"]).ranking()

    with pytest.raises(UnknownRegionError, match="wave 2026Q3 has no region R9"):
        within(ranking, "R9")
