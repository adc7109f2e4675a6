"""Places in an order: standard competition ranking, and which rule settled each place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class PlacedBy(StrEnum):
    """The rule that set a row apart from those it would otherwise share its place with.

    `score` is what the wave ranks by, over par included; `shared` says that no rule sets it apart.
    """

    SCORE = "score"
    VETOES = "vetoes"
    PHRASE = "phrase"
    ACTION = "action"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Place:
    """A rank from 1 up, and the rule that settled it."""

    rank: int
    placed_by: PlacedBy


Key = tuple[int | Fraction, ...]
"""What a unit is ordered by, rule by rule; less is better, equal keys share their place."""


def places(keys: Mapping[str, Key], rules: Sequence[PlacedBy]) -> dict[str, Place]:
    """Return each unit's place: 1 more than the number of units that are strictly better (1, 2, 2, 4).

    Args:
        keys: by unit, each as long as `rules`.
        rules: what each member of a key stands for. A row is placed by the first rule that, together with
            those before it, sets it apart from all others.

    Source:
        docs/ranking.md, "Places".
    """
    ordered = sorted(keys.items(), key=lambda entry: entry[1])
    found: dict[str, Place] = {}
    rank = 0
    for position, (unit, key) in enumerate(ordered):
        above = ordered[position - 1][1] if position else None
        below = ordered[position + 1][1] if position + 1 < len(ordered) else None
        rank = rank if key == above else position + 1
        alike = max(_rules_alike(key, above), _rules_alike(key, below))
        found[unit] = Place(rank, PlacedBy.SHARED if alike == len(key) else rules[alike])
    return found


def _rules_alike(key: Key, other: Key | None) -> int:
    """Return by how many rules from the first on two keys are the same."""
    if other is None:
        return 0
    differing = (rule for rule, (own, theirs) in enumerate(zip(key, other, strict=True)) if own != theirs)
    return next(differing, len(key))
