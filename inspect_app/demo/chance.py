"""Chance that can be repeated: the same seed and the same occasion always draw the same."""

import uuid
from functools import lru_cache
from random import Random

LEANS_KEPT = 20_000


def chance(seed: int, *occasion: object) -> Random:
    """Return what is drawn from on one occasion; what is drawn on another makes no difference to it."""
    return Random("|".join(str(part) for part in (seed, *occasion)))  # noqa: S311 - made-up data, no secrets


@lru_cache(maxsize=LEANS_KEPT)
def lean(seed: int, *occasion: object) -> float:
    """Return how far something leans to the good or the bad side: 0 in the mean, seldom beyond ±2."""
    return chance(seed, *occasion).gauss(0, 1)


def id_from(random: Random) -> uuid.UUID:
    """Return an identifier such as a phone makes, drawn from the seed."""
    return uuid.UUID(int=random.getrandbits(128), version=4)
