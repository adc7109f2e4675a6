"""Under which circumstances a history takes place, all drawn from its seed."""

import random
from dataclasses import dataclass

from tests.faults.phone.phone import Doing, Life

DAY = 86_400_000
YEARS = 100_000_000_000
"""Three of them, in milliseconds."""

SKEWS = (0, 0, DAY, -DAY, YEARS, -YEARS)
LATEST_STEP = {Doing.FILLING: 250, Doing.FREEZING: 4, Doing.SENDING: 30}
"""Before which write or request of each part of a life the battery can die."""

TRIES_FOR = 4_000
"""Milliseconds for which a life tries to send."""

MOST_LIVES = 14
CALM_FROM = 9
"""From which life on the network is good: what is still not there then will never be."""

PATIENCE_OF_THE_CALM = 60_000
"""Milliseconds that these lives wait for an answer, and go on: a slow machine keeps nothing from arriving."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a history has to live through.

    Attributes:
        rate: the share of requests that meet a fault.
        kills: how many of its first lives the phone does not survive.
        is_expired: its token is not good any more when it begins to send.
        closes_after: seconds until head office closes the wave; None leaves it open.
        skew: milliseconds by which its clock is wrong in its first life.
        patience: milliseconds after which it gives up waiting for an answer.
        most_lives: after which nothing more is tried.
    """

    seed: int
    rate: float
    kills: int
    tabs: int
    has_locks: bool
    is_expired: bool
    closes_after: float | None
    skew: int
    shares: bool
    plant: str = ""
    patience: int = 1500
    most_lives: int = MOST_LIVES

    def life(self, number: int, chance: random.Random) -> Life:
        """Return what the phone's n-th life is like, counted from 1."""
        is_calm = number >= CALM_FROM
        skews = (self.skew, chance.choice((0, self.skew, -self.skew)), chance.choice((0, self.skew)))
        kill_while = chance.choice(list(Doing))
        return Life(
            kill_while=kill_while,
            kill_at=chance.randrange(1, LATEST_STEP[kill_while]) if number <= self.kills else 0,
            tabs=self.tabs,
            has_locks=self.has_locks,
            skew=skews[0] if number == 1 else skews[1],
            skew_later=skews[2],
            jumps_at=chance.randrange(1, 400),
            shares=self.shares,
            plant=self.plant,
            patience=PATIENCE_OF_THE_CALM if is_calm else self.patience,
            milliseconds=PATIENCE_OF_THE_CALM if is_calm else TRIES_FOR,
            seed=self.seed,
        )


def drawn(seed: int, plant: str = "") -> Circumstances:
    """Draw them."""
    chance = random.Random(seed)  # noqa: S311 - a seed must give the same history again
    return Circumstances(
        seed=seed,
        rate=chance.choice((0, 0.3, 0.5, 0.8)),
        kills=chance.choice((0, 1, 2, 4)),
        tabs=chance.choice((1, 1, 2, 3)),
        has_locks=chance.random() < 0.7,
        is_expired=chance.random() < 0.25,
        closes_after=chance.random() * 0.6 if chance.random() < 0.25 else None,
        skew=chance.choice(SKEWS),
        shares=chance.random() < 0.5,
        plant=plant,
    )
