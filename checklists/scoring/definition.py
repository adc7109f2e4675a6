"""The rules as they are written, in fractions: what `score` must equal, and what a breakdown shows.

Means are in points from 0 to 100, exact; what is undefined is None or absent, never 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from checklists.handbook import Kind
from checklists.scoring.inspection import (
    UNOBSERVED,
    CreditedInspection,
    CreditedItem,
    CreditedSection,
    VetoScope,
)
from checklists.scoring.narrowing import led_by, of_kind, served_by
from checklists.scoring.scores import Scores, round_half_up

HUNDRED = Fraction(100)
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Means:
    """The three levels of a visit, exact, in points (0-100) unless said; None or absent where undefined."""

    situations: Mapping[int, Fraction]
    flows: Mapping[str, Fraction]
    visit: Fraction | None


@dataclass(frozen=True, slots=True)
class Zeroed:
    """What the vetoes that acted set to 0: situations by number, flows by code."""

    situations: frozenset[int] = frozenset()
    flows: frozenset[str] = frozenset()

    def __or__(self, other: "Zeroed") -> "Zeroed":
        return Zeroed(self.situations | other.situations, self.flows | other.flows)


def weighted_mean(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Return Σ weight·value / Σ weight of (weight, value) pairs; None where there are none."""
    pairs = list(parts)
    if not pairs:
        return None
    return sum((weight * value for weight, value in pairs), NOTHING) / sum(weight for weight, _ in pairs)


def credit_with(item: CreditedItem, filling: Fraction | None) -> Fraction | None:
    """Return an item's credit, taking `filling` for what could not be observed.

    A section that did not occur holds no such item, so what is filled stands in occurred sections alone.
    """
    return filling if item.left_out in UNOBSERVED else item.credit


def situation_mean(section: CreditedSection, filling: Fraction | None = None) -> Fraction | None:
    """Return Σ w·c / Σ w · 100 over what was answered, before vetoes."""
    weighed = [(item.weight, credit_with(item, filling)) for item in section.items]
    return weighted_mean((weight, HUNDRED * credit) for weight, credit in weighed if credit is not None)


def failed_vetoes(sections: Iterable[CreditedSection]) -> list[tuple[CreditedSection, CreditedItem]]:
    """Return the vetoes that acted, in the sections' order."""
    return [(section, item) for section in sections for item in section.items if item.is_failed_veto]


def zeroed_by(veto: CreditedItem, place: CreditedSection, sections: Iterable[CreditedSection]) -> Zeroed:
    """Return what one veto that acted sets to 0; a visit veto sets nothing to 0, it caps the total.

    A role veto reaches the situations with the same lead that were answered, never one that nothing was
    answered in: a range must not let it act on what was merely filled in.
    """
    if veto.veto is VetoScope.SITUATION:
        return Zeroed(situations=frozenset({place.situation}))
    if veto.veto is VetoScope.ROLE:
        same_lead = (section for section in sections if section.lead == place.lead)
        return Zeroed(situations=frozenset(s.situation for s in same_lead if situation_mean(s) is not None))
    if veto.veto is VetoScope.FLOW:
        return Zeroed(flows=frozenset({place.flow}))
    return Zeroed()


def all_zeroed(sections: tuple[CreditedSection, ...]) -> Zeroed:
    """Return what all vetoes that acted among these sections set to 0."""
    zeroed = Zeroed()
    for place, veto in failed_vetoes(sections):
        zeroed |= zeroed_by(veto, place, sections)
    return zeroed


def mean_over(
    sections: Iterable[CreditedSection],
    situations: Mapping[int, Fraction],
    zeroed_flows: frozenset[str] = frozenset(),
) -> Means:
    """Return flows and visit as means of the given situations; sections without one are shared out.

    Source:
        docs/scoring.md, "A visit".
    """
    defined = sorted((s for s in sections if s.situation in situations), key=lambda section: section.flow)
    flows: dict[str, Fraction] = {}
    weights: dict[str, Fraction] = {}
    for flow, group in groupby(defined, key=lambda section: section.flow):
        members = list(group)
        mean = weighted_mean((s.situation_weight, situations[s.situation]) for s in members)
        if mean is not None:
            flows[flow] = NOTHING if flow in zeroed_flows else mean
            weights[flow] = members[0].flow_weight
    return Means(situations, flows, weighted_mean((weights[flow], flows[flow]) for flow in flows))


def means(
    sections: tuple[CreditedSection, ...], zeroed: Zeroed | None = None, filling: Fraction | None = None
) -> Means:
    """Return the three levels after the vetoes that acted.

    Args:
        zeroed: what to set to 0, where it is not what all vetoes among `sections` do.
        filling: the credit taken for what could not be observed; None leaves it out.
    """
    zeroed = all_zeroed(sections) if zeroed is None else zeroed
    situations: dict[int, Fraction] = {}
    for section in sections:
        mean = situation_mean(section, filling)
        if mean is not None:
            situations[section.situation] = NOTHING if section.situation in zeroed.situations else mean
    return mean_over(sections, situations, zeroed.flows)


def hundredths(points: Fraction) -> int:
    """Round points, half up, to hundredths of a point."""
    return round_half_up(100 * points)


def total(inspection: CreditedInspection, filling: Fraction | None = None) -> int | None:
    """Return the visit's score: the mean rounded, then capped, then less the deductions, never below 0."""
    mean = means(inspection.sections, filling=filling).visit
    if mean is None:
        return None
    points = hundredths(mean)
    if visit_vetoes_failed(inspection):
        points = min(points, inspection.veto_cap)
    return max(0, points - sum(deduction.points for deduction in inspection.deductions))


def visit_vetoes_failed(inspection: CreditedInspection) -> int:
    """Count the vetoes of scope `visit` that acted."""
    return sum(veto.veto is VetoScope.VISIT for _, veto in failed_vetoes(inspection.sections))


def define_score(inspection: CreditedInspection, par: int | None = None) -> Scores:
    """Score a visit straight from the definitions; slow, and equal to `score`.

    Source:
        docs/scoring.md.
    """
    levels = means(inspection.sections)
    served = {section.role for section in inspection.sections if section.role is not None}
    lead = {section.lead for section in inspection.sections}
    roles = {role: total(served_by(inspection, role)) for role in sorted(served)}
    accountable = {role: total(led_by(inspection, role)) for role in sorted(lead)}
    kinds = {kind: total(of_kind(inspection, kind)) for kind in Kind}
    return Scores(
        visit=total(inspection),
        flows={flow: hundredths(mean) for flow, mean in levels.flows.items()},
        situations={number: hundredths(mean) for number, mean in levels.situations.items()},
        roles={role: points for role, points in roles.items() if points is not None},
        accountable={role: points for role, points in accountable.items() if points is not None},
        action=kinds[Kind.ACTION],
        phrase=kinds[Kind.PHRASE],
        delivery=kinds[Kind.DELIVERY],
        condition=kinds[Kind.CONDITION],
        vetoes_failed=visit_vetoes_failed(inspection),
        low=total(inspection, filling=NOTHING),
        high=total(inspection, filling=Fraction(1)),
        par=par,
    )
