"""How figures are taken: floor and product in turns, in one run, and what the product may take."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, process_time

IS_PROCESSOR_TIME = os.environ.get("BENCHMARK_CLOCK") == "processor"
"""On a machine that others use too, figures by the clock say more about them: `BENCHMARK_CLOCK=processor`
counts the processor's time alone, and so nothing of waiting for the disk."""

CLOCK = process_time if IS_PROCESSOR_TIME else perf_counter

TURNS = 7
"""How often floor and product take turns; the best of each counts: what it takes when nothing else runs."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a piece of work may take: so many times its floor, or so many seconds; one of both."""

    times: float | None = None
    seconds: float | None = None

    def __str__(self) -> str:
        """Return it as the table shows it."""
        return f"≤ {self.times:g}×" if self.times is not None else f"≤ {shown(self.seconds or 0)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """What a piece of work takes beside the least it could take; both in seconds.

    Attributes:
        work: what is done, with its size.
        floor_is: what the floor does.
    """

    work: str
    floor_is: str
    own: float
    floor: float
    budget: Budget

    @property
    def ratio(self) -> float:
        """How many times its floor it takes."""
        return self.own / self.floor

    @property
    def is_met(self) -> bool:
        """It stays within its budget."""
        if self.budget.times is not None:
            return self.ratio <= self.budget.times
        return self.own <= (self.budget.seconds or 0)


def beside(
    work: str,
    budget: Budget,
    own: Callable[[], object],
    floor_is: str,
    floor: Callable[[], object],
    *,
    turns: int = TURNS,
) -> Figure:
    """Time a piece of work and its floor in turns, after one of each to warm up."""
    floor()
    own()
    taken = [(seconds(floor), seconds(own)) for _ in range(turns)]
    return Figure(work, floor_is, min(one for _, one in taken), min(one for one, _ in taken), budget)


def seconds(call: Callable[[], object]) -> float:
    """Return what a call takes."""
    begun = CLOCK()
    call()
    return CLOCK() - begun


def shown(taken: float) -> str:
    """Return seconds in the unit in which they are easily read."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if taken >= size:
            return f"{taken / size:.3g} {unit}"
    return f"{taken / 1e-6:.3g} µs"
