"""Writes the workbook for answers: what is given and locked, what is filled in, what may be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from reports.answers.columns import FILLED_IN, HIDDEN, MARK, Column
from reports.workbook import styles
from reports.workbook.package import file_bytes
from reports.workbook.page import open_page, print_table, put_foot
from reports.workbook.text import display_width, put_text, sheet_titles

KEY_ROW, TITLE_ROW, HEAD_ROW = 1, 2, 4
FIRST_ROW = HEAD_ROW + 1
LISTED = (Column.CAUSE, Column.MEASURE, Column.OWNER_ROLE)
WIDTHS: Mapping[Column, float] = {
    Column.WAVE: 14,
    Column.BRANCH_CODE: 10,
    Column.BRANCH_NAME: 16,
    Column.ITEM: 9,
    Column.STANDARD: 42,
    Column.SEEN: 30,
    Column.SEVERITY: 9,
    Column.POINTS: 8,
    Column.DUE_ON: 12,
    Column.CAUSE: 13,
    Column.CAUSE_WORDS: 20,
    Column.MEASURE: 17,
    Column.MEASURE_WORDS: 34,
    Column.OWNER_ROLE: 14,
    Column.DONE_BY: 13,
}
HEAD_HEIGHT = 30.0
LINE_HEIGHT, PADDING = 15.0, 6.0
LEAST_LINES = 2
FROZEN = Column.STANDARD
"""Columns left of this one stay in view."""

_BODY = Font(name=styles.FONT, sz=styles.BODY_SIZE, color=styles.INK)
_HEAD = Font(name=styles.FONT, sz=styles.BODY_SIZE, color=styles.PAPER, b=True)
_RULE = Border(bottom=Side(style="thin", color=styles.HAIRLINE))
_GIVEN_HEAD = PatternFill("solid", fgColor=styles.INK_2)
_ASKED_HEAD = PatternFill("solid", fgColor=styles.ACCENT)
_ASKED = PatternFill("solid", fgColor="F1F5FB")
_WRAPPED = Alignment(horizontal="left", vertical="top", wrap_text=True)
_OPEN = Protection(locked=False)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A deficiency that waits for its answer, with what was written about it so far.

    Attributes:
        deficiency: its id, as text; `version` the state of it that this row shows.
        points: hundredths of a point that it cost.
        cause, measure, owner_role: words out of the lists; empty where nothing is chosen yet.
    """

    deficiency: str
    version: int
    wave: str
    branch_code: str
    branch_name: str
    item: str
    standard: str
    seen: str
    severity: str
    points: int
    due_on: date
    cause: str = ""
    cause_words: str = ""
    measure: str = ""
    measure_words: str = ""
    owner_role: str = ""
    done_by: date | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """The words that may be chosen in each column that has a list."""

    causes: Sequence[str]
    measures: Sequence[str]
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """Everything that is printed besides the rows.

    Attributes:
        headings: of each column that is shown.
        wrong_choice, wrong_day: what a spreadsheet says to what it does not let in.
        page: the words for page and number of pages, with their codes `&P` and `&N`.
    """

    sheet: str
    lists_sheet: str
    title: str
    note: str
    headings: Mapping[Column, str]
    wrong_choice: str
    wrong_day: str
    page: str


@dataclass
class _Writer:
    sheet: Worksheet
    words: AnswerWords
    columns: Mapping[Column, int] = field(
        default_factory=lambda: {column: place for place, column in enumerate(Column, start=2)}
    )

    def write(self, rows: Sequence[AnswerRow], lists: Mapping[Column, str]) -> None:
        self._head()
        for place, row in enumerate(rows, start=FIRST_ROW):
            self._row(place, row)
        last = max(FIRST_ROW, FIRST_ROW + len(rows) - 1)
        self._rules(last, lists)
        self._looks(last)

    def _head(self) -> None:
        put_text(self._cell(KEY_ROW, 1), MARK)
        title = self._cell(TITLE_ROW, self.columns[Column.WAVE])
        put_text(title, self.words.title)
        title.font = Font(name=styles.FONT, sz=styles.TITLE_SIZE, color=styles.INK, b=True)
        note = self._cell(TITLE_ROW + 1, self.columns[Column.WAVE])
        put_text(note, self.words.note)
        note.font = Font(name=styles.FONT, sz=9.5, color=styles.INK_2)
        for column, place in self.columns.items():
            put_text(self._cell(KEY_ROW, place), column.value)
            head = self._cell(HEAD_ROW, place)
            put_text(head, column.value if column in HIDDEN else self.words.headings[column])
            head.font, head.alignment = _HEAD, Alignment("left", "center", wrap_text=True)
            head.fill = _ASKED_HEAD if column in FILLED_IN else _GIVEN_HEAD

    def _row(self, place: int, row: AnswerRow) -> None:
        for column, number in self.columns.items():
            cell = self._cell(place, number)
            value = row.points / 100 if column is Column.POINTS else getattr(row, column.value)
            if isinstance(value, str):
                if value:
                    put_text(cell, value)
            elif isinstance(value, float):
                # openpyxl would write 16 digits, 96.45999999999999 for 96.46.
                cell.value, cell.data_type = repr(value), "n"
            elif value is not None:
                cell.value = value
            self._dress(cell, column)
        lines = max(_lines(row.standard, Column.STANDARD), _lines(row.seen, Column.SEEN), LEAST_LINES)
        self.sheet.row_dimensions[place].height = lines * LINE_HEIGHT + PADDING

    def _dress(self, cell: Cell, column: Column) -> None:
        cell.font, cell.border, cell.alignment = _BODY, _RULE, _WRAPPED
        if column in FILLED_IN:
            cell.fill, cell.protection = _ASKED, _OPEN
        if column in (Column.DUE_ON, Column.DONE_BY):
            cell.number_format = styles.DAY_FORMAT
        elif column is Column.POINTS:
            cell.number_format = styles.LOSS_FORMAT
        elif column is not Column.VERSION:
            cell.number_format = styles.TEXT_FORMAT

    def _rules(self, last: int, lists: Mapping[Column, str]) -> None:
        for column, name in lists.items():
            rule = DataValidation(type="list", formula1=name, allow_blank=True, showErrorMessage=True)
            rule.error = self.words.wrong_choice
            self._apply(rule, column, last)
        day = DataValidation(
            type="date", operator="greaterThan", formula1="36526", allow_blank=True, showErrorMessage=True
        )
        day.error = self.words.wrong_day
        self._apply(day, Column.DONE_BY, last)

    def _apply(self, rule: DataValidation, column: Column, last: int) -> None:
        letter = get_column_letter(self.columns[column])
        rule.add(f"{letter}{FIRST_ROW}:{letter}{last}")
        self.sheet.add_data_validation(rule)

    def _looks(self, last: int) -> None:
        sheet = self.sheet
        for column, place in self.columns.items():
            width = sheet.column_dimensions[get_column_letter(place)]
            width.width, width.hidden = WIDTHS.get(column, 10), column in HIDDEN
        sheet.column_dimensions["A"].hidden = True
        sheet.row_dimensions[KEY_ROW].hidden = True
        sheet.row_dimensions[TITLE_ROW].height = HEAD_HEIGHT
        sheet.row_dimensions[HEAD_ROW].height = HEAD_HEIGHT
        shown = get_column_letter(self.columns[Column.WAVE])
        end = get_column_letter(max(self.columns.values()))
        sheet.freeze_panes = f"{get_column_letter(self.columns[FROZEN])}{FIRST_ROW}"
        sheet.auto_filter.ref = f"{shown}{HEAD_ROW}:{end}{last}"
        protection = sheet.protection
        protection.sheet = True
        # What people do in every list stays allowed; the given columns alone are locked.
        protection.autoFilter = protection.sort = False
        protection.formatColumns = protection.formatRows = protection.formatCells = False
        print_table(sheet, f"{shown}{TITLE_ROW}:{end}{last}", HEAD_ROW)

    def _cell(self, row: int, column: int) -> Cell:
        return cell_of(self.sheet, row, column)


def _lines(text: str, column: Column) -> int:
    """Return how many lines a text takes in a column."""
    return sum(max(1, ceil(display_width(line) / (WIDTHS[column] - 1))) for line in text.split("\n"))


def cell_of(sheet: Worksheet, row: int, column: int) -> Cell:
    """Return a cell of a sheet that has no merged ones."""
    return cast(Cell, sheet.cell(row, column))


def write_answer_workbook(
    rows: Sequence[AnswerRow], choices: Choices, words: AnswerWords, made_at: datetime
) -> bytes:
    """Return a workbook with a row for each deficiency. No cell holds a formula; text stays text.

    The first row and the first three columns are hidden: by the keys in them a row is found again, in
    whatever order it comes back.

    Args:
        made_at: the moment that the file gives as its own, aware; never the clock's.
    """
    book = Workbook()
    sheet: Worksheet = book.active  # type: ignore[assignment]  # a new workbook has one
    sheet.title, lists_title = sheet_titles([words.sheet, words.lists_sheet])
    open_page(sheet)
    lists = _write_lists(book, lists_title, choices)
    _Writer(sheet, words).write(rows, lists)
    put_foot(sheet, words.title, words.page)
    return file_bytes(book, words.title, made_at)


def _write_lists(book: Workbook, title: str, choices: Choices) -> Mapping[Column, str]:
    """Write the words to choose from on a sheet of their own; return the name of each list."""
    sheet: Worksheet = book.create_sheet(title)
    sheet.sheet_state = "hidden"
    names = {}
    for place, (column, listed) in enumerate(
        zip(LISTED, (choices.causes, choices.measures, choices.roles), strict=True), start=1
    ):
        for row, word in enumerate(listed, start=1):
            put_text(cell_of(sheet, row, place), word)
        letter = get_column_letter(place)
        names[column] = f"choices_{column.value}"
        quoted = title.replace("'", "''")
        area = f"'{quoted}'!${letter}$1:${letter}${max(len(listed), 1)}"
        book.defined_names[names[column]] = DefinedName(names[column], attr_text=area)
    return names
