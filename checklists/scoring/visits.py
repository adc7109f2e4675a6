"""The score of a visit, in integers over common denominators: the definition, ten times as fast."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from checklists.handbook import Kind
from checklists.scoring.inspection import (
    FULL_SCORE,
    UNOBSERVED,
    CreditedInspection,
    CreditedSection,
    VetoScope,
)
from checklists.scoring.scores import Scores


def score(inspection: CreditedInspection, par: int | None = None) -> Scores:
    """Return all scores of one visit.

    Args:
        par: hundredths of a point that visits with the same situations score on average; kept as given.

    Source:
        docs/scoring.md; held equal to `define_score` by a property test.
    """
    tallies = _tally(inspection.sections)
    zeroed = _zeroed(tallies)
    levels = _mean(_answered(tallies), zeroed)
    lowest = highest = levels.visit
    if any(tally.unobserved for tally in tallies):
        lowest = _mean(_had_failed(tallies), zeroed).visit
        highest = _mean(_had_been_met(tallies), zeroed).visit
    failed = sum(tally.failed.count(VetoScope.VISIT) for tally in tallies)
    return Scores(
        visit=_settle(levels.visit, failed, inspection),
        flows={flow: _hundredths(mean) for flow, mean in levels.flows.items()},
        situations={number: _hundredths(mean) for number, mean in levels.situations.items()},
        roles=_by_role(tallies, lambda tally: tally.role),
        accountable=_by_role(tallies, lambda tally: tally.lead),
        action=_kind_score(tallies, Kind.ACTION),
        phrase=_kind_score(tallies, Kind.PHRASE),
        delivery=_kind_score(tallies, Kind.DELIVERY),
        condition=_kind_score(tallies, Kind.CONDITION),
        vetoes_failed=failed,
        low=_settle(lowest, failed, inspection),
        high=_settle(highest, failed, inspection),
        par=par,
    )


Ratio = tuple[int, int]
"""A numerator and a denominator above 0, not reduced; 1 is a full mean."""


@dataclass(slots=True)
class _Tally:
    """What one section adds up to, in whole units that all sections of the visit share.

    Attributes:
        earned: Σ w·c of what was answered; `possible` Σ w of it, `unobserved` Σ w of what may be filled in.
        kinds: earned and possible of the answered items of each kind.
        failed: the scopes of the vetoes that acted.
    """

    flow: str
    situation: int
    role: str | None
    lead: str
    flow_weight: int
    weight: int
    earned: int
    possible: int
    unobserved: int
    kinds: dict[Kind, Ratio]
    failed: list[VetoScope]


NOTHING: Ratio = (0, 0)
"""What nothing adds up to: no ratio yet."""

_Part = tuple[_Tally, Ratio]
"""A section and the mean of its situation before vetoes."""


@dataclass(slots=True)
class _Levels:
    situations: dict[int, Ratio]
    flows: dict[str, Ratio]
    visit: Ratio | None


_Zeroed = tuple[frozenset[int], frozenset[str]]
_NOTHING_ZEROED: _Zeroed = (frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class _Denominators:
    """What weights and credits of a visit are brought to, so that they add up as whole numbers."""

    item_weight: int
    credit: int
    situation_weight: int
    flow_weight: int


def _tally(sections: Sequence[CreditedSection]) -> list[_Tally]:
    """Bring all weights and credits of a visit to common denominators and add them up by section."""
    items = [item for section in sections for item in section.items]
    common = _Denominators(
        item_weight=lcm(*{item.weight.denominator for item in items}),
        credit=lcm(*{item.credit.denominator for item in items if item.credit is not None}),
        situation_weight=lcm(*{section.situation_weight.denominator for section in sections}),
        flow_weight=lcm(*{section.flow_weight.denominator for section in sections}),
    )
    return [_tally_section(section, common) for section in sections]


def _tally_section(section: CreditedSection, common: _Denominators) -> _Tally:
    earned = possible = unobserved = 0
    kinds: dict[Kind, Ratio] = {}
    failed: list[VetoScope] = []
    for item in section.items:
        weight = _whole(item.weight, common.item_weight)
        if item.credit is None:
            if item.left_out in UNOBSERVED:
                unobserved += weight * common.credit
            continue
        gained = weight * _whole(item.credit, common.credit)
        earned += gained
        possible += weight * common.credit
        kind_earned, kind_possible = kinds.get(item.kind, NOTHING)
        kinds[item.kind] = (kind_earned + gained, kind_possible + weight * common.credit)
        if item.veto is not None and not gained:
            failed.append(item.veto)
    return _Tally(
        flow=section.flow,
        situation=section.situation,
        role=section.role,
        lead=section.lead,
        flow_weight=_whole(section.flow_weight, common.flow_weight),
        weight=_whole(section.situation_weight, common.situation_weight),
        earned=earned,
        possible=possible,
        unobserved=unobserved,
        kinds=kinds,
        failed=failed,
    )


def _whole(value: Fraction, denominator: int) -> int:
    """Return how many parts of 1/denominator a value is; the value's own denominator divides it."""
    numerator, own = value.as_integer_ratio()
    return numerator if own == denominator else numerator * (denominator // own)


def _answered(tallies: Iterable[_Tally]) -> list[_Part]:
    return [(tally, (tally.earned, tally.possible)) for tally in tallies if tally.possible]


def _had_failed(tallies: Iterable[_Tally]) -> list[_Part]:
    """Take what could not be observed for failed."""
    possible = [(tally, tally.possible + tally.unobserved) for tally in tallies]
    return [(tally, (tally.earned, total)) for tally, total in possible if total]


def _had_been_met(tallies: Iterable[_Tally]) -> list[_Part]:
    """Take what could not be observed for met in full."""
    possible = [(tally, tally.possible + tally.unobserved) for tally in tallies]
    return [(tally, (tally.earned + tally.unobserved, total)) for tally, total in possible if total]


def _kind_score(tallies: Iterable[_Tally], kind: Kind) -> int | None:
    """Return the mean over the items of one kind, in hundredths of a point, without vetoes."""
    mean = _mean(
        [(tally, tally.kinds[kind]) for tally in tallies if kind in tally.kinds], _NOTHING_ZEROED
    ).visit
    return None if mean is None else _hundredths(mean)


def _by_role(tallies: Iterable[_Tally], role_of: Callable[[_Tally], str | None]) -> Mapping[str, int]:
    """Return the mean of each role's sections after the vetoes among them; no cap, no deductions."""
    parts: dict[str, list[_Tally]] = {}
    for tally in tallies:
        role = role_of(tally)
        if role is not None and tally.possible:
            parts.setdefault(role, []).append(tally)
    means = {role: _mean(_answered(part), _zeroed(part)).visit for role, part in sorted(parts.items())}
    return {role: _hundredths(mean) for role, mean in means.items() if mean is not None}


def _zeroed(tallies: Sequence[_Tally]) -> _Zeroed:
    """Return the situations and flows that the vetoes that acted among these sections set to 0.

    A role veto reaches the situations that were answered: in a range it never touches what is only filled in.
    """
    if not any(tally.failed for tally in tallies):
        return _NOTHING_ZEROED
    leads = {tally.lead for tally in tallies if VetoScope.ROLE in tally.failed}
    return (
        frozenset(
            tally.situation
            for tally in tallies
            if VetoScope.SITUATION in tally.failed or (tally.possible and tally.lead in leads)
        ),
        frozenset(tally.flow for tally in tallies if VetoScope.FLOW in tally.failed),
    )


def _mean(parts: Iterable[_Part], zeroed: _Zeroed) -> _Levels:
    """Return the three-level mean over these sections' ratios after the vetoes that acted."""
    situations: dict[int, Ratio] = {}
    by_flow: dict[str, list[tuple[int, Ratio]]] = {}
    flow_weights: dict[str, int] = {}
    for tally, (earned, possible) in parts:
        flow, ratio = tally.flow, (0 if tally.situation in zeroed[0] else earned, possible)
        situations[tally.situation] = ratio
        if flow in by_flow:
            by_flow[flow].append((tally.weight, ratio))
        else:
            by_flow[flow], flow_weights[flow] = [(tally.weight, ratio)], tally.flow_weight
    flows = {flow: (0, 1) if flow in zeroed[1] else _weighted(members) for flow, members in by_flow.items()}
    visit = _weighted([(flow_weights[flow], ratio) for flow, ratio in flows.items()]) if flows else None
    return _Levels(situations, flows, visit)


def _weighted(parts: Sequence[tuple[int, Ratio]]) -> Ratio:
    """Return Σ weight·ratio / Σ weight over one common denominator."""
    if len(parts) == 1:
        return parts[0][1]
    common = lcm(*[denominator for _, (_, denominator) in parts])
    earned = total = 0
    for weight, (numerator, denominator) in parts:
        earned += weight * numerator * (common // denominator)
        total += weight
    return earned, common * total


def _settle(mean: Ratio | None, vetoes_failed: int, inspection: CreditedInspection) -> int | None:
    """Round the visit's mean, cap it where a visit veto acted, and take off the deductions, not below 0."""
    if mean is None:
        return None
    points = _hundredths(mean)
    if vetoes_failed:
        points = min(points, inspection.veto_cap)
    return max(0, points - sum(deduction.points for deduction in inspection.deductions))


def _hundredths(ratio: Ratio) -> int:
    """Round a mean, half up, to hundredths of a point (0-10000)."""
    numerator, denominator = ratio
    return (2 * FULL_SCORE * numerator + denominator) // (2 * denominator)
