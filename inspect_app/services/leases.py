"""Leases: how several nodes take what waits in a table, each piece by one of them at a time."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(seconds=60)
"""How long a piece of work is one node's without a sign of life from it.

Long enough for a pause of the machine, short enough that a killed worker's work goes on within a minute.
"""

MOST_TRIES = 3
"""How often a job is begun at most: what brought three workers down would bring down the fourth."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do one piece of work, until `until` or until it is extended.

    Attributes:
        tries: which try this is; it tells this one from a later one of the same node.
    """

    id: uuid.UUID
    node: str
    tries: int
    until: datetime


class LeaseLostError(Exception):
    """The work is no longer this node's: it was cancelled, or its lease ran out and another one took it."""
