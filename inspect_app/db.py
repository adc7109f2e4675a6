"""The database: one engine, one session a request, the one commit."""

import errno
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry
from werkzeug.local import LocalProxy

from inspect_app.filesystems import file_system_of, is_shared

try:  # Where the interpreter's own SQLite can corrupt a write-ahead log, a newer one comes as a package.
    from pysqlite3 import dbapi2 as packaged_sqlite
except ImportError:
    packaged_sqlite = None

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BUSY_TIMEOUT_SECONDS = 10
POOL_SIZE = 10
LONGEST_STATEMENT_SECONDS = 60
LONGEST_PAUSE_SECONDS = 60
"""How long PostgreSQL lets a transaction stand idle before it takes back what it holds."""

WAL_RESET_FIXED = (3, 51, 3)
WAL_RESET_BACKPORTS = ((3, 50, 7), (3, 44, 6))


@dataclass(frozen=True, slots=True)
class Database:
    """One database with a way to write, a way to read, and the order in which writers take turns.

    Attributes:
        writing: its transactions begin with the write lock held.
        reading: the same connections, begun without it.
        turn: taken by each writing unit of this process: one at a time on SQLite, where waiting here is
            fairer than in its busy handler, else as many as there are connections.
        note: one line for the start-up log, saying how transactions are kept.
    """

    writing: Engine
    reading: Engine
    turn: threading.Semaphore
    note: str


def open_database(url: str) -> Database:
    """Return the database at `url`, of SQLite or PostgreSQL; nothing is asked of it yet."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    return _open_postgresql(address)


def _open_postgresql(address: URL) -> Database:
    """Return a database that may stand behind a pooler which hands out a connection for each transaction.

    So nothing is kept in a connection from one transaction to the next: no prepared statements, no settings.
    """
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={"prepare_threshold": None, "connect_timeout": BUSY_TIMEOUT_SECONDS},
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=POOL_SIZE,
    )

    @event.listens_for(engine, "begin")
    def _limit(connection: Connection) -> None:
        seconds = connection.get_execution_options().get("longest_statement", LONGEST_STATEMENT_SECONDS)
        connection.exec_driver_sql(
            f"SET LOCAL statement_timeout = '{seconds}s'; "
            f"SET LOCAL idle_in_transaction_session_timeout = '{LONGEST_PAUSE_SECONDS}s'"
        )

    # A reader's answer comes from one moment, however many statements it takes.
    reading_only = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(engine, reading_only, threading.Semaphore(POOL_SIZE), "PostgreSQL")


def _open_sqlite(url: str) -> Database:
    module = sqlite_module()
    is_sound = survives_wal_reset(module.sqlite_version_info)
    # The write-ahead log needs memory that its users share, which two machines do not have.
    mode = "WAL" if is_sound and not lies_on_shared_disk(url) else "TRUNCATE"
    engine = create_engine(
        url, module=module, connect_args={"timeout": BUSY_TIMEOUT_SECONDS}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        # The driver must never begin by itself: its deferred BEGIN loses updates without an error.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("foreign_keys=ON", f"journal_mode={mode}", "synchronous=FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))

    note = f"SQLite {module.sqlite_version}, journal {mode}"
    return Database(engine, engine.execution_options(begin="BEGIN"), threading.Semaphore(1), note)


def sqlite_module() -> ModuleType:
    """Return the SQLite driver whose library is sound; the interpreter's own if neither or both are."""
    if survives_wal_reset(sqlite3.sqlite_version_info) or packaged_sqlite is None:
        return sqlite3
    return cast(ModuleType, packaged_sqlite)


def survives_wal_reset(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite is free of the fault that can corrupt a write-ahead log when it is reset."""
    if version >= WAL_RESET_FIXED:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in WAL_RESET_BACKPORTS)


def lies_on_shared_disk(url: str) -> bool:
    """Whether an embedded database lies where other machines could have it open too."""
    place = embedded_file(url)
    return place is not None and is_shared(file_system_of(place))


def embedded_file(url: str) -> Path | None:
    """Return the file of an embedded database; None for a server's or one in memory."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return None
    return Path(address.database)


class Trouble(StrEnum):
    """What keeps a database or a file from being written, is none of the product's faults and can pass."""

    FULL = "full"
    BUSY = "busy"


FULL = ("disk is full", "disk i/o error", "no space left", "could not extend file")
FULL_DISK = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
"""How the system says so of any other file."""
BUSY = ("is locked", "is busy", "deadlock detected", "statement timeout", "connection", "timeout expired")
CUT = ("08", "57P")
"""How PostgreSQL's codes begin where it, or what stands before it, has gone away; words differ by pooler."""


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Return what kept a database or a file from being written; None for every other failure.

    A disk that is full shows as a fault of writing, whichever of its limits was reached.
    """
    if isinstance(error, PoolTimeout):
        return Trouble.BUSY
    if isinstance(error, OSError) and error.errno in FULL_DISK:
        return Trouble.FULL
    if not isinstance(error, OperationalError):
        return None
    said = str(error.orig).lower()
    if any(words in said for words in FULL):
        return Trouble.FULL
    is_cut = str(getattr(error.orig, "sqlstate", None) or "").startswith(CUT)
    return Trouble.BUSY if is_cut or any(words in said for words in BUSY) else None


@contextmanager
def transaction(database: Database) -> Iterator[Session]:
    """Open a session that commits at the end of the block and rolls back where it raises."""
    with database.turn, Session(database.writing, expire_on_commit=False) as opened, opened.begin():
        yield opened


@contextmanager
def reading(database: Database) -> Iterator[Session]:
    """Open a session that only reads, from one unchanging view of the database."""
    with Session(database.reading) as opened:
        yield opened


def the_database() -> Database:
    """Return the database of the running application."""
    return cast(Database, current_app.extensions["inspect_database"])


def _session_of_request() -> Session:
    if "session" not in g:
        database = the_database()
        if request.method in READING_METHODS:
            g.session = Session(database.reading)
        else:
            database.turn.acquire()
            g.turn = database.turn
            g.session = Session(database.writing)
    return cast(Session, g.session)


session = cast(Session, LocalProxy(_session_of_request))
"""The one session of the request at hand."""


def bind_to_requests(app: Flask, database: Database) -> None:
    """Give every request one session; commit it once, if it changes something and its answer is below 400."""
    app.extensions["inspect_database"] = database
    app.after_request(_commit_or_roll_back)
    app.teardown_request(_close)


def keep_although_refused() -> None:
    """Commit this request though its answer refuses something: what came in is kept beside what was there."""
    g.is_kept = True


def after_commit(act: Callable[[], None]) -> None:
    """Run `act` once the request's transaction is safely in the database."""
    g.setdefault("after_commit", []).append(act)


def _commit_or_roll_back(response: Response) -> Response:
    if "session" not in g:
        return response
    is_refused = response.status_code >= 400 and not g.pop("is_kept", False)
    if request.method in READING_METHODS or is_refused:
        g.session.rollback()
        return response
    g.session.commit()
    for act in g.pop("after_commit", []):
        act()
    return response


def _close(_error: BaseException | None) -> None:
    opened = g.pop("session", None)
    turn = g.pop("turn", None)
    if opened is not None:
        opened.close()
    if turn is not None:
        turn.release()
