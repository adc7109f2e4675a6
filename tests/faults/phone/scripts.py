"""Scripted histories: a phone on which nothing goes wrong but what a test puts into its way."""

from tests.faults.phone.circumstances import Circumstances
from tests.faults.phone.faults import Fault, Injection


def calm(seed: int) -> Circumstances:
    """Return circumstances in which nothing happens by chance."""
    return Circumstances(
        seed=seed,
        rate=0,
        kills=0,
        tabs=1,
        has_locks=True,
        is_expired=False,
        closes_after=None,
        skew=0,
        shares=False,
    )


def cuts(fault: Fault, pieces: int = 16) -> list[Injection]:
    """Return the fault once for each of so many equal shares of what is cut."""
    return [Injection(fault, share=piece / pieces) for piece in range(pieces)]
