"""What an answer earns: an exact credit from 0 to 1."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

NONE = Fraction(0)
FULL = Fraction(1)
HALF = Fraction(1, 2)


class Response(StrEnum):
    """How far a demand was met."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not"


class Hearing(StrEnum):
    """How one element of a phrase was said: in full, with the same meaning, or not at all."""

    HEARD = "heard"
    CHANGED = "changed"
    MISSING = "missing"


class CountRule(StrEnum):
    """How several observed people make one credit: their mean, or full only if all of them met it."""

    MEAN = "mean"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Scale:
    """The credits between none and full, exact, from 0 to 1.

    Raises:
        ValueError: one of them is not from 0 to 1.
    """

    partly: Fraction = HALF
    changed: Fraction = HALF

    def __post_init__(self) -> None:
        for step, credit in (("partly", self.partly), ("changed", self.changed)):
            if not NONE <= credit <= FULL:
                raise ValueError(f"the scale gives {credit} for {step}, which is not between 0 and 1")


DEFAULT_SCALE = Scale()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the observed people met a demand, met it in part, or did not meet it.

    Raises:
        ValueError: one of them is below 0.
    """

    met: int
    partly: int
    not_met: int

    def __post_init__(self) -> None:
        if min(self.met, self.partly, self.not_met) < 0:
            raise ValueError(f"nobody counts {self.met}, {self.partly} and {self.not_met} people")

    @property
    def observed(self) -> int:
        """How many people were observed in all."""
        return self.met + self.partly + self.not_met


def credit_of_response(response: Response, scale: Scale = DEFAULT_SCALE) -> Fraction:
    """Return what one answer earns.

    Source:
        docs/scoring.md, "Credits".
    """
    if response is Response.PARTLY:
        return scale.partly
    return FULL if response is Response.MET else NONE


def credit_of_phrase(elements: Sequence[Hearing], scale: Scale = DEFAULT_SCALE) -> Fraction:
    """Return the mean of a phrase's elements; a phrase of one element has the same three steps.

    Raises:
        ValueError: the phrase has no element.

    Source:
        docs/scoring.md, "Credits".
    """
    if not elements:
        raise ValueError("a phrase has at least one element to listen for")
    # In whole parts of the scale's own: sums of fractions take ten times as long.
    changed, whole = scale.changed.as_integer_ratio()
    earned = elements.count(Hearing.HEARD) * whole + elements.count(Hearing.CHANGED) * changed
    return Fraction(earned, whole * len(elements))


def credit_of_counts(counts: Counts, rule: CountRule, scale: Scale = DEFAULT_SCALE) -> Fraction | None:
    """Return what several observed people earn together.

    Returns:
        None where nobody was observed: the item is left out.

    Source:
        docs/scoring.md, "Credits".
    """
    if not counts.observed:
        return None
    if rule is CountRule.ALL:
        return FULL if counts.met == counts.observed else NONE
    partly, whole = scale.partly.as_integer_ratio()
    return Fraction(counts.met * whole + counts.partly * partly, whole * counts.observed)
