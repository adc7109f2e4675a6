"""A list that a bank keeps, from a workbook or a csv file: rows under headings, each fault with its cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from openpyxl.utils import get_column_letter

from inspect_app.importers.archives import OLD_OFFICE, ZIP
from inspect_app.importers.csv_files import read_csv
from inspect_app.importers.headings import as_heading
from inspect_app.importers.refusals import FileRefusal, FileRefusedError
from inspect_app.importers.workbooks import RawRow, read_sheet
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
        places: of each column that is there, how many stand to the left of it.
        unread: the headings that nobody knows: what stands below them is not read.
    """

    rows: tuple[RawRow, ...]
    places: Mapping[str, int]
    unread: tuple[str, ...]

    @property
    def letters(self) -> Mapping[str, str]:
        """The letters of each column, as in an address."""
        return {column: _letters(place) for column, place in self.places.items()}


def read_list(data: bytes, form: Form) -> BankList:
    """Return the rows below the headings, of a workbook or of a csv file.

    Raises:
        FileRefusedError: it is neither, or lacks headings; `reason` says why.
    """
    is_workbook = data.startswith((ZIP, OLD_OFFICE))
    rows = read_sheet(data, form.headings) if is_workbook else read_csv(data)
    places, unread = _places(_headings(rows, form), form)
    return BankList(tuple(rows), places, unread)


def _headings(rows: Iterator[RawRow], form: Form) -> Sequence[str]:
    """Return the row of headings."""
    for number, texts, _kinds in rows:
        if number > FOUND_ABOVE:
            break
        if any(form.headings.get(as_heading(text)) == form.key for text in texts):
            return texts
    raise FileRefusedError(FileRefusal.ANOTHER_FORM, form.needed)


def _places(headings: Sequence[str], form: Form) -> tuple[Mapping[str, int], tuple[str, ...]]:
    places: dict[str, int] = {}
    unread = []
    for place, text in enumerate(headings):
        column = form.headings.get(as_heading(text))
        if column is None:
            unread.append(text.strip())
        elif column in places:
            raise FileRefusedError(FileRefusal.HEADINGS, (_letters(places[column]), _letters(place)))
        else:
            places[column] = place
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
    _texts: Sequence[str] = ()
    _kinds: Mapping[int, str] = field(default_factory=dict)

    def rows(self) -> Iterator[int]:
        """Yield the number of each row that is not blank; its cells are then those that are read."""
        for number, texts, kinds in self.listed.rows:
            self.row, self._texts, self._kinds = number, texts, kinds
            if kinds or any(text.strip() for text in texts):
                yield number

    def address(self, column: str) -> str:
        """Return the address of a cell of this row; where its column is missing, of the row's first cell."""
        return f"{_letters(self.listed.places.get(column, 0))}{self.row}"

    def has(self, column: str) -> bool:
        """Say whether the list has a column."""
        return column in self.listed.places

    def text(self, column: str, longest: int) -> str:
        """Return a cell's words, single blanks between them; nothing where it is empty or wrong."""
        place = self.listed.places.get(column, len(self._texts))
        if place in self._kinds:
            self.say(column, RowFault.NOT_TEXT)
            return ""
        text = self._texts[place] if place < len(self._texts) else ""
        if text.isprintable() and text.strip() == text and "  " not in text and len(text) <= longest:
            return text
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


def _letters(place: int) -> str:
    return get_column_letter(place + 1)
