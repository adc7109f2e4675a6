"""A sheet that holds one table: title, note, one head, its rows and, apart, what does not belong in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook import styles
from reports.workbook.styles import Line, Look, Pen, Value
from reports.workbook.text import display_width

Row = TypeVar("Row")

WIDEST = 48
"""Columns of one digit that a column takes at most; longer text wraps, or runs on where it stands apart."""

HEAD_ROW = 4
"""Title, note and a gap stand above the head."""

_PADDING = 3
_TITLE_HEIGHT = 30.0
_NOTE_HEIGHT = 18.0
_GAP_HEIGHT = 6.0
_HEAD_HEIGHT = 30.0
_ROW_HEIGHT = 19.0
_LINE_HEIGHT = 15.0
_HIGHEST = 409.0
_LEFT_LOOKS = (styles.NAME, styles.WORD, styles.PROSE)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a table.

    Attributes:
        heading: stands in the head; English headings may take two lines.
        value: what a row shows here.
        look: how it looks, unless `look_of` says it row by row.
        digits: how many characters a number takes at most as it is shown; text is measured.
        on_scale: scores that carry the colour scale.
    """

    heading: str
    value: Callable[[Row], Value]
    look: Look
    look_of: Callable[[Row], Look] | None = None
    digits: int = 0
    on_scale: bool = False


@dataclass(frozen=True, slots=True)
class Apart(Generic[Row]):
    """What stands below a table, under a small heading of its own.

    Attributes:
        columns: one for each column of the table from the left, None where nothing stands; the last may be
            text that runs on to the table's right edge.
    """

    heading: str
    columns: Sequence[Column[Row] | None]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """The content of one sheet.

    Attributes:
        frozen: how many columns from the left stay in view.
        heavy_below: positions of the rows, from 0, that a heavy line follows.
        empty: the sentence that says why there are no rows; unused where there are some.
    """

    title: str
    note: str
    columns: Sequence[Column[Row]]
    rows: Sequence[Row]
    frozen: int
    empty: str
    heavy_below: frozenset[int] = frozenset()
    apart: Apart[Row] | None = None

    def write_to(self, sheet: Worksheet) -> str:
        """Write the table to an empty sheet and return the range that it takes."""
        return f"A1:{get_column_letter(len(self.columns))}{_write(sheet, self)}"


def _write(sheet: Worksheet, table: Table[Row]) -> int:
    """Write from top to bottom, the one order that such a sheet allows, and return its last row."""
    pen = Pen(sheet)
    widths = _widths(table)
    note_lines = -(-display_width(table.note) // int(sum(widths)))
    _set_up(sheet, table.frozen, widths, note_lines)
    sheet.append([pen.cell(table.title, styles.TITLE)])
    sheet.append([pen.cell(table.note, styles.NOTE if note_lines == 1 else styles.LONG_NOTE)])
    sheet.append([])
    sheet.append([pen.cell(column.heading, _head_look(column)) for column in table.columns])
    last = _write_rows(sheet, pen, table)
    if not table.rows:
        sheet.append([])
        sheet.append([pen.cell(table.empty, styles.EMPTY)])
        last += 2
    if table.apart is not None and table.apart.rows:
        last = _write_apart(sheet, pen, table.apart, len(table.columns), last)
    return last


def _set_up(sheet: Worksheet, frozen: int, widths: Sequence[float], note_lines: int) -> None:
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    heights = (_TITLE_HEIGHT, _NOTE_HEIGHT * note_lines, _GAP_HEIGHT, _HEAD_HEIGHT)
    for row, height in enumerate(heights, start=1):
        sheet.row_dimensions[row].height = height
    if note_lines > 1:
        # Text runs on over empty cells, but print cuts it off at the table's right edge.
        sheet.merged_cells.add(f"A2:{get_column_letter(len(widths))}2")
    sheet.sheet_format.defaultRowHeight = _ROW_HEIGHT
    sheet.sheet_format.customHeight = True
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{HEAD_ROW + 1}"


def _write_rows(sheet: Worksheet, pen: Pen, table: Table[Row]) -> int:
    prose = [(column, _width(column, table.rows)) for column in table.columns if column.look is styles.PROSE]
    number = HEAD_ROW
    for number, row in enumerate(table.rows, start=HEAD_ROW + 1):
        line = Line.HEAVY if number - HEAD_ROW - 1 in table.heavy_below else Line.HAIR
        lines = max((_lines(column.value(row), width) for column, width in prose), default=1)
        if lines > 1:
            height = _ROW_HEIGHT + (lines - 1) * _LINE_HEIGHT
            sheet.row_dimensions[number].height = min(height, _HIGHEST)
        sheet.append([
            pen.cell(column.value(row), column.look_of(row) if column.look_of else column.look, line)
            for column in table.columns
        ])  # fmt: skip
        if lines > 1:
            # One object per tall row would outweigh the rows themselves; a written row needs it no more.
            del sheet.row_dimensions[number]
    _mark_up(sheet, table.columns, number)
    return number


def _mark_up(sheet: Worksheet, columns: Sequence[Column[Row]], last: int) -> None:
    """Add the filter and the colour scale, which cover the rows of the table alone."""
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(columns))}{last}"
    if last == HEAD_ROW:
        return
    letters = [get_column_letter(place) for place, column in enumerate(columns, 1) if column.on_scale]
    if letters:
        # One rule over all of them: beside a second rule, LibreOffice drops the indent of the numbers.
        scores = " ".join(f"{letter}{HEAD_ROW + 1}:{letter}{last}" for letter in letters)
        sheet.conditional_formatting.add(scores, styles.attention_scale())


def _write_apart(sheet: Worksheet, pen: Pen, apart: Apart[Row], width: int, last: int) -> int:
    sheet.append([])
    sheet.append([pen.cell(apart.heading, styles.APART)])
    sheet.append([
        pen.cell(column.heading if column else None, _apart_head_look(column))
        for column in _padded(apart.columns, width)
    ])  # fmt: skip
    for row in apart.rows:
        sheet.append([
            pen.cell(column.value(row), column.look) if column else pen.cell(None, styles.BLANK)
            for column in _padded(apart.columns, width)
        ])  # fmt: skip
    return last + 3 + len(apart.rows)


def _padded(columns: Sequence[Column[Row] | None], width: int) -> list[Column[Row] | None]:
    return [*columns, *[None] * (width - len(columns))]


def _head_look(column: Column[Row]) -> Look:
    return styles.HEAD_LEFT if column.look in _LEFT_LOOKS else styles.HEAD


def _apart_head_look(column: Column[Row] | None) -> Look:
    is_left = column is not None and column.look in _LEFT_LOOKS
    return styles.APART_HEAD_LEFT if is_left else styles.APART_HEAD


def _widths(table: Table[Row]) -> list[float]:
    widths = [_width(column, table.rows) for column in table.columns]
    if table.apart is None or not table.apart.rows:
        return widths
    columns = table.apart.columns
    for position, column in enumerate(columns[:-1]):
        if column is not None:
            widths[position] = max(widths[position], _width(column, table.apart.rows))
    if columns[-1] is not None:
        room = sum(widths[len(columns) - 1 :])
        widths[-1] += max(0.0, _longest(columns[-1], table.apart.rows) + _PADDING - room)
    return widths


def _width(column: Column[Row], rows: Sequence[Row]) -> float:
    longest = max(_heading_width(column.heading), column.digits, _longest(column, rows))
    return float(min(longest + _PADDING, WIDEST))


def _longest(column: Column[Row], rows: Sequence[Row]) -> int:
    values = (column.value(row) for row in rows)
    return max((display_width(value) for value in values if isinstance(value, str)), default=0)


def _heading_width(heading: str) -> int:
    """Return the width of a heading set in at most two lines, broken at the best blank."""
    words = heading.split()
    return min(
        max(display_width(" ".join(words[:cut])), display_width(" ".join(words[cut:])))
        for cut in range(max(1, len(words)))
    )


def _lines(value: Value, width: float) -> int:
    if not isinstance(value, str):
        return 1
    room = max(1, int(width) - _PADDING)
    return sum(max(1, -(-display_width(line) // room)) for line in value.split("\n"))
