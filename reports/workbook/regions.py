"""The sheet of regions: the root without a place, then each level in the order of its places."""

from collections.abc import Sequence
from itertools import pairwise

from reports.workbook import ranking_columns as shared
from reports.workbook import styles
from reports.workbook.notes import ranking_note
from reports.workbook.report import Report
from reports.workbook.shown import ShownRow, ShownRows
from reports.workbook.table import Column, Table
from reports.workbook.words import Words


def region_table(report: Report, regions: ShownRows, words: Words) -> Table[ShownRow]:
    """Return the ranking of regions, each among those of its level."""
    heads = words.headings
    columns: list[shared.RankingColumn] = [
        *shared.place_columns(report, words),
        *shared.unit_columns(words),
        Column(heads.level, lambda shown: shown.unit.depth, styles.WHOLE, digits=2),
        *shared.score_columns(report, words),
        Column(heads.branches, lambda shown: shown.row.branches, styles.WHOLE, digits=5),
        shared.vetoes_column(words),
        shared.placing_column(words),
    ]
    return Table(
        title=words.regions_sheet,
        note=ranking_note(report, words, words.notes.ties, words.notes.levels, words.notes.vetoes),
        columns=columns,
        rows=regions.ranked,
        frozen=shared.frozen_columns(report),
        empty=words.notes.no_regions,
        heavy_below=_ends_of_levels(regions.ranked),
        apart=shared.apart_from(columns, regions.unranked, words),
    )


def _ends_of_levels(rows: Sequence[ShownRow]) -> frozenset[int]:
    steps = enumerate(pairwise(rows))
    return frozenset(place for place, (row, below) in steps if row.unit.depth != below.unit.depth)
