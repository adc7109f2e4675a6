"""The sheet of branches in the order of their places."""

from collections.abc import Iterator, Sequence

from reports.workbook import ranking_columns as shared
from reports.workbook.notes import ranking_note
from reports.workbook.report import Report
from reports.workbook.shown import ShownRow, ShownRows
from reports.workbook.table import Table
from reports.workbook.words import Words


def branch_table(report: Report, branches: ShownRows, words: Words) -> Table[ShownRow]:
    """Return the ranking of branches, with the place in the whole, in the kind and in the chosen region.

    Where it is known how sure the ranks are, that stands beside them, and a heavy line parts the bands.
    """
    notes = words.notes
    has_intervals = any(branch.row.interval_low is not None for branch in branches.ranked)
    columns = [
        *shared.place_columns(report, words),
        *shared.unit_columns(words),
        shared.kind_column(words),
        shared.place_in_kind_column(words),
        *shared.score_columns(report, words),
        *(shared.interval_columns(words) if has_intervals else ()),
        *shared.tie_columns(words),
        shared.placing_column(words),
    ]
    said = (notes.ties, *((notes.bands,) if has_intervals else ()), notes.vetoes)
    return Table(
        title=words.branches_sheet,
        note=ranking_note(report, words, *said),
        columns=columns,
        rows=branches.ranked,
        frozen=shared.frozen_columns(report),
        empty=notes.no_branches,
        heavy_below=frozenset(_ends_of_bands(branches.ranked)),
        apart=shared.apart_from(columns, branches.unranked, words),
    )


def _ends_of_bands(branches: Sequence[ShownRow]) -> Iterator[int]:
    """Yield the position before each branch whose interval does not meet that of its band's first row."""
    worst: int | None = None
    for position, branch in enumerate(branches):
        low, high = branch.row.interval_low, branch.row.interval_high
        if low is None or high is None:
            continue
        if worst is not None and low > worst:
            yield position - 1
            worst = high
        worst = high if worst is None else worst
