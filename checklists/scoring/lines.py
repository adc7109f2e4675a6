"""The lines of a breakdown: plain frozen values that a page, a workbook or a JSON document prints."""

from dataclasses import dataclass
from fractions import Fraction

from checklists.handbook import Kind
from checklists.scoring.inspection import Gate, LeftOut, VetoScope


@dataclass(frozen=True, slots=True)
class ItemLine:
    """What one item earned and cost.

    Attributes:
        earned: weight × credit, exact; None where the item is left out.
        points_lost: hundredths of a point of the visit that its missing credit cost, rounded half up, before
            vetoes, cap and deductions; None where it is left out.
    """

    code: str
    kind: Kind
    weight: Fraction
    credit: Fraction | None
    left_out: LeftOut | None
    veto: VetoScope | None
    earned: Fraction | None
    points_lost: int | None

    @property
    def veto_acted(self) -> bool:
        """A veto acts at credit 0 only."""
        return self.veto is not None and self.credit is not None and not self.credit


@dataclass(frozen=True, slots=True)
class SituationLine:
    """What one situation earned of what was possible, and what vetoes made of it.

    Attributes:
        earned: Σ weight × credit over what was answered; `possible` Σ weight over the same items.
        before_vetoes: earned / possible, exact, in points from 0 to 100; None where nothing was answered.
        exact: the same after vetoes: what the flow's mean is taken over.
        score: `exact` in hundredths of a point, rounded half up.
        zeroed_by: the vetoes that set it to 0, by item code; each costs what its own line says.
    """

    number: int
    weight: Fraction
    gate: Gate
    role: str | None
    lead: str
    items: tuple[ItemLine, ...]
    earned: Fraction
    possible: Fraction
    before_vetoes: Fraction | None
    exact: Fraction | None
    score: int | None
    zeroed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowLine:
    """The mean of a flow's situations, before and after vetoes; fields as of `SituationLine`."""

    code: str
    weight: Fraction
    standing: bool
    situations: tuple[SituationLine, ...]
    before_vetoes: Fraction | None
    exact: Fraction | None
    score: int | None
    zeroed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VetoLine:
    """A veto of scope situation, role or flow that acted.

    Attributes:
        situation: where it stands, by number; `flow` and `lead` are that situation's.
        cost: hundredths of a point that it took beyond its own points and beyond the vetoes before it.
    """

    code: str
    scope: VetoScope
    situation: int
    flow: str
    lead: str
    cost: int


@dataclass(frozen=True, slots=True)
class CapLine:
    """The cap that vetoes of scope visit, by item code, put on the total; `cost` in hundredths of a point."""

    vetoes: tuple[str, ...]
    cap: int
    cost: int


@dataclass(frozen=True, slots=True)
class DeductionLine:
    """Points off the total; `cost` is less than `points` only where the total was down to 0."""

    code: str
    points: int
    cost: int


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """An item that counts neither for nor against; `widens_range` where nobody could observe it."""

    code: str
    situation: int
    reason: LeftOut
    widens_range: bool


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How one score came about, in whole hundredths of a point that add up.

    10000 - points_lost - rounding = before_vetoes; less the costs of vetoes = after_vetoes; less those of cap
    and deductions = score.

    Attributes:
        points_lost: the sum of the items' rounded points; `rounding` what that sum misses by.
        exact: the visit's mean after vetoes, in points from 0 to 100; `exact_before_vetoes` before them.
        cap: None where no veto of scope visit acted.
        low, high: the range of the score; None for a role or a kind.
        par: as stored with the score.
        score: None where nothing was answered; then so is every other number.
    """

    rules_version: str
    flows: tuple[FlowLine, ...]
    left_out: tuple[LeftOutLine, ...]
    exact_before_vetoes: Fraction | None
    points_lost: int | None
    rounding: int | None
    before_vetoes: int | None
    vetoes: tuple[VetoLine, ...]
    exact: Fraction | None
    after_vetoes: int | None
    cap: CapLine | None
    deductions: tuple[DeductionLine, ...]
    score: int | None
    low: int | None
    high: int | None
    par: int | None
