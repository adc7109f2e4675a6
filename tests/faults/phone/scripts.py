"""Scripted histories: a phone on which nothing goes wrong but what a test puts into its way."""

from pathlib import Path

from tests.faults.phone.apart import run_apart
from tests.faults.phone.circumstances import Circumstances
from tests.faults.phone.faults import Chooser, Fault, Injection
from tests.faults.phone.ground import Ground
from tests.faults.phone.history import History, Told

BODY, ANSWERS, PHOTO = "/submissions/", "/answers", "/photos/"
"""What tells the three kinds of requests apart."""


def lived(ground: Ground, circumstances: Circumstances, folder: Path, chooser: Chooser | None = None) -> Told:
    """Let one history happen, with faults as they are chosen."""
    return run_apart(History(ground, circumstances, folder, chooser).run)


def calm(seed: int, plant: str = "", kills: int = 0) -> Circumstances:
    """Return circumstances in which nothing happens by chance, but for so many kills of the phone."""
    return Circumstances(
        seed=seed,
        rate=0,
        kills=kills,
        tabs=1,
        has_locks=True,
        is_expired=False,
        closes_after=None,
        skew=0,
        shares=False,
        plant=plant,
    )


def cuts(fault: Fault, pieces: int = 16) -> list[Injection]:
    """Return the fault once for each of so many equal shares of what is cut."""
    return [Injection(fault, share=piece / pieces) for piece in range(pieces)]
