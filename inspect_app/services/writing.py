"""Rows written at once, without the unit of work: for the verbs that many send at the same time."""

import uuid
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeVar

from sqlalchemy import Insert, Table, Update, bindparam, insert, update
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from inspect_app.models.base import Base
from inspect_app.models.visits import Visit

Row = TypeVar("Row", bound=Base)


def write_row(session: Session, model: type[Base], **values: object) -> None:
    """Insert one row, after the new rows that the session still holds back; changes of others can wait.

    What the database refuses is raised here, and what the table fills in by itself is filled in.
    """
    if session.new:
        session.flush()
    session.connection().execute(_insert_into(model), values)


def write(session: Session, row: Row) -> Row:
    """Insert a row all of whose columns are set, and return it as one that the session has read."""
    values = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    write_row(session, type(row), **values)
    make_transient_to_detached(row)
    session.add(row)
    return row


def change_row(session: Session, model: type[Base], key: uuid.UUID, **values: object) -> None:
    """Set columns of one row; what the session has read of the row before stays as it was read."""
    if session.new:
        session.flush()
    session.connection().execute(_update_of(model), {"changed_key": key, **values})


def write_visit(session: Session, visit: Visit, **values: object) -> None:
    """Set columns of a visit that has no other change waiting, as a flush does, in a fifth of the time.

    Raises:
        StaleDataError: somebody else has changed the visit since it was read.
    """
    if session.new:
        session.flush()
    changed = {**values, "version": visit.version + 1}
    asked = {"changed_key": visit.id, "read_version": visit.version, **changed}
    if session.connection().execute(_update_of_visit(), asked).rowcount != 1:
        raise StaleDataError(f"visit {visit.id} was changed since its version {visit.version} was read")
    for name, value in changed.items():
        set_committed_value(visit, name, value)


def write_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert many rows at once; all name the same columns."""
    if rows:
        session.flush()
        session.connection().execute(_insert_into(model), rows)


def change_rows(session: Session, model: type[Base], rows: Mapping[uuid.UUID, Mapping[str, object]]) -> None:
    """Set columns of many rows, each by its key; all name the same columns."""
    if rows:
        session.flush()
        changes = [{"changed_key": key, **values} for key, values in rows.items()]
        session.connection().execute(_update_of(model), changes)


@cache
def _insert_into(model: type[Base]) -> Insert:
    return insert(_table_of(model))


@cache
def _update_of(model: type[Base]) -> Update:
    (key,) = _table_of(model).primary_key
    return update(_table_of(model)).where(key == bindparam("changed_key", type_=key.type))


@cache
def _update_of_visit() -> Update:
    return _update_of(Visit).where(Visit.version == bindparam("read_version"))


def _table_of(model: type[Base]) -> Table:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is no table")
    return table
