"""How a number came about, level by level, down to what each item earned and cost."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby, pairwise

from checklists.handbook import Kind
from checklists.scoring.credits import FULL
from checklists.scoring.definition import (
    HUNDRED,
    NOTHING,
    Means,
    Zeroed,
    failed_vetoes,
    hundredths,
    means,
    situation_mean,
    total,
    zeroed_by,
)
from checklists.scoring.inspection import (
    FULL_SCORE,
    UNOBSERVED,
    CreditedInspection,
    CreditedItem,
    CreditedSection,
    VetoScope,
)
from checklists.scoring.lines import (
    Breakdown,
    CapLine,
    DeductionLine,
    FlowLine,
    ItemLine,
    LeftOutLine,
    SituationLine,
    VetoLine,
)
from checklists.scoring.narrowing import led_by, of_kind, served_by
from checklists.scoring.scores import RULES_VERSION

Sections = tuple[CreditedSection, ...]


def break_down(inspection: CreditedInspection, par: int | None = None) -> Breakdown:
    """Return how a visit's score came about.

    Args:
        par: hundredths of a point, as stored with the score.

    Source:
        docs/scoring.md, "How a number came about".
    """
    before = means(inspection.sections, zeroed=Zeroed())
    after = means(inspection.sections)
    flows = _flow_lines(inspection.sections, before, after)
    vetoes = _veto_lines(inspection.sections)
    rounded_before = _rounded(before.visit)
    rounded_after = _rounded(after.visit)
    lost = _points_lost(flows)
    cap = _cap_line(inspection, rounded_after)
    return Breakdown(
        rules_version=RULES_VERSION,
        flows=flows,
        left_out=_left_out_lines(inspection.sections),
        exact_before_vetoes=before.visit,
        points_lost=None if rounded_before is None else lost,
        rounding=None if rounded_before is None else FULL_SCORE - lost - rounded_before,
        before_vetoes=rounded_before,
        vetoes=vetoes,
        exact=after.visit,
        after_vetoes=rounded_after,
        cap=cap,
        deductions=_deduction_lines(inspection, rounded_after, cap),
        score=total(inspection),
        low=total(inspection, filling=NOTHING),
        high=total(inspection, filling=Fraction(1)),
        par=par,
    )


def lines_below_full(sections: Sections) -> Iterator[tuple[CreditedSection, ItemLine]]:
    """Yield the lines of the items that cost points, each with its section, as a breakdown has them."""
    answered = [s.situation for s in sections if any(item.credit is not None for item in s.items)]
    shares = _shares(sections, answered)
    for section in sections:
        possible = sum((item.weight for item in section.items if item.credit is not None), NOTHING)
        for item in section.items:
            if item.credit is not None and item.credit < FULL:
                yield section, _item_line(item, possible, shares[section.situation])


def break_down_role(inspection: CreditedInspection, role: str) -> Breakdown:
    """Return how the score of a role that served came about: no cap, no deductions, no range."""
    return _of_a_part(break_down(served_by(inspection, role)))


def break_down_accountable(inspection: CreditedInspection, role: str) -> Breakdown:
    """Return how the score of a role came about over all it leads: no cap, no deductions, no range."""
    return _of_a_part(break_down(led_by(inspection, role)))


def break_down_kind(inspection: CreditedInspection, kind: Kind) -> Breakdown:
    """Return how the score of one kind came about: no vetoes, no cap, no deductions, no range."""
    return _of_a_part(break_down(of_kind(inspection, kind)))


def _of_a_part(breakdown: Breakdown) -> Breakdown:
    """Take away what only a whole visit has; the cap of a part never costs anything."""
    return replace(breakdown, cap=None, low=None, high=None)


def _rounded(points: Fraction | None) -> int | None:
    return None if points is None else hundredths(points)


def _flow_lines(sections: Sections, before: Means, after: Means) -> tuple[FlowLine, ...]:
    """Return one line a flow, in the order in which the visit first comes to it."""
    order = {code: place for place, code in enumerate(dict.fromkeys(section.flow for section in sections))}
    grouped = groupby(sorted(sections, key=lambda s: order[s.flow]), key=lambda section: section.flow)
    shares = _shares(sections, before.situations)
    lines = []
    for code, group in grouped:
        members = tuple(group)
        lines.append(
            FlowLine(
                code=code,
                weight=members[0].flow_weight,
                standing=members[0].standing,
                situations=tuple(_situation_line(s, sections, after, shares) for s in members),
                before_vetoes=before.flows.get(code),
                exact=after.flows.get(code),
                score=_rounded(after.flows.get(code)),
                zeroed_by=tuple(v.code for p, v in failed_vetoes(members) if v.veto is VetoScope.FLOW),
            )
        )
    return tuple(lines)


def _shares(sections: Sections, answered: Collection[int]) -> Mapping[int, Fraction]:
    """Return how much of the visit each answered situation makes up, exact: W/ΣW · F/ΣF. They add up to 1."""
    defined = [section for section in sections if section.situation in answered]
    flow_weights = {section.flow: section.flow_weight for section in defined}
    within: dict[str, Fraction] = {}
    for section in defined:
        within[section.flow] = within.get(section.flow, NOTHING) + section.situation_weight
    every_flow = sum(flow_weights.values(), NOTHING)
    return {s.situation: s.situation_weight / within[s.flow] * s.flow_weight / every_flow for s in defined}


def _situation_line(
    section: CreditedSection, sections: Sections, after: Means, shares: Mapping[int, Fraction]
) -> SituationLine:
    possible = sum((item.weight for item in section.items if item.credit is not None), NOTHING)
    items = tuple(_item_line(item, possible, shares.get(section.situation)) for item in section.items)
    exact = after.situations.get(section.situation)
    return SituationLine(
        number=section.situation,
        weight=section.situation_weight,
        gate=section.gate,
        role=section.role,
        lead=section.lead,
        items=items,
        earned=sum((item.earned for item in items if item.earned is not None), NOTHING),
        possible=possible,
        before_vetoes=situation_mean(section),
        exact=exact,
        score=_rounded(exact),
        zeroed_by=tuple(
            veto.code
            for place, veto in failed_vetoes(sections)
            if section.situation in zeroed_by(veto, place, sections).situations
        ),
    )


def _item_line(item: CreditedItem, possible: Fraction, share: Fraction | None) -> ItemLine:
    """Return one item's line; `share` is how much of the visit its situation makes up."""
    earned = lost = None
    if item.credit is not None and share is not None:
        earned = item.weight * item.credit
        lost = hundredths(HUNDRED * share * (item.weight - earned) / possible)
    return ItemLine(
        code=item.code,
        kind=item.kind,
        weight=item.weight,
        credit=item.credit,
        left_out=item.left_out,
        veto=item.veto,
        earned=earned,
        points_lost=lost,
    )


def _points_lost(flows: Sequence[FlowLine]) -> int:
    """Return the sum of the items' rounded points, in hundredths of a point."""
    items = [item for flow in flows for situation in flow.situations for item in situation.items]
    return sum(item.points_lost for item in items if item.points_lost is not None)


def _veto_lines(sections: Sections) -> tuple[VetoLine, ...]:
    """Return the vetoes below the visit in the visit's order, each with what it took beyond those before it.

    Costs are differences of rounded means, so that they add up to what all vetoes took.
    """
    acted = [(place, veto) for place, veto in failed_vetoes(sections) if veto.veto is not VetoScope.VISIT]
    zeroed = Zeroed()
    left = [means(sections, zeroed).visit]
    for place, veto in acted:
        zeroed |= zeroed_by(veto, place, sections)
        left.append(means(sections, zeroed).visit)
    costs = [hundredths(a) - hundredths(b) for a, b in pairwise(left) if a is not None and b is not None]
    return tuple(
        VetoLine(veto.code, veto.veto, place.situation, place.flow, place.lead, cost)
        for (place, veto), cost in zip(acted, costs, strict=True)
        if veto.veto is not None
    )


def _cap_line(inspection: CreditedInspection, points: int | None) -> CapLine | None:
    vetoes = tuple(v.code for _, v in failed_vetoes(inspection.sections) if v.veto is VetoScope.VISIT)
    if points is None or not vetoes:
        return None
    return CapLine(vetoes, inspection.veto_cap, max(0, points - inspection.veto_cap))


def _deduction_lines(
    inspection: CreditedInspection, points: int | None, cap: CapLine | None
) -> tuple[DeductionLine, ...]:
    """Return what each deduction took, in order, until nothing was left."""
    if points is None:
        return ()
    left = points - (0 if cap is None else cap.cost)
    lines = []
    for deduction in inspection.deductions:
        cost = min(left, deduction.points)
        left -= cost
        lines.append(DeductionLine(deduction.code, deduction.points, cost))
    return tuple(lines)


def _left_out_lines(sections: Sections) -> tuple[LeftOutLine, ...]:
    return tuple(
        LeftOutLine(item.code, section.situation, item.left_out, item.left_out in UNOBSERVED)
        for section in sections
        for item in section.items
        if item.left_out is not None
    )
