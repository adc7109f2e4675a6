"""Questions about whole tables: how many rows each has, and a hash that is the same on every database."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from inspect_app.models import Base

PIECE = 1_000
"""Rows that are in memory at a time."""


def table_digests(session: Session) -> Iterator[tuple[str, int, str]]:
    """Yield each table's name, its number of rows, and the sum of their SHA-256 as 64 hexadecimal digits.

    A sum, since databases give rows in orders of their own: the same rows have the same one everywhere. Of a
    database that was not migrated yet, the tables and columns that it has: as its own version counts them.
    """
    present = inspect(session.connection())
    names = frozenset(present.get_table_names())
    for table in Base.metadata.sorted_tables:
        if table.name not in names:
            continue
        total, rows = 0, 0
        known = {column["name"] for column in present.get_columns(table.name)}
        columns = [column for column in table.columns if column.name in known]
        for row in session.execute(select(*columns).execution_options(yield_per=PIECE)):
            total += _number(tuple(row))
            rows += 1
        yield table.name, rows, f"{total % 2**256:064x}"


def let_read_for_long(session: Session) -> None:
    """Take away, until this transaction ends, how long a database server lets it read or stand idle."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def shared_view(session: Session) -> str:
    """Return the name under which another connection to a PostgreSQL server can see what this one sees."""
    return str(session.scalar(text("SELECT pg_export_snapshot()")))


def _number(row: tuple[object, ...]) -> int:
    line = json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(line.encode("utf-8", "surrogatepass")).digest())


def _plain(value: object) -> object:
    """Return a value as JSON has it: moments in UTC, bytes as digits, everything else as its text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
