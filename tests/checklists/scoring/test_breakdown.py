"""A breakdown says how a number came about, and adds up."""

import json
from dataclasses import asdict
from fractions import Fraction

from hypothesis import given, settings

from checklists.handbook import Kind
from checklists.scoring import (
    RULES_VERSION,
    Breakdown,
    CreditedInspection,
    ItemLine,
    LeftOut,
    SituationLine,
    break_down,
    break_down_accountable,
    break_down_kind,
    break_down_role,
    score,
)
from tests.checklists.scoring.notation import visit
from tests.checklists.scoring.strategies import inspections

MOCKED_UP = """
    flow F2
    situation 6
      S06.P1 phrase 2 x 1/4
      S06.A1 action 2 x 0
      S06.A2 action 2 x 1/2
      S06.A3 action 2 x 1
      S06.A4 action 2 x 1
      S06.D1 delivery 1 x 1
      S06.D2 delivery 1 x 1
    situation 7
      S07.A1 action 1 x 1
"""


def situations_of(breakdown: Breakdown) -> list[SituationLine]:
    """Return the situation lines of all flows."""
    return [situation for flow in breakdown.flows for situation in flow.situations]


def items_of(breakdown: Breakdown) -> list[ItemLine]:
    """Return the item lines of all situations."""
    return [item for situation in situations_of(breakdown) for item in situation.items]


@settings(deadline=None, max_examples=200)
@given(inspections())
def test_a_breakdown_ends_in_the_numbers_that_are_published(inspection: CreditedInspection) -> None:
    scores = score(inspection)

    breakdown = break_down(inspection, par=7000)

    assert (breakdown.score, breakdown.low, breakdown.high) == (scores.visit, scores.low, scores.high)
    assert breakdown.par == 7000
    assert {flow.code: flow.score for flow in breakdown.flows if flow.score is not None} == scores.flows
    assert {
        line.number: line.score for line in situations_of(breakdown) if line.score is not None
    } == scores.situations


@settings(deadline=None, max_examples=200)
@given(inspections())
def test_the_lines_of_a_breakdown_add_up_to_the_score(inspection: CreditedInspection) -> None:
    breakdown = break_down(inspection)
    if breakdown.score is None:
        assert (breakdown.points_lost, breakdown.rounding, breakdown.before_vetoes) == (None, None, None)
        return

    costs = [
        *(item.points_lost or 0 for item in items_of(breakdown)),
        breakdown.rounding or 0,
        *(veto.cost for veto in breakdown.vetoes),
        0 if breakdown.cap is None else breakdown.cap.cost,
        *(deduction.cost for deduction in breakdown.deductions),
    ]

    assert 10_000 - sum(costs) == breakdown.score


@settings(deadline=None, max_examples=200)
@given(inspections())
def test_no_line_gives_points_and_rounding_stays_below_half_a_hundredth_a_line(
    inspection: CreditedInspection,
) -> None:
    breakdown = break_down(inspection)
    answered = [item for item in items_of(breakdown) if item.points_lost is not None]

    assert all(item.points_lost >= 0 for item in answered if item.points_lost is not None)
    assert all(veto.cost >= 0 for veto in breakdown.vetoes)
    assert all(0 <= deduction.cost <= deduction.points for deduction in breakdown.deductions)
    assert 2 * abs(breakdown.rounding or 0) <= len(answered) + 1


@settings(deadline=None)
@given(inspections())
def test_each_level_is_the_mean_of_the_level_below(inspection: CreditedInspection) -> None:
    for line in situations_of(break_down(inspection)):
        if line.before_vetoes is None:
            assert line.possible == 0
            assert (line.exact, line.score) == (None, None)
            continue
        assert line.before_vetoes == 100 * line.earned / line.possible
        assert line.exact == (0 if line.zeroed_by else line.before_vetoes)


@settings(deadline=None)
@given(inspections())
def test_what_was_left_out_is_listed_with_its_reason(inspection: CreditedInspection) -> None:
    breakdown = break_down(inspection)

    assert {(line.code, line.reason) for line in breakdown.left_out} == {
        (item.code, item.left_out)
        for section in inspection.sections
        for item in section.items
        if item.left_out is not None
    }


@settings(deadline=None)
@given(inspections())
def test_roles_and_kinds_break_down_to_their_own_scores(inspection: CreditedInspection) -> None:
    scores = score(inspection)

    assert {role: break_down_role(inspection, role).score for role in scores.roles} == scores.roles
    assert {
        role: break_down_accountable(inspection, role).score for role in scores.accountable
    } == scores.accountable
    assert break_down_kind(inspection, Kind.ACTION).score == scores.action
    assert break_down_kind(inspection, Kind.CONDITION).score == scores.condition


def test_a_situation_shows_what_each_item_earned_of_what_was_possible() -> None:
    situation = situations_of(break_down(visit(MOCKED_UP)))[0]

    assert [item.earned for item in situation.items] == [Fraction(1, 2), 0, 1, 2, 2, 1, 1]
    assert (situation.earned, situation.possible) == (Fraction(15, 2), Fraction(12))
    assert situation.score == 6250


def test_a_flow_shows_its_exact_mean_beside_the_rounded_one() -> None:
    (flow,) = break_down(visit(MOCKED_UP)).flows

    assert (flow.code, flow.exact, flow.score) == ("F2", Fraction(325, 4), 8125)


def test_an_item_lost_its_share_of_the_whole_visit() -> None:
    lost = {item.code: item.points_lost for item in items_of(break_down(visit(MOCKED_UP)))}

    assert (lost["S06.P1"], lost["S06.A1"], lost["S06.A3"]) == (625, 833, 0)


def test_a_situation_names_the_vetoes_that_took_it() -> None:
    breakdown = break_down(
        visit("""
            flow F2
            situation 6
              S06.A1 action 1 x 0 veto role
              S06.A2 action 1 x 0 veto flow
            flow F3
            situation 11
              S11.A1 action 1 x 1
            situation 12 led by teller
              S12.A1 action 1 x 1
        """)
    )

    assert [line.zeroed_by for line in situations_of(breakdown)] == [("S06.A1",), ("S06.A1",), ()]
    assert [flow.zeroed_by for flow in breakdown.flows] == [("S06.A2",), ()]
    assert [line.cost for line in breakdown.vetoes] == [2500, 0]


def test_the_cap_is_shown_even_where_it_costs_nothing() -> None:
    breakdown = break_down(visit("situation 6\n S06.A1 action 1 x 0 veto visit"))

    assert breakdown.cap is not None
    assert (breakdown.cap.vetoes, breakdown.cap.cap, breakdown.cap.cost) == (("S06.A1",), 5900, 0)


def test_without_a_failed_veto_of_the_visit_there_is_no_cap() -> None:
    assert break_down(visit("situation 6\n S06.A1 action 1 x 1 veto visit")).cap is None


def test_a_role_has_neither_range_nor_cap_nor_deductions() -> None:
    inspection = visit("situation 6\n S06.A1 action 1 x 0 veto visit\ndeduction forbidden_words 2.00")

    breakdown = break_down_role(inspection, "lobby_manager")

    assert (breakdown.low, breakdown.high, breakdown.deductions) == (None, None, ())
    assert breakdown.cap is None


def test_only_what_nobody_could_observe_widens_the_range() -> None:
    lines = break_down(
        visit(
            "\n".join(
                ["situation 6", *(f"S06.A{n} action 1 left out {why}" for n, why in enumerate(LeftOut))]
            )
        )
    ).left_out

    assert {line.reason for line in lines if line.widens_range} == {
        LeftOut.COULD_NOT_SEE_OR_HEAR,
        LeftOut.WOULD_HAVE_GIVEN_ME_AWAY,
        LeftOut.OTHER,
    }


def test_flows_stand_in_the_order_of_the_visit() -> None:
    breakdown = break_down(
        visit("""
            flow F3
            situation 11
              S11.A1 action 1 x 1
            flow F2
            situation 6
              S06.A1 action 1 x 1
            flow F3
            situation 12
              S12.A1 action 1 x 1
        """)
    )

    assert [[line.number for line in flow.situations] for flow in breakdown.flows] == [[11, 12], [6]]


def test_a_breakdown_names_the_version_of_its_rules_and_goes_into_a_document() -> None:
    written = json.loads(json.dumps(asdict(break_down(visit(MOCKED_UP))), default=str))

    assert written["rules_version"] == RULES_VERSION
    assert written["flows"][0]["situations"][0]["earned"] == "15/2"
