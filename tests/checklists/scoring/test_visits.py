"""The score of a visit: what holds for every visit, and the corners of the rules."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checklists.handbook import Kind
from checklists.scoring import (
    BRANCH,
    UNOBSERVED,
    CreditedInspection,
    CreditedItem,
    CreditedSection,
    Deduction,
    Gate,
    LeftOut,
    VetoScope,
    define_score,
    round_half_up,
    score,
)
from checklists.scoring.narrowing import led_by, of_kind, served_by
from tests.checklists.scoring.notation import visit
from tests.checklists.scoring.strategies import earned_credits, inspections, no_vetoes, weights


def with_items(
    inspection: CreditedInspection, change: Callable[[CreditedItem], CreditedItem]
) -> CreditedInspection:
    """Return the visit with every item changed."""
    changed = tuple(
        replace(section, items=tuple(change(item) for item in section.items))
        for section in inspection.sections
    )
    return replace(inspection, sections=changed)


@settings(deadline=None, max_examples=300)
@given(inspections())
def test_whole_numbers_and_fractions_make_the_same_scores(inspection: CreditedInspection) -> None:
    assert score(inspection, par=7840) == define_score(inspection, par=7840)


@settings(deadline=None)
@given(inspections(), st.randoms(use_true_random=False))
def test_the_order_of_sections_and_items_changes_nothing(
    inspection: CreditedInspection, random: Random
) -> None:
    shuffled = [
        replace(section, items=tuple(random.sample(section.items, len(section.items))))
        for section in inspection.sections
    ]
    random.shuffle(shuffled)

    assert score(replace(inspection, sections=tuple(shuffled))) == score(inspection)


@settings(deadline=None, max_examples=300)
@given(inspections())
def test_the_score_lies_within_its_range(inspection: CreditedInspection) -> None:
    scores = score(inspection)

    assume(scores.visit is not None)
    assert scores.low is not None
    assert scores.visit is not None
    assert scores.high is not None
    assert 0 <= scores.low <= scores.visit <= scores.high <= 10_000


@settings(deadline=None)
@given(inspections())
def test_where_everything_could_be_observed_the_range_is_the_score(inspection: CreditedInspection) -> None:
    seen = with_items(
        inspection,
        lambda item: replace(item, left_out=LeftOut.NOT_THIS_BRANCH) if item.left_out in UNOBSERVED else item,
    )

    scores = score(seen)

    assert scores.low == scores.visit == scores.high


@settings(deadline=None)
@given(inspections(), st.data())
def test_a_higher_credit_never_lowers_a_visit(inspection: CreditedInspection, data: st.DataObject) -> None:
    answered = [
        item
        for section in inspection.sections
        if section.gate is Gate.OCCURRED
        for item in section.items
        if item.credit is not None
    ]
    assume(answered)
    chosen = data.draw(st.sampled_from(answered))
    higher = data.draw(
        earned_credits.filter(lambda credit: chosen.credit is not None and credit >= chosen.credit)
    )

    raised = with_items(inspection, lambda item: replace(item, credit=higher) if item is chosen else item)

    before, after = score(inspection), score(raised)
    assert before.visit is not None
    assert after.visit is not None
    assert after.visit >= before.visit
    assert all(after.situations[number] >= points for number, points in before.situations.items())
    assert all(after.flows[code] >= points for code, points in before.flows.items())
    assert all(after.roles[role] >= points for role, points in before.roles.items())


@settings(deadline=None)
@given(inspections())
def test_a_veto_never_raises_a_score(inspection: CreditedInspection) -> None:
    without = score(with_items(inspection, lambda item: replace(item, veto=None)))
    scores = score(inspection)

    assert (scores.visit is None) == (without.visit is None)
    assert (scores.visit or 0) <= (without.visit or 0)
    assert scores.situations.keys() == without.situations.keys()
    assert all(points <= without.roles[role] for role, points in scores.roles.items())
    assert (scores.action, scores.phrase, scores.delivery) == (
        without.action,
        without.phrase,
        without.delivery,
    )


@settings(deadline=None)
@given(inspections(), weights)
def test_only_the_proportions_of_weights_count(inspection: CreditedInspection, factor: Fraction) -> None:
    heavier = replace(
        inspection,
        sections=tuple(
            replace(
                section,
                flow_weight=section.flow_weight * factor,
                situation_weight=section.situation_weight * factor,
                items=tuple(replace(item, weight=item.weight * factor) for item in section.items),
            )
            for section in inspection.sections
        ),
    )

    assert score(heavier) == score(inspection)


@settings(deadline=None)
@given(inspections(), st.integers(0, 12_000))
def test_a_deduction_takes_its_points_and_never_more_than_are_left(
    inspection: CreditedInspection, points: int
) -> None:
    before = score(inspection)
    deductions = (*inspection.deductions, Deduction("forbidden_words", points))

    after = score(replace(inspection, deductions=deductions))

    assume(before.visit is not None)
    assert before.visit is not None
    assert after.visit == max(0, before.visit - points)
    assert (after.flows, after.roles, after.action) == (before.flows, before.roles, before.action)


@settings(deadline=None)
@given(inspections())
def test_leaving_everything_out_makes_every_score_undefined(inspection: CreditedInspection) -> None:
    occurred = tuple(
        section if section.gate is Gate.DID_NOT_OCCUR else replace(section, gate=Gate.OCCURRED)
        for section in inspection.sections
    )
    nothing = with_items(
        replace(inspection, sections=occurred),
        lambda item: replace(item, credit=None, left_out=item.left_out or LeftOut.NOT_SAID),
    )

    scores = score(nothing)

    assert scores.visit is None
    assert (scores.flows, scores.situations, scores.roles, scores.accountable) == ({}, {}, {}, {})
    assert (scores.action, scores.phrase, scores.delivery, scores.condition) == (None, None, None, None)
    assert scores.vetoes_failed == 0


@settings(deadline=None)
@given(inspections())
def test_a_role_scores_what_a_visit_of_its_sections_alone_would(inspection: CreditedInspection) -> None:
    scores = score(inspection)

    assert scores.roles == {role: score(served_by(inspection, role)).visit for role in scores.roles}
    assert scores.accountable == {role: score(led_by(inspection, role)).visit for role in scores.accountable}


@settings(deadline=None)
@given(inspections())
def test_a_kind_scores_what_a_visit_of_its_items_alone_would(inspection: CreditedInspection) -> None:
    scores = score(inspection)

    assert scores.action == score(of_kind(inspection, Kind.ACTION)).visit
    assert scores.phrase == score(of_kind(inspection, Kind.PHRASE)).visit
    assert scores.delivery == score(of_kind(inspection, Kind.DELIVERY)).visit
    assert scores.condition == score(of_kind(inspection, Kind.CONDITION)).visit


@settings(deadline=None)
@given(inspections(scopes=no_vetoes, most_deductions=0))
def test_a_score_is_the_mean_of_what_it_is_made_of(inspection: CreditedInspection) -> None:
    scores = score(inspection)

    assume(scores.visit is not None)
    assert scores.visit is not None
    assert min(scores.flows.values()) <= scores.visit <= max(scores.flows.values())
    assert min(scores.situations.values()) <= scores.visit <= max(scores.situations.values())


@settings(deadline=None)
@given(inspections())
def test_nobody_acted_and_did_not_occur_are_never_one_answer(inspection: CreditedInspection) -> None:
    scores = score(inspection)

    for section in inspection.sections:
        if section.gate is Gate.NOBODY_ACTED:
            assert scores.situations[section.situation] == 0
        if section.gate is Gate.DID_NOT_OCCUR:
            assert section.situation not in scores.situations


def test_an_empty_visit_is_undefined() -> None:
    scores = score(visit(""))

    assert (scores.visit, scores.low, scores.high, scores.vetoes_failed) == (None, None, None, 0)


def test_a_deduction_alone_does_not_define_a_score() -> None:
    assert score(visit("deduction forbidden_words 2.00")).visit is None


def test_two_vetoes_of_a_visit_cap_it_once_and_count_twice() -> None:
    scores = score(
        visit("""
            situation 6
              S06.A1 action 1 x 0 veto visit
              S06.A2 action 1 x 0 veto visit
              S06.A3 action 8 x 1
        """)
    )

    assert (scores.visit, scores.vetoes_failed) == (5900, 2)


def test_a_veto_left_out_acts_nowhere() -> None:
    scores = score(
        visit("""
            situation 6
              S06.A1 action 1 left out could_not_see_or_hear veto role
              S06.A2 action 1 x 1
            situation 7
              S07.A1 action 1 x 1
        """)
    )

    assert (scores.visit, scores.low, scores.high) == (10_000, 7500, 10_000)


def test_vetoes_act_where_nobody_acted() -> None:
    scores = score(
        visit("""
            situation 6 nobody acted
              S06.A1 action 1 x 0 veto visit
            flow F2 weight 9
            situation 7
              S07.A1 action 1 x 1
        """)
    )

    assert (scores.visit, scores.vetoes_failed) == (5900, 1)


def test_a_role_veto_takes_the_leads_situations_in_every_flow_and_spares_the_rest() -> None:
    scores = score(
        visit("""
            flow F2
            situation 6 led by lobby_manager
              S06.A1 action 1 x 0 veto role
            flow F3
            situation 11 led by lobby_manager served by teller
              S11.A1 action 1 x 1
            situation 12 led by teller served by lobby_manager
              S12.A1 action 1 x 1
        """)
    )

    assert scores.situations == {6: 0, 11: 0, 12: 10_000}
    assert scores.roles == {"lobby_manager": 5000, "teller": 10_000}
    assert scores.accountable == {"lobby_manager": 0, "teller": 10_000}


def test_a_flow_veto_counts_for_the_role_in_whose_section_it_stands() -> None:
    scores = score(
        visit("""
            flow F2
            situation 6 served by teller
              S06.A1 action 1 x 0 veto flow
            situation 7 served by teller
              S07.A1 action 1 x 1
            situation 8
              S08.A1 action 1 x 1
        """)
    )

    assert scores.flows == {"F2": 0}
    assert scores.roles == {"lobby_manager": 10_000, "teller": 0}


def test_a_flow_left_out_is_shared_out_among_the_other_flows() -> None:
    scores = score(
        visit("""
            flow F2 weight 5
            situation 6 did not occur
              S06.A1 action 1 left out did_not_occur
            flow F3 weight 1
            situation 11
              S11.A1 action 1 x 1/2
            flow F4 weight 3
            situation 16
              S16.A1 action 1 x 1
        """)
    )

    assert (scores.visit, scores.flows) == (8750, {"F3": 5000, "F4": 10_000})


def test_a_range_reaches_into_a_flow_that_nothing_was_answered_in() -> None:
    scores = score(
        visit("""
            flow F2
            situation 6
              S06.A1 action 1 x 1
            flow F3
            situation 11
              S11.A1 action 1 left out could_not_see_or_hear
        """)
    )

    assert (scores.low, scores.visit, scores.high) == (5000, 10_000, 10_000)


def test_a_cap_and_deductions_hold_for_the_range_too() -> None:
    scores = score(
        visit("""
            cap 60.00
            situation 6
              S06.A1 action 1 x 0 veto visit
              S06.A2 action 1 x 1
              S06.A3 action 2 left out other
            deduction forbidden_words 2.00
        """)
    )

    assert (scores.low, scores.visit, scores.high) == (2300, 4800, 5800)


def test_standing_premises_count_for_the_branch() -> None:
    scores = score(
        visit("""
            flow E standing
            situation 901 led by branch
              E01.C1 condition 2 x 1/2
            situation 902 led by branch
              E02.C1 condition 1 x 1
            flow F2
            situation 6
              S06.A1 action 1 x 1
        """)
    )

    assert scores.roles == {BRANCH: 7500, "lobby_manager": 10_000}
    assert (scores.condition, scores.visit) == (7500, 8750)


def test_half_a_hundredth_rounds_up() -> None:
    assert score(visit("situation 6\n S06.A1 action 1 x 1/20000")).visit == 1


def test_just_below_half_a_hundredth_rounds_down() -> None:
    assert score(visit("situation 6\n S06.A1 action 1 x 1/20001")).visit == 0


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), 0),
        (Fraction(-3, 2), -1),
        (Fraction(5, 2), 3),
        (Fraction(2, 3), 1),
    ],
)
def test_a_half_goes_up_below_zero_too(value: Fraction, rounded: int) -> None:
    assert round_half_up(value) == rounded


def test_over_par_is_undefined_without_a_par_or_a_score() -> None:
    answered = visit("situation 6\n S06.A1 action 1 x 1")

    assert score(answered).over_par is None
    assert score(visit(""), par=5000).over_par is None
    assert score(answered, par=10_000).over_par == 0


def test_only_vetoes_of_scope_visit_are_counted() -> None:
    section = visit("situation 6\n S06.A1 action 1 x 0").sections[0]

    counted = {scope: score(vetoed(section, scope)).vetoes_failed for scope in VetoScope}

    assert counted == {VetoScope.SITUATION: 0, VetoScope.ROLE: 0, VetoScope.FLOW: 0, VetoScope.VISIT: 1}


def vetoed(section: CreditedSection, scope: VetoScope) -> CreditedInspection:
    """Return a visit of one section whose items are vetoes of this scope."""
    return CreditedInspection(
        (replace(section, items=tuple(replace(item, veto=scope) for item in section.items)),), (), 5900
    )
