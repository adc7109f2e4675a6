"""Lists of the bank that wait to be looked through: whose they are, and what stands in them."""

import json
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.json_values import Member
from inspect_app.errors import NotFoundError
from inspect_app.importers.people_lists import PeopleList, PersonRead
from inspect_app.importers.unit_lists import UnitLevel, UnitList, UnitRead
from inspect_app.models.list_uploads import ListUpload
from inspect_app.models.people import User, UserKind


def list_upload_of(session: Session, user: User, upload_id: uuid.UUID) -> ListUpload:
    """Return a list that the user handed in.

    Raises:
        NotFoundError: there is none any more, or somebody else handed it in.
    """
    mine = select(ListUpload).where(ListUpload.id == upload_id, ListUpload.user_id == user.id)
    found = session.scalar(mine)
    if found is None:
        raise NotFoundError(f"list {upload_id}")
    return found


def list_text(listed: UnitList | PeopleList) -> str:
    """Return a list without faults as the text that is stored."""
    rows = (
        [[one.row, one.code, one.name, one.level, one.parent, one.kind, one.address] for one in listed.units]
        if isinstance(listed, UnitList)
        else [[one.row, one.username, one.name, one.kind, one.unit, one.email] for one in listed.people]
    )
    document = {"rows": rows, "places": dict(listed.places), "unread": listed.unread}
    return json.dumps(document, ensure_ascii=False)


def units_in(upload: ListUpload) -> UnitList:
    """Return the branch list that was handed in."""
    document = Member(json.loads(upload.rows))
    units = tuple(_unit(row) for row in document["rows"])
    return UnitList(units, (), frozenset(unit.code for unit in units), *_frame(document))


def people_in(upload: ListUpload) -> PeopleList:
    """Return the people list that was handed in."""
    document = Member(json.loads(upload.rows))
    return PeopleList(tuple(_person(row) for row in document["rows"]), (), *_frame(document))


def _frame(document: Member) -> tuple[tuple[str, ...], dict[str, str]]:
    places = document["places"].value
    columns = list(places) if isinstance(places, dict) else []
    return tuple(one.text() for one in document["unread"]), {
        column: document["places"][column].text() for column in columns
    }


def _unit(row: Member) -> UnitRead:
    number, code, name, level, parent, kind, address = row
    return UnitRead(
        number.number(),
        code.text(),
        name.text(),
        level.choice(UnitLevel),
        parent.text(),
        kind.text(),
        None if address.is_absent else address.text(),
    )


def _person(row: Member) -> PersonRead:
    number, username, name, kind, unit, email = row
    return PersonRead(
        number.number(),
        username.text(),
        name.text(),
        kind.choice(UserKind),
        unit.text(),
        None if email.is_absent else email.text(),
    )
