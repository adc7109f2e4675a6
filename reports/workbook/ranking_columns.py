"""The columns that the ranking sheets share, and what stands apart from them."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from checklists.scoring import round_half_up
from reports.waves import RankBy
from reports.workbook import styles
from reports.workbook.report import Report
from reports.workbook.shown import ShownRow
from reports.workbook.styles import Look
from reports.workbook.table import Apart, Column
from reports.workbook.words import Words

RankingColumn = Column[ShownRow]

_PLACE_DIGITS = 4
_SCORE_DIGITS = 6
_CHANGE_DIGITS = 7


def place_columns(report: Report, words: Words) -> list[RankingColumn]:
    """Return the place in the whole and, where a region was chosen, the place in it."""
    heads = words.headings
    whole: RankingColumn = Column(heads.rank, lambda shown: shown.row.rank, styles.RANK, digits=_PLACE_DIGITS)
    if report.region is None:
        return [whole]
    inside: RankingColumn = Column(
        heads.rank_in_region, lambda shown: shown.rank_in_region, styles.RANK, digits=_PLACE_DIGITS
    )
    return [whole, inside]


def frozen_columns(report: Report) -> int:
    """Return how many columns stay in view: those up to the unit's name."""
    return 3 if report.region is None else 4


def unit_columns(words: Words) -> list[RankingColumn]:
    """Return which unit it is and where it belongs."""
    heads = words.headings
    return [
        Column(heads.code, lambda shown: shown.unit.code, styles.CODE),
        Column(heads.name, lambda shown: shown.unit.name, styles.NAME),
        Column(heads.parent, lambda shown: shown.unit.parent_name, styles.WORD),
    ]


def kind_column(words: Words) -> RankingColumn:
    """Return a branch's kind."""
    return Column(words.headings.kind, lambda shown: shown.unit.kind, styles.WORD)


def place_in_kind_column(words: Words) -> RankingColumn:
    """Return a branch's place among those of its kind."""
    return _whole(words.headings.rank_in_kind, lambda shown: shown.row.rank_in_kind)


def score_columns(report: Report, words: Words) -> list[RankingColumn]:
    """Return the score, what it is over par where that ranks, both changes and the number of visits."""
    heads = words.headings
    score: RankingColumn = Column(
        heads.score,
        lambda shown: _points(shown.row.score),
        styles.SCORE,
        digits=_SCORE_DIGITS,
        on_scale=True,
    )
    moved: RankingColumn = Column(
        heads.rank_change,
        lambda shown: shown.row.rank_change,
        styles.STAYED,
        look_of=lambda shown: styles.moved(shown.row.rank_change),
        digits=_PLACE_DIGITS,
    )
    gained = _gain(heads.score_change, lambda shown: shown.row.score_change)
    visits = _whole(heads.visits, lambda shown: shown.row.visits)
    if report.ranking.wave.rank_by is RankBy.OVER_PAR:
        return [score, _gain(heads.over_par, lambda shown: shown.row.over_par), moved, gained, visits]
    return [score, moved, gained, visits]


def interval_columns(words: Words) -> list[RankingColumn]:
    """Return the best and the worst place that a rank may well be."""
    heads = words.headings
    return [
        _whole(heads.interval_low, lambda shown: shown.row.interval_low),
        _whole(heads.interval_high, lambda shown: shown.row.interval_high),
    ]


def tie_columns(words: Words) -> list[RankingColumn]:
    """Return what breaks ties between branches."""
    heads = words.headings
    return [
        vetoes_column(words),
        _mean(heads.phrase, lambda shown: shown.row.phrase),
        _mean(heads.action, lambda shown: shown.row.action),
    ]


def vetoes_column(words: Words) -> RankingColumn:
    """Return how many vetoes of a whole visit acted; nothing is printed for none."""
    return Column(words.headings.vetoes, lambda shown: shown.row.vetoes, styles.VETOES, digits=_PLACE_DIGITS)


def placing_column(words: Words) -> RankingColumn:
    """Return which rule placed a unit."""

    def rule(shown: ShownRow) -> str:
        placed_by = shown.row.placed_by
        return "" if placed_by is None else words.placed_by[placed_by]

    return Column(words.headings.placed_by, rule, styles.WORD)


def apart_from(
    columns: Sequence[RankingColumn], rows: Sequence[ShownRow], words: Words
) -> Apart[ShownRow] | None:
    """Return what was not ranked, in the table's own columns up to the visits, then why."""
    if not rows:
        return None

    def why(shown: ShownRow) -> str:
        unranked = shown.row.unranked
        return "" if unranked is None else words.unranked[unranked]

    heads = words.headings
    kept = {heads.code, heads.name, heads.parent, heads.level, heads.kind, heads.score, heads.visits}
    visits = next(place for place, column in enumerate(columns) if column.heading == heads.visits)
    same = [column if column.heading in kept else None for column in columns[: visits + 1]]
    reason: RankingColumn = Column(heads.reason, why, styles.WORD)
    return Apart(heading=words.notes.apart.of(len(rows)), columns=[*same, reason], rows=rows)


def _whole(heading: str, number: Callable[[ShownRow], int | None]) -> RankingColumn:
    return Column(heading, number, styles.WHOLE, digits=_PLACE_DIGITS)


def _mean(heading: str, mean: Callable[[ShownRow], Fraction | None]) -> RankingColumn:
    def points(shown: ShownRow) -> float | None:
        exact = mean(shown)
        return None if exact is None else _points(round_half_up(exact))

    return Column(heading, points, styles.POINTS, digits=_SCORE_DIGITS, on_scale=True)


def _gain(heading: str, hundredths: Callable[[ShownRow], int | None]) -> RankingColumn:
    def look(shown: ShownRow) -> Look:
        return styles.gained(hundredths(shown))

    return Column(
        heading, lambda shown: _points(hundredths(shown)), styles.EVEN, look_of=look, digits=_CHANGE_DIGITS
    )


def _points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100
