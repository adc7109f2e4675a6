"""The empty workbook of a list that a bank hands in: its headings, a note on each, and drop-downs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook import styles
from reports.workbook.package import file_bytes
from reports.workbook.text import put_text, sheet_titles

HEAD_ROW = 1
LAST_ROW = 60_000
_HEAD = Font(name=styles.FONT, sz=styles.BODY_SIZE, color=styles.PAPER, b=True)
_BODY = Font(name=styles.FONT, sz=styles.BODY_SIZE, color=styles.INK)
_FILL = PatternFill("solid", fgColor=styles.ACCENT)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of the list.

    Attributes:
        note: what stands in it, shown when a cell of it is entered.
        choices: what may be chosen; empty where anything may be typed.
        is_closed: nothing else is let in.
    """

    heading: str
    note: str
    width: float
    choices: Sequence[str] = ()
    is_closed: bool = True


def write_list_template(
    titles: tuple[str, str], columns: Sequence[ListColumn], wrong_choice: str, made_at: datetime
) -> bytes:
    """Return a workbook with the headings alone. All of its cells are text, so that codes keep their zeros.

    Args:
        titles: the names of the sheet and of the hidden one with the choices.
        wrong_choice: what a spreadsheet says to what is in no list.
        made_at: the moment that the file gives as its own, aware; never the clock's.
    """
    book = Workbook()
    sheet = cast(Worksheet, book.active)
    sheet.title, choices_title = sheet_titles(titles)
    choices = book.create_sheet(choices_title)
    choices.sheet_state = "hidden"
    for place, column in enumerate(columns, start=1):
        _head(sheet, place, column)
        sheet.add_data_validation(_rule(choices, place, column, wrong_choice))
    sheet.freeze_panes = "A2"
    return file_bytes(book, titles[0], made_at)


def _head(sheet: Worksheet, place: int, column: ListColumn) -> None:
    cell = cast(Cell, sheet.cell(HEAD_ROW, place))
    put_text(cell, column.heading)
    cell.font, cell.fill, cell.alignment = _HEAD, _FILL, Alignment("left", "center", wrap_text=True)
    whole = sheet.column_dimensions[get_column_letter(place)]
    whole.width, whole.number_format, whole.font = column.width, styles.TEXT_FORMAT, _BODY


def _rule(choices: Worksheet, place: int, column: ListColumn, wrong_choice: str) -> DataValidation:
    """Return what is told and let in where a cell of the column is entered."""
    letter = get_column_letter(place)
    rule = DataValidation(showInputMessage=True, allow_blank=True)
    rule.promptTitle, rule.prompt = column.heading[:32], column.note[:255]
    if column.choices:
        for row, word in enumerate(column.choices, start=1):
            put_text(cast(Cell, choices.cell(row, place)), word)
        title = choices.title.replace("'", "''")
        rule.type, rule.formula1 = "list", f"'{title}'!${letter}$1:${letter}${len(column.choices)}"
        rule.showErrorMessage, rule.error = column.is_closed, wrong_choice
    rule.add(f"{letter}{HEAD_ROW + 1}:{letter}{LAST_ROW}")
    return rule
