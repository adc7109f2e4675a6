"""The product's own server, in which a request can name the point where it is to be killed.

It wraps the product from outside; nothing of this is in the product.
"""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from io import BytesIO
from typing import TYPE_CHECKING, NoReturn

from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPICursor

from inspect_app.app import create_app
from inspect_app.bells import bell_at
from inspect_app.cli.address import Address
from inspect_app.cli.server import Service, run
from inspect_app.config import read_settings
from inspect_app.db import Database, open_database
from inspect_app.jobs import serving_share
from tests.faults.phone.faults import CrashPoint
from tests.faults.phone.messages import CRASH_HEADER
from tests.faults.phone.server_plants import SERVER_PLANTS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VARIABLE = f"HTTP_{CRASH_HEADER.decode().upper().replace('-', '_')}"
OF_A_RECORD = re.compile(r"INSERT INTO (submission|photo|draft) ")
OF_THE_JOURNAL = re.compile(r"INSERT INTO journal_entry ")
ON_ITS_WAY_SECONDS = 0.02
"""How long what was written before the end takes to leave this machine's buffers."""

_point: ContextVar[str | None] = ContextVar("crash_point", default=None)
_syncs: ContextVar[int] = ContextVar("files_synced", default=0)


def main(port: int, workers: int, plant: str | None) -> None:
    """Serve on the settings of the environment until stopped."""
    settings = read_settings(os.environ)
    database = open_database(settings.database_url)
    if plant:
        SERVER_PLANTS[plant]()
    bell = bell_at(settings.queue_url)
    app = create_app(settings, database, bell)
    watch_files()
    watch_database(database)
    watch_requests(app)
    run(
        Service(
            app=app,
            database=database,
            background=serving_share(settings, database, bell),
            address=Address("127.0.0.1", port),
            workers=workers,
            when_ready=_say_ready,
        )
    )


def die_at(point: CrashPoint) -> None:
    """End here, at once, if the request at hand says so."""
    if _point.get() == point:
        die()


def die() -> NoReturn:
    """End as if the power had gone."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody lives on")


def watch_files() -> None:
    """Die before a file is made durable, and behind its renaming: at the first and at the second sync."""
    durably = os.fsync

    def fsync(opened: int) -> None:
        _syncs.set(_syncs.get() + 1)
        die_at(CrashPoint.PHOTO_WRITTEN if _syncs.get() == 1 else CrashPoint.PHOTO_RENAMED)
        durably(opened)

    os.fsync = fsync  # type: ignore[assignment]  # counts, and does the same


def watch_database(database: Database) -> None:
    """Die behind an inserted row, behind the journal's entry, before the commit and behind it."""

    @event.listens_for(database.writing, "after_cursor_execute")
    def _inserted(
        _connection: Connection, _cursor: DBAPICursor, statement: str, *_: object, **__: object
    ) -> None:
        if OF_A_RECORD.match(statement):
            die_at(CrashPoint.ROW_INSERTED)
        if OF_THE_JOURNAL.match(statement):
            die_at(CrashPoint.JOURNAL_WRITTEN)

    @event.listens_for(database.writing, "commit")
    def _about_to_commit(_connection: Connection) -> None:
        die_at(CrashPoint.BEFORE_COMMIT)

    dialect = database.writing.dialect
    commit = dialect.do_commit

    def do_commit(connection: object) -> None:
        commit(connection)  # type: ignore[arg-type]  # whatever the dialect takes
        die_at(CrashPoint.AFTER_COMMIT)

    dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]  # commits as before


def watch_requests(app: Flask) -> None:
    """Die with the body half read, behind the status line, and in the middle of the answer."""
    product: WSGIApplication = app.wsgi_app

    def crashing(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        point = environ.get(VARIABLE)
        _point.set(point)
        _syncs.set(0)
        if point == CrashPoint.BODY_HALF_READ:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0) // 2)
            die()
        if point in (CrashPoint.STATUS_SENT, CrashPoint.HALF_ANSWERED):
            return _half_an_answer(product, environ, start_response, CrashPoint(point))
        return product(environ, start_response)

    app.wsgi_app = crashing  # type: ignore[method-assign]


def _half_an_answer(
    product: "WSGIApplication", environ: "WSGIEnvironment", start_response: "StartResponse", point: CrashPoint
) -> Iterator[bytes]:
    told: list[str] = []

    def start(status: str, headers: list[tuple[str, str]], *rest: object) -> Callable[[bytes], object]:
        told.append(status)
        return start_response(status, headers, *rest)  # type: ignore[arg-type]  # as they came

    whole = BytesIO(b"".join(product(environ, start))).getvalue()
    if point is CrashPoint.STATUS_SENT:
        environ["gunicorn.socket"].sendall(f"HTTP/1.1 {told[0]}\r\n".encode())
        die()
    yield whole[: len(whole) // 2]
    time.sleep(ON_ITS_WAY_SECONDS)
    die()


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
