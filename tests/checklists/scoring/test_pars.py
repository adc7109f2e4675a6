"""Pars: what a set of situations scores on average."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checklists.scoring import (
    CreditedInspection,
    FlowParLine,
    MissingParError,
    SituationParLine,
    accountable_pars,
    break_down_par,
    restated_pars,
    role_pars,
    score,
    served_by,
    situation_pars,
    visit_par,
)
from tests.checklists.scoring.notation import visit
from tests.checklists.scoring.strategies import earned_credits, inspections, no_vetoes, vetoes

stored = st.lists(st.dictionaries(st.integers(1, 6), st.integers(0, 10_000)), max_size=8)


def same_situations(
    inspection: CreditedInspection, data: st.DataObject, visits: int
) -> list[CreditedInspection]:
    """Return visits that hold the same answered items with other credits."""
    return [
        replace(
            inspection,
            sections=tuple(
                replace(
                    section,
                    items=tuple(
                        item
                        if not item.credit
                        else replace(item, credit=data.draw(earned_credits.filter(bool)))
                        for item in section.items
                    ),
                )
                for section in inspection.sections
            ),
        )
        for _ in range(visits)
    ]


def test_a_par_is_the_exact_mean_of_stored_scores() -> None:
    assert situation_pars([{6: 10_000, 7: 1}, {6: 0}, {6: 0}]) == {6: Fraction(10_000, 3), 7: 1}


def test_without_visits_there_are_no_pars() -> None:
    assert situation_pars([]) == {}


@given(stored)
def test_a_par_lies_between_the_lowest_and_the_highest_score(counting: list[dict[int, int]]) -> None:
    for number, par in situation_pars(counting).items():
        points = [situations[number] for situations in counting if number in situations]

        assert min(points) <= par <= max(points)


@given(stored, stored)
def test_a_restatement_changes_no_frozen_par_and_adds_what_is_missing(
    first: list[dict[int, int]], second: list[dict[int, int]]
) -> None:
    frozen = situation_pars(first)

    restated = restated_pars(frozen, second)

    assert {number: restated[number] for number in frozen} == frozen
    assert {number: restated[number] for number in restated if number not in frozen} == {
        number: par for number, par in situation_pars(second).items() if number not in frozen
    }


@settings(deadline=None)
@given(inspections(), st.fractions(0, 10_000))
def test_where_all_pars_are_equal_so_is_the_visits(inspection: CreditedInspection, par: Fraction) -> None:
    pars = dict.fromkeys(score(inspection).situations, par)

    found = visit_par(inspection, pars)

    assume(pars)
    assert found is not None
    assert abs(found - par) <= Fraction(1, 2)


@settings(deadline=None)
@given(inspections(scopes=no_vetoes, most_deductions=0))
def test_a_visit_whose_pars_are_its_own_scores_stands_at_par(inspection: CreditedInspection) -> None:
    scores = score(inspection)

    par = visit_par(inspection, situation_pars([scores.situations]))

    assert (par is None) == (scores.visit is None)
    assert abs((par or 0) - (scores.visit or 0)) <= 1


@settings(deadline=None)
@given(inspections(scopes=vetoes))
def test_a_par_knows_no_vetoes_no_cap_and_no_deductions(inspection: CreditedInspection) -> None:
    pars = dict.fromkeys(score(inspection).situations, Fraction(7000))

    assert visit_par(inspection, pars) in (7000, None)


@settings(deadline=None, max_examples=50)
@given(inspections(scopes=no_vetoes, most_deductions=0), st.data(), st.integers(2, 6))
def test_over_a_wave_of_one_set_visits_stand_at_par_on_average(
    inspection: CreditedInspection, data: st.DataObject, visits: int
) -> None:
    wave = same_situations(inspection, data, visits)
    scored = [score(one) for one in wave]
    pars = situation_pars(scores.situations for scores in scored)

    over = [score(one, par=visit_par(one, pars)).over_par for one in wave]

    assume(all(points is not None for points in over))
    assert abs(Fraction(sum(points for points in over if points is not None), visits)) <= Fraction(3, 2)


@settings(deadline=None)
@given(inspections())
def test_a_role_has_a_par_exactly_where_it_has_a_score(inspection: CreditedInspection) -> None:
    scores = score(inspection)
    pars = situation_pars([scores.situations])

    assert role_pars(inspection, pars).keys() == scores.roles.keys()
    assert accountable_pars(inspection, pars).keys() == scores.accountable.keys()


@settings(deadline=None)
@given(inspections())
def test_a_roles_par_is_that_of_a_visit_of_its_sections_alone(inspection: CreditedInspection) -> None:
    pars = situation_pars([score(inspection).situations])

    for role, par in role_pars(inspection, pars).items():
        assert par == visit_par(served_by(inspection, role), pars)


def test_a_veto_stands_in_the_par_by_the_scores_that_it_made() -> None:
    failed = visit("situation 6\n S06.A1 action 1 x 0 veto situation\n S06.A2 action 1 x 1")
    met = visit("situation 6\n S06.A1 action 1 x 1 veto situation\n S06.A2 action 1 x 1")

    pars = situation_pars([score(failed).situations, score(met).situations])

    assert (pars, visit_par(failed, pars)) == ({6: Fraction(5000)}, 5000)


def test_a_visit_of_which_nothing_was_answered_has_no_par() -> None:
    assert visit_par(visit("situation 6\n S06.A1 action 1 left out other"), {}) is None


def test_a_par_that_is_missing_is_named() -> None:
    answered = visit("situation 6\n S06.A1 action 1 x 1\nsituation 7\n S07.A1 action 1 x 1")

    with pytest.raises(MissingParError, match="no par for situation 7"):
        visit_par(answered, {6: Fraction(5000)})


def test_half_a_hundredth_of_a_par_rounds_up() -> None:
    answered = visit("situation 6\n S06.A1 action 1 x 1")

    assert visit_par(answered, {6: Fraction(14001, 2)}) == 7001


@settings(deadline=None)
@given(inspections())
def test_a_par_breaks_down_to_the_par_that_is_stored(inspection: CreditedInspection) -> None:
    scores = score(inspection)
    pars = situation_pars([scores.situations])

    breakdown = break_down_par(inspection, pars)

    assert breakdown.par == visit_par(inspection, pars)
    assert {line.number for flow in breakdown.flows for line in flow.situations} == scores.situations.keys()


def test_a_par_shows_the_pars_and_weights_that_it_is_the_mean_of() -> None:
    inspection = visit("""
        flow F2 weight 2
        situation 6 weight 3
          S06.A1 action 1 x 1
        situation 7
          S07.A1 action 1 x 0
        flow F3
        situation 11
          S11.A1 action 1 left out other
    """)

    breakdown = break_down_par(inspection, {6: Fraction(9000), 7: Fraction(5001)})

    lines = (
        SituationParLine(6, Fraction(3), Fraction(9000)),
        SituationParLine(7, Fraction(1), Fraction(5001)),
    )
    assert breakdown.flows == (FlowParLine("F2", Fraction(2), lines, Fraction(32001, 4)),)
    assert breakdown.par == 8000
