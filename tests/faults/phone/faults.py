"""What can happen to one request on its way, and who decides it: chance with a seed, or a script."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Fault(StrEnum):
    """What happens to one request and its answer."""

    PASS = "pass"
    DELAY = "delay"
    CUT_REQUEST = "cut_request"
    LOST_ANSWER = "lost_answer"
    HALF_ANSWER = "half_answer"
    TWICE = "twice"
    THREE_AT_ONCE = "three_at_once"
    LATE_COPY = "late_copy"
    CAPTIVE_PAGE = "captive_page"
    TOO_LARGE = "413"
    IN_FLIGHT = "423"
    TOO_MANY = "429"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    REFUSED = "refused"
    EMPTIED = "emptied"
    DAMAGED = "damaged"
    CRASH = "crash"


class CrashPoint(StrEnum):
    """Where the server kills itself."""

    BODY_HALF_READ = "K0"
    PHOTO_WRITTEN = "K1"
    PHOTO_RENAMED = "K2"
    ROW_INSERTED = "K3"
    JOURNAL_WRITTEN = "K4"
    BEFORE_COMMIT = "K5"
    AFTER_COMMIT = "K6"
    STATUS_SENT = "K7"
    HALF_ANSWERED = "K8"


@dataclass(frozen=True, slots=True)
class Injection:
    """One fault as it is done.

    Attributes:
        share: how much gets through of what is cut, and how long a wait is: from 0 to 1.
        point: where the server dies, of a crash.
    """

    fault: Fault
    share: float = 0.5
    point: CrashPoint | None = None


HARMLESS = Injection(Fault.PASS)


class Chooser(Protocol):
    """Decides what happens to a request."""

    def __call__(self, path: str) -> Injection:
        """Return what happens to a request for this path."""


class RandomFaults:
    """Faults by chance: the same seed gives the same faults in the same order."""

    def __init__(self, seed: int, rate: float) -> None:
        """Take the share of requests that meet a fault, from 0 to 1; it can be changed while it runs."""
        self.rate = rate
        self._chance = random.Random(seed)  # noqa: S311 - a seed must give the same history again

    def __call__(self, path: str) -> Injection:  # noqa: ARG002 - chance does not ask where to
        """Draw what happens."""
        draw, fault = (
            self._chance.random(),
            self._chance.choice([one for one in Fault if one is not Fault.PASS]),
        )
        share, point = self._chance.random(), self._chance.choice(list(CrashPoint))
        if draw >= self.rate:
            return HARMLESS
        return Injection(fault, share, point if fault is Fault.CRASH else None)


class ScriptedFaults:
    """Faults as a test wants them: by what the path contains, one after the other, then none."""

    def __init__(self, script: Mapping[str, Iterable[Injection]]) -> None:
        """Take the faults of the first, second … request whose path contains a word."""
        self._waiting = {word: list(faults) for word, faults in script.items()}

    def __call__(self, path: str) -> Injection:
        """Return the next one for this path."""
        for word, faults in self._waiting.items():
            if word in path and faults:
                return faults.pop(0)
        return HARMLESS

    @property
    def is_used_up(self) -> bool:
        """Every fault of the script has happened."""
        return not any(self._waiting.values())
