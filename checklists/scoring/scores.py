"""The numbers of one visit, as they are stored, published and exported."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

RULES_VERSION = "1"
"""Names the rules that a stored score was made by; a rule that changes a number makes a new one."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What one visit scored, in hundredths of a point (0-10000), each rounded half up once.

    None where nothing was answered, never 0; what is undefined is absent from the mappings.

    Attributes:
        visit: after vetoes, cap and deductions.
        flows: by code, after vetoes; `situations` by number likewise.
        roles: by the role that served; `accountable` by the role that leads. No cap, no deductions.
        action: the mean over the items of this kind alone, without vetoes, cap or deductions; so the others.
        vetoes_failed: how many vetoes of scope `visit` acted.
        low: the score had all that could not be observed failed; `high` had it been met in full.
        par: what visits with the same situations score on average; None where the wave ranks by score.
    """

    visit: int | None
    flows: Mapping[str, int]
    situations: Mapping[int, int]
    roles: Mapping[str, int]
    accountable: Mapping[str, int]
    action: int | None
    phrase: int | None
    delivery: int | None
    condition: int | None
    vetoes_failed: int
    low: int | None
    high: int | None
    par: int | None

    @property
    def over_par(self) -> int | None:
        """Hundredths of a point above the par (negative below it); None where score or par is undefined."""
        return None if self.visit is None or self.par is None else self.visit - self.par


def round_half_up(value: Fraction) -> int:
    """Round an exact value to the nearest whole number, a half upwards: 1/2 is 1, -1/2 is 0."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
