"""How the journal's entries are chained: from an entry to its bytes, from its bytes to its hash. Pure."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from checklists.json_values import canonical_json
from inspect_app.models.journal import JournalEntry

BEGINNING = "0" * 64
"""What stands for the previous hash before the first entry."""

FEWEST_DIGITS = 16
"""How much of a hash is printed, and must at least be given to compare with."""

_HEAD = re.compile(rf"([1-9][0-9]{{0,17}}):([0-9a-f]{{{FEWEST_DIGITS},64}})")


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain went at some moment. Kept outside, it tells whether the chain was rewritten or cut.

    Attributes:
        sequence: of the last entry, from 1.
        hash: of that entry, 64 hexadecimal digits, or at least the first 16 of them.
    """

    sequence: int
    hash: str

    @classmethod
    def read(cls, text: str) -> "Head":
        """Return a head from how it is printed: `SEQUENCE:HASH`; blanks among the digits do not matter.

        Raises:
            ValueError: it is not written like that.
        """
        found = _HEAD.fullmatch("".join(text.split()).lower())
        if found is None:
            raise ValueError(f"not a sequence and at least {FEWEST_DIGITS} digits of a hash: {text!r}")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        """Return it whole."""
        return f"{self.sequence}:{self.hash}"

    @property
    def shown(self) -> str:
        """As it is printed with rankings: the sequence and the first 16 digits."""
        return f"{self.sequence}:{self.hash[:FEWEST_DIGITS]}"

    def is_of(self, sequence: int, hash_there: str) -> bool:
        """Say whether this is the head of a chain whose entry of that sequence has that hash."""
        return self.sequence == sequence and hash_there.startswith(self.hash)


def link_bytes(entry: JournalEntry, sealed_at: datetime) -> bytes:
    """Return what is hashed besides the hash before it: all of an entry, and when it was sealed."""
    return canonical_json(
        {
            "id": str(entry.id),
            "at": _written(entry.at),
            "actor_kind": entry.actor_kind.value,
            "actor_id": None if entry.actor_id is None else str(entry.actor_id),
            "action": entry.action,
            "subject": entry.subject,
            "subject_id": entry.subject_id,
            "from_state": entry.from_state,
            "to_state": entry.to_state,
            "reason": entry.reason,
            "details": entry.details,
            "sealed_at": _written(sealed_at),
        }
    )


def link_hash(previous: str, content: bytes) -> str:
    """Return the hash of a link: SHA-256 over the hash before it and the link's own bytes."""
    return hashlib.sha256(previous.encode() + content).hexdigest()


def _written(moment: datetime) -> str:
    """Return a moment as the one text that every database keeps exactly: UTC, with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
