"""The branch list: the regions and branches of the bank, a row each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from inspect_app.importers.lists import Fault, Form, RowFault, RowReader, read_list
from inspect_app.models.base import LONGEST_CODE

LONGEST_NAME, LONGEST_ADDRESS = 120, 200
CODE = re.compile(r"[\w.-]+")


class UnitColumn(StrEnum):
    """One column of the list."""

    CODE = "code"
    NAME = "name"
    LEVEL = "level"
    PARENT = "parent"
    KIND = "kind"
    ADDRESS = "address"


NEEDED = (UnitColumn.CODE, UnitColumn.NAME, UnitColumn.LEVEL, UnitColumn.PARENT, UnitColumn.KIND)


class UnitLevel(StrEnum):
    """Whether a unit is a node of the region tree, or a branch below it."""

    REGION = "region"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class UnitRead:
    """A row of the list, all of it readable.

    Attributes:
        parent: the code of the region above; empty for head office alone.
        kind: of branches the bank's own class; empty for regions.
        address: None where the list has no such column.
    """

    row: int
    code: str
    name: str
    level: UnitLevel
    parent: str
    kind: str
    address: str | None


@dataclass(frozen=True, slots=True)
class UnitList:
    """A branch list as it was read.

    Attributes:
        units: the rows that are readable by themselves; `faults` what is wrong with the others.
        mentioned: every code that has a row, be it readable or not.
        unread: headings that nobody knows.
        places: the letters of each column.
    """

    units: tuple[UnitRead, ...]
    faults: tuple[Fault, ...]
    mentioned: frozenset[str]
    unread: tuple[str, ...]
    places: Mapping[str, str]

    def fault(self, unit: UnitRead, column: UnitColumn, what: RowFault, said: str = "") -> Fault:
        """Return a fault in a cell of a row that is readable by itself."""
        return Fault(unit.row, f"{self.places[column]}{unit.row}", what, said)


def read_units(data: bytes, form: Form, levels: Mapping[str, UnitLevel]) -> UnitList:
    """Return what a branch list says, and everything that is wrong in its cells.

    Args:
        levels: what the words for levels mean, in every language, in small letters.

    Raises:
        FileRefusedError: it is no list that is read; `reason` says why.
    """
    listed = read_list(data, form)
    reader = RowReader(listed)
    first_rows: dict[str, int] = {}
    units = [unit for _row in reader.rows() if (unit := _unit(reader, levels, first_rows)) is not None]
    return UnitList(tuple(units), tuple(reader.faults), frozenset(first_rows), listed.unread, listed.letters)


def read_code(reader: RowReader, column: str) -> str:
    """Return a code, and say so where it is none."""
    code = reader.needed(column, LONGEST_CODE)
    if code and CODE.fullmatch(code) is None:
        reader.say(column, RowFault.NOT_A_CODE, code)
    return code


def say_once(reader: RowReader, column: str, key: str, first_rows: dict[str, int]) -> None:
    """Say so where a key stands in a row above already."""
    if key and first_rows.setdefault(key, reader.row) != reader.row:
        reader.say(column, RowFault.TWICE, str(first_rows[key]))


def _unit(reader: RowReader, levels: Mapping[str, UnitLevel], first_rows: dict[str, int]) -> UnitRead | None:
    before = len(reader.faults)
    code = read_code(reader, UnitColumn.CODE)
    say_once(reader, UnitColumn.CODE, code, first_rows)
    name = reader.needed(UnitColumn.NAME, LONGEST_NAME)
    level = reader.choice(UnitColumn.LEVEL, LONGEST_CODE, levels)
    kind = reader.text(UnitColumn.KIND, LONGEST_CODE)
    parent = reader.text(UnitColumn.PARENT, LONGEST_CODE)
    address = reader.text(UnitColumn.ADDRESS, LONGEST_ADDRESS) if reader.has(UnitColumn.ADDRESS) else None
    _say_what_does_not_go_together(reader, level, kind, parent)
    if level is None or len(reader.faults) > before:
        return None
    return UnitRead(reader.row, code, name, level, parent, kind, address)


def _say_what_does_not_go_together(
    reader: RowReader, level: UnitLevel | None, kind: str, parent: str
) -> None:
    if level is UnitLevel.REGION and kind:
        reader.say(UnitColumn.KIND, RowFault.NOT_EMPTY, kind)
    if level is UnitLevel.BRANCH and not (kind and parent):
        named = {fault.address for fault in reader.faults if fault.row == reader.row}
        for column, words in ((UnitColumn.KIND, kind), (UnitColumn.PARENT, parent)):
            if not words and reader.address(column) not in named:
                reader.say(column, RowFault.LACKING)
