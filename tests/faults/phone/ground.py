"""Where histories take place: a bank in a database and a server on it, either of which may be restarting."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from inspect_app.db import Database, reading
from tests.faults.phone.server import Served
from tests.inspect_app.made_up_bank import Bank
from tests.postgresql_server import PostgresqlServer

LONGEST_RESTART_SECONDS = 30

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Ground:
    """A bank, its database and its server, shared by histories that run at the same time.

    Attributes:
        database: the driver's own way into the database.
        lookers: of each running history, what looks whether R0 holds; called after each restart.
    """

    bank: Bank
    served: Served
    lookers: set[Callable[[], None]] = field(default_factory=set)

    @property
    def database(self) -> Database:
        """The driver's own way into the database."""
        return self.bank.database

    def ask(self, question: Callable[[Session], Seen]) -> Seen:
        """Ask the database from one unchanging view of it."""
        return patiently(lambda: self._asked(question))

    def _asked(self, question: Callable[[Session], Seen]) -> Seen:
        with reading(self.database) as session:
            return question(session)


def patiently(work: Callable[[], Seen]) -> Seen:
    """Do something with a database that may be restarting; only for what can be done again."""
    end = time.monotonic() + LONGEST_RESTART_SECONDS
    while True:
        try:
            return work()
        except DBAPIError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@dataclass(slots=True)
class Restarts:
    """How often a database server was restarted without warning."""

    count: int = 0


@contextmanager
def restarting(server: PostgresqlServer, ground: Ground, every_seconds: float) -> Iterator[Restarts]:
    """Restart a server again and again, as a loss of power would, and look each time."""
    stop, restarts = threading.Event(), Restarts()

    def restart() -> None:
        while not stop.wait(every_seconds):
            server.stop("immediate")
            server.start()
            restarts.count += 1
            for look in list(ground.lookers):
                look()

    thread = threading.Thread(target=restart)
    thread.start()
    try:
        yield restarts
    finally:
        stop.set()
        thread.join()
