"""Where a branch would stand, held against the ranking that is made in full."""

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.contenders import Contender, Field
from reports.export_reading import read_export
from reports.rankings import Ranking
from reports.recomputation import recompute
from tests.reports.waves import SECOND, made_up_wave


def made_up_ranking(seed: int) -> Ranking:
    """Return the ranking of a made-up wave."""
    return recompute(read_export(made_up_wave(seed, SECOND)), None).ranking


@settings(max_examples=40)
@given(seed=st.integers(0, 2**40))
def test_a_branch_stands_where_the_whole_ranking_puts_it(seed: int) -> None:
    ranking = made_up_ranking(seed)
    rank_by = ranking.wave.rank_by
    contenders = {
        row.unit: Contender(row.score, row.over_par, row.visits, row.vetoes, row.phrase, row.action)
        for row in ranking.branches
        if row.rank is not None and row.score is not None
    }

    for row in ranking.branches:
        if row.unit in contenders:
            others = [one for unit, one in contenders.items() if unit != row.unit]
            assert Field(others, rank_by).place_of(contenders[row.unit]) == row.rank
