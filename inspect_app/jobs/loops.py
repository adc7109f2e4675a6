"""Loops: threads that do one thing again and again until they are told to stop."""

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

MENDED_BY_WAITING = (OperationalError, PoolTimeout)
"""The database is busy, restarting or full: what waits stays where it is, and is done later."""

log = logging.getLogger(__name__)


class Loop:
    """A thread that acts, rests, and acts again. It rests no longer than until its ear is set."""

    def __init__(self, name: str, act: Callable[[], bool], rest_seconds: float, ear: threading.Event) -> None:
        """Take what to do.

        Args:
            act: does one piece of what waits; says whether there may be more, so that there is no rest.
        """
        self._name = name
        self._act = act
        self._rest_seconds = rest_seconds
        self._ear = ear
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let the piece under way be the last one."""
        self._stopping.set()
        self._ear.set()

    def wait_for_end(self, within_seconds: float) -> None:
        """Wait for the piece under way, but no longer than this."""
        if self._thread.is_alive():
            self._thread.join(within_seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._did_something():
                continue
            self._ear.wait(self._rest_seconds)
            if not self._stopping.is_set():
                self._ear.clear()

    def _did_something(self) -> bool:
        try:
            return self._act()
        except MENDED_BY_WAITING as error:
            # Only the kind of failure: a driver's message may quote what a row holds.
            log.warning("%s rests, the database cannot be used: %s", self._name, type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a thread that ends unseen would leave all later work undone
            log.error("%s rests after a fault: %s", self._name, where_it_broke(error))
        return False


def where_it_broke(error: BaseException) -> str:
    """Return the kind of an error and the line that raised it, without its message, which may hold names."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return type(error).__name__
    return f"{type(error).__name__} in {place.tb_frame.f_code.co_filename}:{place.tb_lineno}"
