"""Rows written at once, without the unit of work: for the verbs that many send at the same time."""

from functools import cache
from typing import TypeVar

from sqlalchemy import Insert, Table, insert
from sqlalchemy.orm import Session, make_transient_to_detached

from inspect_app.models.base import Base

Row = TypeVar("Row", bound=Base)


def write_row(session: Session, model: type[Base], **values: object) -> None:
    """Insert one row, after everything that the session still holds back.

    What the database refuses is raised here, and what the table fills in by itself is filled in.
    """
    session.flush()
    session.connection().execute(_insert_into(model), values)


def write(session: Session, row: Row) -> Row:
    """Insert a row all of whose columns are set, and return it as one that the session has read."""
    values = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    write_row(session, type(row), **values)
    make_transient_to_detached(row)
    session.add(row)
    return row


@cache
def _insert_into(model: type[Base]) -> Insert:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is no table")
    return insert(table)
