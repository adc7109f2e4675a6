"""A people list held against the accounts as they stand: whom it adds, whom it changes, what is wrong."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.importers.lists import Fault, RowFault
from inspect_app.importers.people_lists import PeopleList, PersonColumn, PersonRead
from inspect_app.models.organisation import Branch, Region
from inspect_app.models.people import User, UserKind


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """An account as it stands; `unit` is the code of its region or branch, empty where it has neither."""

    id: uuid.UUID
    username: str
    name: str
    kind: UserKind
    unit: str
    email: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class PersonChange:
    """An account that a list adds or changes.

    Attributes:
        known: what it is so far; None where the list adds it.
        before: the columns that change, with what stood there.
    """

    read: PersonRead
    known: KnownPerson | None
    before: Mapping[PersonColumn, str]

    @property
    def after(self) -> Mapping[PersonColumn, str]:
        """The columns that change, with what stands there now."""
        return {column: getattr(self.read, column.value) or "" for column in self.before}


@dataclass(frozen=True, slots=True)
class PeopleChanges:
    """What a people list comes to.

    Attributes:
        changes: in the order of the file, of its readable rows alone.
        faults: everything that is wrong; where there is one, nothing is taken in.
        unchanged: how many rows say what is so already.
        regions, branches: ids by code.
    """

    changes: tuple[PersonChange, ...]
    faults: tuple[Fault, ...]
    unchanged: int
    regions: Mapping[str, uuid.UUID]
    branches: Mapping[str, uuid.UUID]
    unread: tuple[str, ...]

    @property
    def new(self) -> tuple[PersonChange, ...]:
        """The accounts that are added."""
        return tuple(one for one in self.changes if one.known is None)

    @property
    def changed(self) -> tuple[PersonChange, ...]:
        """The accounts that are changed."""
        return tuple(one for one in self.changes if one.known is not None)


def people_changes(session: Session, listed: PeopleList, actor_id: uuid.UUID | None) -> PeopleChanges:
    """Hold every row of a people list against the accounts and the bank.

    Args:
        actor_id: who takes the list in, whose own post does not change; None at a terminal.
    """
    known = _known_people(session)
    regions = _ids(session, Region)
    branches = _ids(session, Branch)
    faults = list(listed.faults)
    for person in listed.people:
        found = known.get(person.username)
        faults += [listed.fault(person, *what) for what in _wrong_place(person, regions, branches)]
        faults += [listed.fault(person, *what) for what in _wrong_account(person, found, actor_id)]
    changes = tuple(
        change
        for person in listed.people
        if (change := _change(person, known.get(person.username))) is not None
    )
    return PeopleChanges(
        changes=changes,
        faults=tuple(sorted(faults, key=lambda fault: fault.row)),
        unchanged=len(listed.people) - len(changes),
        regions=regions,
        branches=branches,
        unread=listed.unread,
    )


def _ids(session: Session, table: type[Region] | type[Branch]) -> Mapping[str, uuid.UUID]:
    return {row.code: row.id for row in session.execute(select(table.code, table.id))}


def _known_people(session: Session) -> Mapping[str, KnownPerson]:
    rows = session.execute(
        select(
            User.id,
            User.username,
            User.display_name,
            User.kind,
            Region.code,
            Branch.code,
            User.email,
            User.is_active,
        )
        .outerjoin(Region, Region.id == User.region_id)
        .outerjoin(Branch, Branch.id == User.branch_id)
    )
    return {
        username: KnownPerson(user_id, username, name, kind, region or branch or "", email or "", is_active)
        for user_id, username, name, kind, region, branch, email, is_active in rows
    }


def _change(person: PersonRead, known: KnownPerson | None) -> PersonChange | None:
    if known is None:
        return PersonChange(person, None, {})
    columns = [PersonColumn.NAME, PersonColumn.KIND, PersonColumn.UNIT]
    if person.email is not None:
        columns.append(PersonColumn.EMAIL)
    before = {
        column: getattr(known, column.value)
        for column in columns
        if getattr(known, column.value) != getattr(person, column.value)
    }
    return PersonChange(person, known, before) if before else None


Wrong = tuple[PersonColumn, RowFault, str]


def _wrong_place(
    person: PersonRead, regions: Mapping[str, uuid.UUID], branches: Mapping[str, uuid.UUID]
) -> Iterator[Wrong]:
    if person.kind is UserKind.REGIONAL_MANAGER and person.unit not in regions:
        yield PersonColumn.UNIT, RowFault.NO_SUCH_REGION, person.unit
    if person.kind is UserKind.BRANCH_MANAGER and person.unit not in branches:
        yield PersonColumn.UNIT, RowFault.NO_SUCH_BRANCH, person.unit


def _wrong_account(
    person: PersonRead, known: KnownPerson | None, actor_id: uuid.UUID | None
) -> Iterator[Wrong]:
    if known is None:
        return
    if not known.is_active:
        yield PersonColumn.USERNAME, RowFault.DEACTIVATED, person.username
    if person.kind is known.kind and person.unit == known.unit:
        return
    if known.id == actor_id:
        yield PersonColumn.KIND, RowFault.OWN_POST, person.username
    elif person.kind is not known.kind and UserKind.INSPECTOR in (person.kind, known.kind):
        yield PersonColumn.KIND, RowFault.STAYS_INSPECTOR, person.username
