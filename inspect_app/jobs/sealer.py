"""Background work of a serving process: the sealer, which chains the journal each second."""

import logging
import threading
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from inspect_app.db import Database, reading, transaction
from inspect_app.queries.journal_chain import anything_unsealed
from inspect_app.services.sealing import seal_entries

PAUSE_SECONDS = 1.0
"""How long the sealer rests when nothing is left to seal."""

LONGEST_STOP_SECONDS = 15.0
"""How long a stopping process waits for a seal under way: a little longer than a busy database makes wait."""

MENDED_BY_WAITING = (OperationalError, PoolTimeout)
"""The database is busy, restarting or full: the entries stay where they are, and are sealed later."""

log = logging.getLogger(__name__)


class Sealer:
    """A thread that seals what was committed, until it is stopped. Several, in several processes, do no harm.

    A killed one leaves the chain as its last transaction left it; the next goes on from there.
    """

    def __init__(self, database: Database, pause_seconds: float = PAUSE_SECONDS) -> None:
        """Take the database of the serving process; begin after it has forked."""
        self._database = database
        self._pause_seconds = pause_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal-sealer", daemon=True)

    def start(self) -> None:
        """Begin to seal in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Let the seal under way be finished, and return when it is."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(LONGEST_STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                seal_all(self._database, self._stopping)
            except MENDED_BY_WAITING as error:
                # Only the kind of failure: a driver's message may quote what a row holds.
                log.warning("the journal is not sealed at the moment: %s", type(error).__name__)
            self._stopping.wait(self._pause_seconds)


def seal_all(database: Database, stopping: threading.Event | None = None) -> int:
    """Seal what waits, in short transactions, until nothing does or another sealer is at work.

    Args:
        stopping: where it is set, no further transaction begins.

    Returns:
        How many entries were sealed.
    """
    sealed = 0
    while stopping is None or not stopping.is_set():
        with reading(database) as session:
            if not anything_unsealed(session):
                break
        with transaction(database) as session:
            count = seal_entries(session, now=datetime.now(UTC))
        if not count:
            break
        sealed += count
    return sealed
