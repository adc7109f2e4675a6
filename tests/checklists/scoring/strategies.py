"""Visits of every shape that the rules allow, for property tests."""

from fractions import Fraction
from typing import NamedTuple

from hypothesis import strategies as st

from checklists.handbook import Kind
from checklists.scoring import (
    BRANCH,
    CreditedInspection,
    CreditedItem,
    CreditedSection,
    Deduction,
    Gate,
    LeftOut,
    VetoScope,
)

ROLES = ("lobby_manager", "teller", "customer_manager")
ZERO = Fraction(0)

weights = st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 2), Fraction(3, 7), Fraction(10)])
earned_credits = st.sampled_from(
    [ZERO, Fraction(1, 4), Fraction(1, 3), Fraction(1, 2), Fraction(4, 5), Fraction(1)]
)
vetoes = st.sampled_from([None, None, None, *VetoScope])
no_vetoes = st.none()


class Flow(NamedTuple):
    """A flow as a visit holds it."""

    code: str
    weight: Fraction
    standing: bool


@st.composite
def items(
    draw: st.DrawFn, code: str, gate: Gate, flow: Flow, scopes: st.SearchStrategy[VetoScope | None]
) -> CreditedItem:
    """Draw an item that fits its section's gate."""
    kind = (
        Kind.CONDITION if flow.standing else draw(st.sampled_from([Kind.ACTION, Kind.PHRASE, Kind.DELIVERY]))
    )
    veto = draw(scopes)
    weight = draw(weights)
    if gate is Gate.DID_NOT_OCCUR:
        return CreditedItem(code, kind, weight, None, veto, LeftOut.DID_NOT_OCCUR)
    if gate is Gate.NOBODY_ACTED:
        return CreditedItem(code, kind, weight, ZERO, veto)
    credit = draw(st.none() | earned_credits | earned_credits)
    reason = draw(st.sampled_from(LeftOut)) if credit is None else None
    return CreditedItem(code, kind, weight, credit, veto, reason)


@st.composite
def sections(
    draw: st.DrawFn, flow: Flow, situation: int, scopes: st.SearchStrategy[VetoScope | None]
) -> CreditedSection:
    """Draw a section of a flow, of one to four items."""
    gate = Gate.OCCURRED if flow.standing else draw(st.sampled_from([Gate.OCCURRED, *Gate]))
    lead = BRANCH if flow.standing else draw(st.sampled_from(ROLES))
    served = draw(st.sampled_from([lead, *ROLES]))
    role = {Gate.OCCURRED: served, Gate.NOBODY_ACTED: lead, Gate.DID_NOT_OCCUR: None}[gate]
    codes = [f"S{situation:02}.A{number}" for number in range(1, draw(st.integers(1, 4)) + 1)]
    return CreditedSection(
        flow=flow.code,
        flow_weight=flow.weight,
        situation=situation,
        situation_weight=draw(weights),
        standing=flow.standing,
        gate=gate,
        role=role,
        lead=lead,
        items=tuple(draw(items(code, gate, flow, scopes)) for code in codes),
    )


@st.composite
def inspections(
    draw: st.DrawFn, scopes: st.SearchStrategy[VetoScope | None] = vetoes, most_deductions: int = 2
) -> CreditedInspection:
    """Draw a visit of up to four flows, one of them standing, with up to three situations each."""
    flows = [
        Flow(f"F{number}", draw(weights), number == 4) for number in range(1, draw(st.integers(1, 4)) + 1)
    ]
    drawn = [
        draw(sections(flow, situation + 10 * place, scopes))
        for place, flow in enumerate(flows)
        for situation in range(1, draw(st.integers(1, 3)) + 1)
    ]
    points = draw(st.lists(st.integers(0, 6000), max_size=most_deductions))
    return CreditedInspection(
        sections=tuple(drawn),
        deductions=tuple(Deduction("forbidden_words", cost) for cost in points),
        veto_cap=draw(st.integers(0, 10_000)),
    )
