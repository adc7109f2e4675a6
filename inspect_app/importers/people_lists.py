"""The people list: who has an account, a row each. It never holds a password."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from inspect_app.importers.lists import Fault, Form, RowFault, RowReader, read_list
from inspect_app.importers.unit_lists import say_once
from inspect_app.mail_server import LONGEST_ADDRESS, is_address
from inspect_app.models.base import LONGEST_CODE
from inspect_app.models.people import LONGEST_NAME, UserKind, is_username

LONGEST_USERNAME = 80


class PersonColumn(StrEnum):
    """One column of the list."""

    USERNAME = "username"
    NAME = "name"
    KIND = "kind"
    UNIT = "unit"
    EMAIL = "email"


NEEDED = (PersonColumn.USERNAME, PersonColumn.NAME, PersonColumn.KIND, PersonColumn.UNIT)

PLACED = (UserKind.REGIONAL_MANAGER, UserKind.BRANCH_MANAGER)
"""The kinds of user that have a place in the bank."""


@dataclass(frozen=True, slots=True)
class PersonRead:
    """A row of the list, all of it readable.

    Attributes:
        unit: the code of a regional manager's region, of a branch manager's branch; empty for everybody else.
        email: empty for nowhere; None where the list has no such column.
    """

    row: int
    username: str
    name: str
    kind: UserKind
    unit: str
    email: str | None


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A people list as it was read.

    Attributes:
        people: the rows that are readable by themselves; `faults` what is wrong with the others.
        unread: headings that nobody knows.
        places: the letters of each column.
    """

    people: tuple[PersonRead, ...]
    faults: tuple[Fault, ...]
    unread: tuple[str, ...]
    places: Mapping[str, str]

    def fault(self, person: PersonRead, column: PersonColumn, what: RowFault, said: str = "") -> Fault:
        """Return a fault in a cell of a row that is readable by itself."""
        return Fault(person.row, f"{self.places[column]}{person.row}", what, said)


def read_people(data: bytes, form: Form, kinds: Mapping[str, UserKind]) -> PeopleList:
    """Return what a people list says, and everything that is wrong in its cells.

    Args:
        kinds: what the words for kinds of user mean, in every language, in small letters.

    Raises:
        FileRefusedError: it is no list that is read; `reason` says why.
    """
    listed = read_list(data, form)
    reader = RowReader(listed)
    first_rows: dict[str, int] = {}
    people = [one for _row in reader.rows() if (one := _person(reader, kinds, first_rows)) is not None]
    return PeopleList(tuple(people), tuple(reader.faults), listed.unread, listed.letters)


def _person(
    reader: RowReader, kinds: Mapping[str, UserKind], first_rows: dict[str, int]
) -> PersonRead | None:
    before = len(reader.faults)
    username = reader.needed(PersonColumn.USERNAME, LONGEST_USERNAME)
    if username and not is_username(username):
        reader.say(PersonColumn.USERNAME, RowFault.NOT_A_USERNAME, username)
    say_once(reader, PersonColumn.USERNAME, username, first_rows)
    name = reader.needed(PersonColumn.NAME, LONGEST_NAME)
    kind = reader.choice(PersonColumn.KIND, LONGEST_CODE, kinds)
    unit = _unit(reader, kind)
    email = _email(reader) if reader.has(PersonColumn.EMAIL) else None
    if kind is None or len(reader.faults) > before:
        return None
    return PersonRead(reader.row, username, name, kind, unit, email)


def _unit(reader: RowReader, kind: UserKind | None) -> str:
    if kind in PLACED:
        return reader.needed(PersonColumn.UNIT, LONGEST_CODE)
    unit = reader.text(PersonColumn.UNIT, LONGEST_CODE)
    if unit and kind is not None:
        reader.say(PersonColumn.UNIT, RowFault.NOT_EMPTY, unit)
    return unit


def _email(reader: RowReader) -> str:
    email = reader.text(PersonColumn.EMAIL, LONGEST_ADDRESS)
    if email and not is_address(email):
        reader.say(PersonColumn.EMAIL, RowFault.NOT_AN_ADDRESS, email)
    return email
