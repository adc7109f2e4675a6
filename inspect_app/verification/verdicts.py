"""What a check of the database says: how much it looked at, and which rows are not as they must be."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MOST_NAMED = 20
"""Faulty rows that are named; the others are counted."""


class Check(StrEnum):
    """What is held against what, in the order in which it is done."""

    FILE = "file"
    KEYS = "keys"
    CHECKLISTS = "checklists"
    SUBMISSIONS = "submissions"
    RECEIPTS = "receipts"
    REVISIONS = "revisions"
    FINGERPRINTS = "fingerprints"
    RANKINGS = "rankings"
    FIGURES = "figures"
    PHOTOS = "photos"
    JOURNAL = "journal"


class Fault(StrEnum):
    """What is wrong with a row."""

    DAMAGED = "damaged"
    DANGLING = "dangling"
    UNREADABLE = "unreadable"
    OTHER_HASH = "other_hash"
    OTHER_NUMBER = "other_number"
    OTHER_RECEIPT = "other_receipt"
    OTHER_ANSWERS = "other_answers"
    OTHER_SCORES = "other_scores"
    OTHER_ROW = "other_row"
    NO_FILE = "no_file"
    STRAY_FILE = "stray_file"
    BROKEN_CHAIN = "broken_chain"


@dataclass(frozen=True, slots=True)
class Found:
    """A row that is not as it must be.

    Attributes:
        row: what it is and how to find it: its table and its identifier.
    """

    row: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one check.

    Attributes:
        count: rows that were looked at.
        faults: how many of them are wrong; `found` names the first of these.
    """

    check: Check
    count: int
    faults: int
    found: tuple[Found, ...]


def verdict(check: Check, looked_at: Iterable[Found | None]) -> Verdict:
    """Return the verdict over rows that were looked at; None stands for one that is as it must be."""
    count = faults = 0
    named: list[Found] = []
    for found in looked_at:
        count += 1
        if found is not None:
            faults += 1
            if len(named) < MOST_NAMED:
                named.append(found)
    return Verdict(check, count, faults, tuple(named))
