"""What contradicts itself is refused with a sentence that says where."""

from dataclasses import replace
from fractions import Fraction

import pytest

from checklists.handbook import Kind
from checklists.scoring import (
    CreditedInspection,
    CreditedItem,
    CreditedSection,
    Deduction,
    Gate,
    InspectionError,
    LeftOut,
)
from tests.checklists.scoring.notation import visit

ITEM = CreditedItem("S06.A1", Kind.ACTION, Fraction(2), Fraction(1, 2))
LEFT_OUT = CreditedItem("S06.A1", Kind.ACTION, Fraction(2), None, left_out=LeftOut.DID_NOT_OCCUR)
SECTION = CreditedSection(
    flow="F2",
    flow_weight=Fraction(1),
    situation=6,
    situation_weight=Fraction(1),
    standing=False,
    gate=Gate.OCCURRED,
    role="teller",
    lead="lobby_manager",
    items=(ITEM,),
)


@pytest.mark.parametrize("weight", [Fraction(0), Fraction(-1, 2)])
def test_an_item_weighs_more_than_nothing(weight: Fraction) -> None:
    with pytest.raises(InspectionError, match=r"item S06\.A1: weight .* is not above 0"):
        replace(ITEM, weight=weight)


@pytest.mark.parametrize("credit", [Fraction(-1, 2), Fraction(3, 2)])
def test_a_credit_lies_between_0_and_1(credit: Fraction) -> None:
    with pytest.raises(InspectionError, match="is not between 0 and 1"):
        replace(ITEM, credit=credit)


def test_an_item_without_a_credit_needs_a_reason() -> None:
    with pytest.raises(InspectionError, match="neither a credit nor a reason"):
        replace(ITEM, credit=None)


def test_an_item_with_a_credit_has_no_reason_to_be_left_out() -> None:
    with pytest.raises(InspectionError, match="has a credit and is left out as other"):
        replace(ITEM, left_out=LeftOut.OTHER)


def test_a_flow_weighs_more_than_nothing() -> None:
    with pytest.raises(InspectionError, match="situation 6: the weights 0 of its flow and 1"):
        replace(SECTION, flow_weight=Fraction(0))


def test_a_situation_weighs_more_than_nothing() -> None:
    with pytest.raises(InspectionError, match="situation 6: the weights 1 of its flow and -1"):
        replace(SECTION, situation_weight=Fraction(-1))


def test_where_it_occurred_somebody_served() -> None:
    with pytest.raises(InspectionError, match="no role is said to have served"):
        replace(SECTION, role=None)


def test_where_nobody_acted_no_item_has_a_credit_above_0() -> None:
    with pytest.raises(InspectionError, match=r"nobody acted, so the credit of S06\.A1 is 0"):
        replace(SECTION, gate=Gate.NOBODY_ACTED, role="lobby_manager")


def test_where_nobody_acted_no_item_is_left_out() -> None:
    with pytest.raises(InspectionError, match=r"nobody acted, so the credit of S06\.A1 is 0"):
        replace(SECTION, gate=Gate.NOBODY_ACTED, role="lobby_manager", items=(LEFT_OUT,))


def test_where_nobody_acted_the_lead_is_charged() -> None:
    with pytest.raises(InspectionError, match="its role is the lead lobby_manager, not teller"):
        replace(SECTION, gate=Gate.NOBODY_ACTED, items=(replace(ITEM, credit=Fraction(0)),))


def test_where_it_did_not_occur_nobody_served() -> None:
    with pytest.raises(InspectionError, match="no role served, not teller"):
        replace(SECTION, gate=Gate.DID_NOT_OCCUR, items=(LEFT_OUT,))


@pytest.mark.parametrize("item", [ITEM, replace(LEFT_OUT, left_out=LeftOut.OTHER)])
def test_where_it_did_not_occur_every_item_is_left_out_for_that_reason(item: CreditedItem) -> None:
    with pytest.raises(InspectionError, match=r"S06\.A1 is left out as did_not_occur"):
        replace(SECTION, gate=Gate.DID_NOT_OCCUR, role=None, items=(item,))


@pytest.mark.parametrize("gate", [Gate.NOBODY_ACTED, Gate.DID_NOT_OCCUR])
def test_what_is_standing_always_occurred(gate: Gate) -> None:
    with pytest.raises(InspectionError, match="it is standing, so its gate is occurred"):
        replace(SECTION, standing=True, gate=gate)


def test_a_deduction_never_adds_points() -> None:
    with pytest.raises(InspectionError, match="deduction forbidden_words: -200"):
        Deduction("forbidden_words", -200)


@pytest.mark.parametrize("cap", [-1, 10_001])
def test_a_cap_is_a_score(cap: int) -> None:
    with pytest.raises(InspectionError, match="is not between 0 and 10000"):
        CreditedInspection((SECTION,), (), cap)


def test_a_situation_stands_once_in_a_visit() -> None:
    other = replace(SECTION, items=(replace(ITEM, code="S06.A2"),))

    with pytest.raises(InspectionError, match="situation 6 stands twice"):
        CreditedInspection((SECTION, other), (), 5900)


def test_an_item_stands_once_in_a_visit() -> None:
    with pytest.raises(InspectionError, match=r"item S06\.A1 stands twice"):
        CreditedInspection((SECTION, replace(SECTION, situation=7)), (), 5900)


@pytest.mark.parametrize(
    "other",
    [
        replace(SECTION, situation=7, items=(), flow_weight=Fraction(2)),
        replace(SECTION, situation=7, items=(), standing=True),
    ],
)
def test_a_flow_has_one_weight_and_is_standing_or_not(other: CreditedSection) -> None:
    with pytest.raises(InspectionError, match="flow F2: situation 7 gives it another weight"):
        CreditedInspection((SECTION, other), (), 5900)


def test_a_visit_without_sections_is_no_contradiction() -> None:
    assert visit("").sections == ()
