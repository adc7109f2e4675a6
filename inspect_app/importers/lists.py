"""A list that a bank keeps, from a workbook or a csv file: rows under headings, each fault with its cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from inspect_app.importers.archives import OLD_OFFICE, ZIP
from inspect_app.importers.csv_files import read_csv
from inspect_app.importers.headings import as_heading
from inspect_app.importers.refusals import FileRefusal, FileRefusedError
from inspect_app.importers.workbooks import CellKind, RawRow, read_sheet
from reports.workbook.text import clean

FOUND_ABOVE = 10
"""The headings stand in one of the first rows."""

Meaning = TypeVar("Meaning")


class RowFault(StrEnum):
    """What is wrong with a row; the address says in which cell."""

    LACKING = "lacking"
    NOT_TEXT = "not_text"
    UNFIT = "unfit"
    TOO_LONG = "too_long"
    NOT_A_CODE = "not_a_code"
    UNKNOWN_CHOICE = "unknown_choice"
    TWICE = "twice"
    LOST_ZEROS = "lost_zeros"
    OTHER_LEVEL = "other_level"
    NO_SUCH_REGION = "no_such_region"
    NO_SUCH_BRANCH = "no_such_branch"
    SECOND_ROOT = "second_root"
    CIRCLE = "circle"
    TOO_DEEP = "too_deep"
    NOT_EMPTY = "not_empty"
    NOT_A_USERNAME = "not_a_username"
    NOT_AN_ADDRESS = "not_an_address"
    STAYS_INSPECTOR = "stays_inspector"
    DEACTIVATED = "deactivated"
    OWN_POST = "own_post"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell, such as `B17`; `said` is what stands there, or what it is about."""

    row: int
    address: str
    what: RowFault
    said: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What a list looks like.

    Attributes:
        key: the column by whose heading the row of headings is found.
        headings: columns by their headings, in every language, as `as_heading` has them.
        needed: the columns that must be there.
    """

    key: str
    headings: Mapping[str, str]
    needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BankList:
    """The rows of a list.

    Attributes:
        places: the letters of each column that is there.
        unread: the headings that nobody knows: what stands below them is not read.
    """

    rows: tuple[RawRow, ...]
    places: Mapping[str, str]
    unread: tuple[str, ...]


def read_list(data: bytes, form: Form) -> BankList:
    """Return the rows below the headings, of a workbook or of a csv file.

    Raises:
        FileRefusedError: it is neither, or lacks headings; `reason` says why.
    """
    is_workbook = data.startswith((ZIP, OLD_OFFICE))
    rows = read_sheet(data, form.headings) if is_workbook else read_csv(data)
    places, unread = _places(_headings(rows, form), form)
    return BankList(tuple(rows), places, unread)


def _headings(rows: Iterator[RawRow], form: Form) -> Mapping[str, str]:
    """Return the row of headings, by the letters of their columns."""
    for number, cells in rows:
        if number > FOUND_ABOVE:
            break
        if any(form.headings.get(as_heading(text)) == form.key for _letters, _kind, text in cells):
            return {letters: text for letters, _kind, text in cells}
    raise FileRefusedError(FileRefusal.ANOTHER_FORM, form.needed)


def _places(headings: Mapping[str, str], form: Form) -> tuple[Mapping[str, str], tuple[str, ...]]:
    places: dict[str, str] = {}
    unread = []
    for letters, text in headings.items():
        column = form.headings.get(as_heading(text))
        if column is None:
            unread.append(text.strip())
        elif column in places:
            raise FileRefusedError(FileRefusal.HEADINGS, (places[column], letters))
        else:
            places[column] = letters
    lacking = tuple(column for column in form.needed if column not in places)
    if lacking:
        raise FileRefusedError(FileRefusal.ANOTHER_FORM, lacking)
    return places, tuple(one for one in unread if one)


@dataclass(slots=True)
class RowReader:
    """Reads the cells of a list row by row, and collects what is wrong in them."""

    listed: BankList
    faults: list[Fault] = field(default_factory=list)
    row: int = 0
    _cells: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def rows(self) -> Iterator[int]:
        """Yield the number of each row that is not blank; its cells are then those that are read."""
        for number, cells in self.listed.rows:
            self.row, self._cells = number, {letters: (kind, text) for letters, kind, text in cells}
            if any(text.strip() or kind == CellKind.FORMULA for kind, text in self._cells.values()):
                yield number

    def address(self, column: str) -> str:
        """Return the address of a cell of this row; where its column is missing, of the row's first cell."""
        return f"{self.listed.places.get(column, 'A')}{self.row}"

    def has(self, column: str) -> bool:
        """Say whether the list has a column."""
        return column in self.listed.places

    def text(self, column: str, longest: int) -> str:
        """Return a cell's words, single blanks between them; nothing where it is empty or wrong."""
        kind, text = self._cells.get(self.listed.places.get(column, ""), (CellKind.TEXT, ""))
        if kind not in (CellKind.TEXT, CellKind.NUMBER):
            self.say(column, RowFault.NOT_TEXT, text)
            return ""
        words = " ".join(text.split())
        if clean(words) != words:
            self.say(column, RowFault.UNFIT)
            return ""
        if len(words) > longest:
            self.say(column, RowFault.TOO_LONG, str(longest))
            return ""
        return words

    def needed(self, column: str, longest: int) -> str:
        """Return a cell's words, and say so where there are none."""
        before = len(self.faults)
        words = self.text(column, longest)
        if not words and len(self.faults) == before:
            self.say(column, RowFault.LACKING)
        return words

    def choice(self, column: str, longest: int, meanings: Mapping[str, Meaning]) -> Meaning | None:
        """Return what a cell's words mean, and say so where they mean nothing."""
        words = self.needed(column, longest)
        meaning = meanings.get(words.casefold())
        if words and meaning is None:
            self.say(column, RowFault.UNKNOWN_CHOICE, words)
        return meaning

    def say(self, column: str, what: RowFault, said: str = "") -> None:
        """Collect what is wrong in a cell of this row."""
        self.faults.append(Fault(self.row, self.address(column), what, said))
