"""How text gets into a workbook: as text, never as a formula, without characters that break the file."""

import re
import unicodedata
from collections.abc import Iterable

from openpyxl.cell.cell import Cell

CELL_LIMIT = 32_767
"""The most UTF-16 units that a cell may hold."""

TITLE_LIMIT = 31
"""The most UTF-16 units that a sheet's name may hold."""

CUT = " […]"
"""Stands where text had to be cut."""

REPLACEMENT = "\ufffd"

_LINE_ENDS = re.compile(r"\r\n?")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNFIT_IN_TITLE = re.compile(r"[\\/?*\[\]:\t\n]")
_LOOKS_LIKE_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_DOUBLE_WIDTH = "WFA"


def put_text(cell: Cell, value: str) -> None:
    """Set a cell to text, whatever the text begins with or holds.

    Characters that no workbook may hold become U+FFFD, carriage returns become line feeds, and what is
    longer than a cell may be is cut and ends with `CUT`. Text that a spreadsheet could take for a formula
    also gets the quote prefix, so that it stays text when somebody edits the cell.
    """
    cell.value = clean(value)
    cell.data_type = "s"
    if value.startswith(_LOOKS_LIKE_FORMULA):
        cell.quotePrefix = 1


def clean(value: str) -> str:
    """Return text as a cell may hold it: no unfit characters, line feeds only, within the limit."""
    return shortened(_UNFIT.sub(REPLACEMENT, _LINE_ENDS.sub("\n", value)), CELL_LIMIT, CUT)


def shortened(value: str, limit: int, mark: str) -> str:
    """Return text of at most `limit` UTF-16 units; where it is cut, it ends with `mark`."""
    if len(value) * 2 <= limit or _units(value) <= limit:
        return value
    room = limit - _units(mark)
    kept = value.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore")
    return kept + mark


def sheet_titles(wanted: Iterable[str]) -> list[str]:
    """Return a title for each sheet, in order: allowed characters, at most 31 units, and no two alike.

    Spreadsheets compare titles without regard to case, forbid an apostrophe at either end and keep one
    title for themselves.
    """
    titles: list[str] = []
    taken = {"", "history"}
    for name in wanted:
        title = _free_title(_UNFIT_IN_TITLE.sub("_", clean(name)).strip("' "), taken)
        taken.add(title.casefold())
        titles.append(title)
    return titles


def display_width(value: str) -> int:
    """Return how wide the longest line is in columns of one digit: a Chinese character takes two."""
    return max(_line_width(line) for line in value.split("\n"))


def _line_width(line: str) -> int:
    if line.isascii():
        return len(line)
    return sum(2 if unicodedata.east_asian_width(character) in _DOUBLE_WIDTH else 1 for character in line)


def _free_title(name: str, taken: set[str]) -> str:
    title = shortened(name, TITLE_LIMIT, "…")
    number = 1
    while title.casefold() in taken:
        number += 1
        ending = f" ({number})"
        title = (shortened(name, TITLE_LIMIT - len(ending), "…") + ending).strip()
    return title


def _units(value: str) -> int:
    return len(value.encode("utf-16-le")) // 2
