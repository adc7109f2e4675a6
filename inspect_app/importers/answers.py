"""A workbook with answers to deficiencies, read row by row: what was filled in, what is wrong where."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from inspect_app.importers.refusals import FileRefusal, FileRefusedError
from inspect_app.importers.workbooks import CellKind, ReadCell, ReadRow, read_workbook
from inspect_app.models.corrective_actions import Cause, Measure
from reports.answers.columns import FILLED_IN, MARK, Column

LONGEST_WORDS = 1000
Meaning = TypeVar("Meaning")


class CellProblem(StrEnum):
    """What is wrong with a row; the address says in which cell."""

    NOT_FROM_HERE = "not_from_here"
    TWICE = "twice"
    CHANGED_MEANWHILE = "changed_meanwhile"
    FORMULA = "formula"
    UNKNOWN_CHOICE = "unknown_choice"
    NOT_A_DAY = "not_a_day"
    DAY_IS_PAST = "day_is_past"
    TOO_LONG = "too_long"
    LACKING = "lacking"
    WORDS_LACKING = "words_lacking"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell."""

    address: str
    what: CellProblem


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the words of the lists mean, in every language that the workbook is handed out in."""

    causes: Mapping[str, Cause]
    measures: Mapping[str, Measure]
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """A row in which something was filled in.

    Attributes:
        deficiency: None where the row's own key is damaged.
        places: the address of each cell, filled in or not.
    """

    row: int
    deficiency: uuid.UUID | None
    version: int
    cause: Cause | None
    cause_words: str
    measure: Measure | None
    measure_words: str
    owner_role: str
    done_by: date | None
    places: Mapping[Column, str]
    problems: tuple[Problem, ...]


def read_answers(data: bytes, vocabulary: Vocabulary) -> tuple[AnswerRead, ...]:
    """Return the rows in which something was filled in, in the order of the file.

    Raises:
        FileRefusedError: it is not a workbook that was handed out for answers; `reason` says why.
    """
    rows = read_workbook(data, MARK)
    columns, head = _columns(rows)
    seen: set[uuid.UUID] = set()
    found = []
    for row in rows:
        if row.number > head and any(columns[column] in row.cells for column in FILLED_IN):
            read = _Reader(row, columns, vocabulary).read(seen)
            # The row of headings has words in these columns, but no key that could be one.
            if read.deficiency is not None or not _is_heading(row, columns):
                found.append(read)
    return tuple(found)


def _columns(rows: Sequence[ReadRow]) -> tuple[Mapping[Column, str], int]:
    """Return the letters of each column, by the row of keys, and that row's number."""
    for row in rows:
        keys = {cell.text: cell.column for cell in row.cells.values() if cell.kind is CellKind.TEXT}
        if MARK in keys:
            if not all(column.value in keys for column in Column):
                raise FileRefusedError(FileRefusal.ANOTHER_FORM)
            return {column: keys[column.value] for column in Column}, row.number
    raise FileRefusedError(FileRefusal.ANOTHER_FORM)


def _is_heading(row: ReadRow, columns: Mapping[Column, str]) -> bool:
    """Say whether a row is that of the headings, or the title above it: nothing in it is a key."""
    key = row.cells.get(columns[Column.DEFICIENCY])
    return key is None or key.text == Column.DEFICIENCY.value


class _Reader:
    """Reads one row, and collects what is wrong in it."""

    def __init__(self, row: ReadRow, columns: Mapping[Column, str], vocabulary: Vocabulary) -> None:
        self._row = row
        self._vocabulary = vocabulary
        self._columns = columns
        self._places = {column: f"{letters}{row.number}" for column, letters in columns.items()}
        self._problems: list[Problem] = []

    def read(self, seen: set[uuid.UUID]) -> AnswerRead:
        """Return what the row says; `seen` are the deficiencies of the rows above, and gets this one."""
        deficiency, version = self._deficiency(), self._version()
        if deficiency is None or version is None:
            self._say(Column.DEFICIENCY, CellProblem.NOT_FROM_HERE)
        elif deficiency in seen:
            self._say(Column.DEFICIENCY, CellProblem.TWICE)
        else:
            seen.add(deficiency)
        return AnswerRead(
            row=self._row.number,
            deficiency=deficiency,
            version=version or 0,
            cause=self._choice(Column.CAUSE, self._vocabulary.causes),
            cause_words=self._words(Column.CAUSE_WORDS),
            measure=self._choice(Column.MEASURE, self._vocabulary.measures),
            measure_words=self._words(Column.MEASURE_WORDS),
            owner_role=self._choice(Column.OWNER_ROLE, self._vocabulary.roles) or "",
            done_by=self._day(Column.DONE_BY),
            places=self._places,
            problems=tuple(self._problems),
        )

    def _deficiency(self) -> uuid.UUID | None:
        cell = self._cell(Column.DEFICIENCY)
        try:
            return None if cell is None else uuid.UUID(cell.text.strip())
        except ValueError:
            return None

    def _version(self) -> int | None:
        cell = self._cell(Column.VERSION)
        is_number = cell is not None and cell.text.isascii() and cell.text.isdigit() and len(cell.text) < 10
        return int(cell.text) if cell is not None and is_number else None

    def _choice(self, column: Column, meanings: Mapping[str, Meaning]) -> Meaning | None:
        text = self._words(column)
        if not text:
            return None
        meaning = meanings.get(text.casefold())
        if meaning is None:
            self._say(column, CellProblem.UNKNOWN_CHOICE)
        return meaning

    def _words(self, column: Column) -> str:
        cell = self._cell(column)
        if cell is None:
            return ""
        if cell.kind in (CellKind.FORMULA, CellKind.ERROR):
            self._say(column, CellProblem.FORMULA)
            return ""
        if len(cell.text) > LONGEST_WORDS:
            self._say(column, CellProblem.TOO_LONG)
        return cell.text.strip()

    def _day(self, column: Column) -> date | None:
        cell = self._cell(column)
        if cell is None:
            return None
        if cell.kind in (CellKind.FORMULA, CellKind.ERROR):
            self._say(column, CellProblem.FORMULA)
            return None
        if not cell.text.strip():
            return None
        day = _day_of(cell)
        if day is None:
            self._say(column, CellProblem.NOT_A_DAY)
        return day

    def _cell(self, column: Column) -> ReadCell | None:
        return self._row.cells.get(self._columns[column])

    def _say(self, column: Column, what: CellProblem) -> None:
        self._problems.append(Problem(self._places[column], what))


def _day_of(cell: ReadCell) -> date | None:
    """Return a day, also one typed as text: 2026-12-01, 2026/12/1, 2026.12.1, 2026年12月1日."""
    if cell.kind not in (CellKind.DAY, CellKind.TEXT):
        return None
    text = cell.text.strip().rstrip("日")
    for sign in "年月/.":
        text = text.replace(sign, "-")
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
