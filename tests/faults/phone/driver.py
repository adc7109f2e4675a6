"""Runs many histories at the same time, and adds up what happened in them."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.phone.apart import run_apart
from tests.faults.phone.checker import check_files
from tests.faults.phone.circumstances import Circumstances
from tests.faults.phone.faults import CrashPoint, Fault
from tests.faults.phone.ground import Ground
from tests.faults.phone.history import History, Told

AT_ONCE = 3
MOST_NAMED = 12


@dataclass(slots=True)
class Tally:
    """What happened in many histories.

    Attributes:
        violations: by the seed of the history; what concerns all of them under seed 0.
    """

    histories: int = 0
    lives: int = 0
    kills: int = 0
    looks: int = 0
    sign_ins: int = 0
    expired: int = 0
    closed: int = 0
    wrong_clocks: int = 0
    several_tabs: int = 0
    without_locks: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)
    crashes: Counter[CrashPoint] = field(default_factory=Counter)
    violations: dict[int, list[str]] = field(default_factory=dict)

    def add(self, circumstances: Circumstances, told: Told) -> None:
        """Add one history."""
        self.histories += 1
        self.lives += told.lives
        self.kills += told.kills
        self.looks += told.looks
        self.sign_ins += told.sign_ins
        self.expired += circumstances.is_expired
        self.closed += circumstances.closes_after is not None
        self.wrong_clocks += circumstances.skew != 0
        self.several_tabs += circumstances.tabs > 1
        self.without_locks += circumstances.tabs > 1 and not circumstances.has_locks
        self.faults += told.faults
        self.crashes += told.crashes
        if told.violations:
            self.violations[circumstances.seed] = told.violations

    @property
    def requests(self) -> int:
        """Requests that passed the proxy."""
        return sum(self.faults.values())

    @property
    def faulted(self) -> int:
        """Of these, how many met a fault."""
        return self.requests - self.faults[Fault.PASS]

    def __str__(self) -> str:
        """Tell it in a few lines."""
        lines = [
            f"{self.histories} histories, {len(self.violations)} with violations, {self.looks} checks of R0",
            f"{self.faulted} of {self.requests} requests met a fault: {_listed(self.faults)}",
            f"{sum(self.crashes.values())} times the server was killed: {_listed(self.crashes)}",
            f"{self.kills} of {self.lives} lives of phones ended by a kill; {self.sign_ins} sign-ins",
            f"{self.expired} expired tokens, {self.closed} closed waves, {self.wrong_clocks} wrong clocks, "
            f"{self.several_tabs} with several tabs ({self.without_locks} without locks)",
        ]
        named = list(self.violations.items())[:MOST_NAMED]
        lines += [f"VIOLATION, seed {seed}: {'; '.join(found)}" for seed, found in named]
        return "\n".join(lines)


async def _told_of(ground: Ground, circumstances: Circumstances, folder: Path) -> Told:
    """Let one history happen; one that the driver itself fails at is told with the others."""
    try:
        place = folder / f"{circumstances.seed}"
        history = await asyncio.to_thread(History, ground, circumstances, place)
        return await history.run()
    except Exception as error:  # noqa: BLE001 - whatever it is, hundreds of other histories go on
        return Told(circumstances.seed, violations=[f"the driver failed: {error!r}"])


def _listed(counts: Counter[Fault] | Counter[CrashPoint]) -> str:
    return ", ".join(f"{name.value} {count}" for name, count in sorted(counts.items()))


def run_histories(
    ground: Ground, histories: Iterable[Circumstances], folder: Path, at_once: int = AT_ONCE
) -> Tally:
    """Run them all, then look whether files are left that no row names."""
    tally = Tally()

    async def run_all() -> None:
        turns = asyncio.Semaphore(at_once)

        async def run_one(circumstances: Circumstances) -> None:
            async with turns:
                tally.add(circumstances, await _told_of(ground, circumstances, folder))

        async with asyncio.TaskGroup() as group:
            for circumstances in histories:
                group.create_task(run_one(circumstances))

    run_apart(run_all)
    left = ground.ask(lambda session: check_files(session, ground.served.store))
    if left:
        tally.violations[0] = left
    return tally
