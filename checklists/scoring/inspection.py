"""What a visit is scored from: sections of items with their credits, frozen and checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from checklists.handbook import Kind

BRANCH = "branch"
"""The pseudo-role that standing premises are charged to."""

FULL_SCORE = 10_000
"""A full score in hundredths of a point."""


class InspectionError(ValueError):
    """What was to be scored contradicts itself; the sentence says where and how."""


class Gate(StrEnum):
    """What became of a section's situation; "nobody acted" and "did not occur" are never one answer."""

    OCCURRED = "occurred"
    NOBODY_ACTED = "nobody_acted"
    DID_NOT_OCCUR = "did_not_occur"


class VetoScope(StrEnum):
    """How far the failure of a veto reaches."""

    SITUATION = "situation"
    ROLE = "role"
    FLOW = "flow"
    VISIT = "visit"


class LeftOut(StrEnum):
    """Why an item has no credit; `not_said` is set by the form itself."""

    DID_NOT_OCCUR = "did_not_occur"
    COULD_NOT_SEE_OR_HEAR = "could_not_see_or_hear"
    WOULD_HAVE_GIVEN_ME_AWAY = "would_have_given_me_away"
    NOT_THIS_BRANCH = "not_this_branch"
    NOT_SAID = "not_said"
    OTHER = "other"


UNOBSERVED = frozenset({LeftOut.COULD_NOT_SEE_OR_HEAR, LeftOut.WOULD_HAVE_GIVEN_ME_AWAY, LeftOut.OTHER})
"""The reasons behind which a credit may hide that nobody saw; they alone make a range."""


@dataclass(frozen=True, slots=True)
class CreditedItem:
    """One item with what it earned.

    Attributes:
        weight: exact, above 0.
        credit: exact, 0 to 1; None exactly where `left_out` says why.
        veto: how far a credit of 0 reaches; None for an ordinary item.

    Raises:
        InspectionError: a weight or credit is out of range, or a credit and a reason contradict each other.
    """

    code: str
    kind: Kind
    weight: Fraction
    credit: Fraction | None
    veto: VetoScope | None = None
    left_out: LeftOut | None = None

    def __post_init__(self) -> None:
        if self.weight.numerator <= 0:
            raise InspectionError(f"item {self.code}: weight {self.weight} is not above 0")
        if self.credit is None:
            if self.left_out is None:
                raise InspectionError(f"item {self.code}: neither a credit nor a reason for leaving it out")
            return
        if self.left_out is not None:
            raise InspectionError(f"item {self.code}: has a credit and is left out as {self.left_out}")
        if not 0 <= self.credit.numerator <= self.credit.denominator:
            raise InspectionError(f"item {self.code}: credit {self.credit} is not between 0 and 1")

    @property
    def is_failed_veto(self) -> bool:
        """A veto acts at credit 0 only: neither above it nor where the item is left out."""
        return self.veto is not None and self.credit is not None and not self.credit.numerator


@dataclass(frozen=True, slots=True)
class CreditedSection:
    """One situation of a visit with its items.

    Attributes:
        flow_weight: exact, above 0, the same in all sections of the flow.
        situation: its number, once in a visit.
        situation_weight: exact, above 0.
        standing: judged on every visit without a cue; its gate is always `occurred`.
        role: the staff role that served; the lead where nobody acted, None where it did not occur.
        lead: the staff role that answers for the situation.

    Raises:
        InspectionError: a weight is not above 0, or the gate contradicts items or role.
    """

    flow: str
    flow_weight: Fraction
    situation: int
    situation_weight: Fraction
    standing: bool
    gate: Gate
    role: str | None
    lead: str
    items: tuple[CreditedItem, ...]

    def __post_init__(self) -> None:
        if self.flow_weight.numerator <= 0 or self.situation_weight.numerator <= 0:
            raise InspectionError(
                f"situation {self.situation}: the weights {self.flow_weight} of its flow and "
                f"{self.situation_weight} of its own must be above 0"
            )
        problem = _contradiction(self)
        if problem is not None:
            raise InspectionError(f"situation {self.situation}: {problem}")


@dataclass(frozen=True, slots=True)
class Deduction:
    """Conduct that no item covers; `points` in hundredths of a point, 0 or more, come off the total."""

    code: str
    points: int

    def __post_init__(self) -> None:
        if self.points < 0:
            raise InspectionError(f"deduction {self.code}: {self.points} hundredths of a point is below 0")


@dataclass(frozen=True, slots=True)
class CreditedInspection:
    """All that the score of one visit depends on.

    Attributes:
        veto_cap: hundredths of a point (0-10000), the most a visit keeps when a visit veto acted.

    Raises:
        InspectionError: a situation or an item stands twice, a flow has two weights, the cap is out of range.
    """

    sections: tuple[CreditedSection, ...]
    deductions: tuple[Deduction, ...]
    veto_cap: int

    def __post_init__(self) -> None:
        if not 0 <= self.veto_cap <= FULL_SCORE:
            raise InspectionError(
                f"veto cap {self.veto_cap} is not between 0 and {FULL_SCORE} hundredths of a point"
            )
        _require_once("situation", [str(section.situation) for section in self.sections])
        _require_once("item", [item.code for section in self.sections for item in section.items])
        flows: dict[str, tuple[Fraction, bool]] = {}
        for section in self.sections:
            weighed = (section.flow_weight, section.standing)
            if flows.setdefault(section.flow, weighed) != weighed:
                raise InspectionError(
                    f"flow {section.flow}: situation {section.situation} gives it another weight, "
                    "or calls it standing where another situation does not"
                )


def _contradiction(section: CreditedSection) -> str | None:
    """Say what in a section contradicts its gate; None where nothing does."""
    if section.gate is Gate.OCCURRED:
        return None if section.role is not None else "it occurred, but no role is said to have served"
    if section.standing:
        return f"it is standing, so its gate is occurred, not {section.gate}"
    if section.gate is Gate.NOBODY_ACTED:
        if section.role != section.lead:
            return f"nobody acted, so its role is the lead {section.lead}, not {section.role}"
        wrong = next((item for item in section.items if item.credit is None or item.credit.numerator), None)
        return None if wrong is None else f"nobody acted, so the credit of {wrong.code} is 0"
    if section.role is not None:
        return f"it did not occur, so no role served, not {section.role}"
    wrong = next((item for item in section.items if item.left_out is not LeftOut.DID_NOT_OCCUR), None)
    return None if wrong is None else f"it did not occur, so {wrong.code} is left out as did_not_occur"


def _require_once(noun: str, codes: Iterable[str]) -> None:
    """Refuse a code that stands twice."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InspectionError(f"{noun} {code} stands twice in one inspection")
        seen.add(code)
