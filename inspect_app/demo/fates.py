"""What becomes of each made-up visit."""

from collections.abc import Sequence
from enum import StrEnum
from random import Random


class Fate(StrEnum):
    """How far a visit has come by the day given."""

    APPROVED = "approved"
    SENT_AGAIN = "sent_again"
    SET_ASIDE = "set_aside"
    LATE = "late"
    CANCELLED = "cancelled"
    TO_FILL = "to_fill"
    BEGUN = "begun"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    UNASSIGNED = "unassigned"


NOT_SENT = frozenset({Fate.CANCELLED, Fate.TO_FILL, Fate.BEGUN, Fate.UNASSIGNED})

RECENT = frozenset({Fate.BEGUN, Fate.SUBMITTED, Fate.IN_REVIEW, Fate.RETURNED})
"""What does not stay so for long: such a visit was made a few days ago."""

RUNNING = (
    Fate.TO_FILL,
    Fate.SUBMITTED,
    Fate.RETURNED,
    Fate.APPROVED,
    Fate.TO_FILL,
    Fate.BEGUN,
    Fate.APPROVED,
    Fate.SUBMITTED,
)
"""How an inspector's visits of a running wave stand, one after the other: there is something of each."""


def fates_of_past(count: int, random: Random) -> list[Fate]:
    """Return the fates of the visits of a wave that is over: most count, a few have a story."""
    rare = {
        Fate.SENT_AGAIN: max(2, count // 12),
        Fate.SET_ASIDE: max(1, count // 60),
        Fate.LATE: max(1, count // 120),
        Fate.CANCELLED: max(1, count // 120),
    }
    fates = [Fate.APPROVED] * count
    places = random.sample(range(count), sum(rare.values()))
    for fate, times in rare.items():
        for _ in range(times):
            fates[places.pop()] = fate
    return fates


def fates_of_running(inspectors: Sequence[int]) -> list[Fate]:
    """Return the fates of the visits of a running wave, by the number of the inspector of each.

    The last visit of all is assigned to nobody yet, and the first one that was sent is being reviewed.
    """
    seen: dict[int, int] = {}
    fates = []
    for inspector in inspectors:
        turn = seen.get(inspector, 0)
        seen[inspector] = turn + 1
        fates.append(RUNNING[turn % len(RUNNING)])
    fates[fates.index(Fate.SUBMITTED)] = Fate.IN_REVIEW
    fates[-1] = Fate.UNASSIGNED
    return fates
