"""What an answer earns."""

from fractions import Fraction

import pytest

from checklists.scoring import (
    CountRule,
    Counts,
    Hearing,
    Response,
    Scale,
    credit_of_counts,
    credit_of_phrase,
    credit_of_response,
)


@pytest.mark.parametrize(
    ("response", "credit"), [(Response.MET, 1), (Response.PARTLY, Fraction(1, 2)), (Response.NOT_MET, 0)]
)
def test_a_response_earns_all_half_or_nothing(response: Response, credit: Fraction) -> None:
    assert credit_of_response(response) == credit


def test_a_recipe_moves_only_the_step_between_met_and_not_met() -> None:
    scale = Scale(partly=Fraction(2, 3), changed=Fraction(1, 3))

    assert [credit_of_response(response, scale) for response in Response] == [1, Fraction(2, 3), 0]


def test_a_phrase_earns_the_mean_of_its_elements() -> None:
    assert credit_of_phrase([Hearing.HEARD, Hearing.CHANGED, Hearing.MISSING, Hearing.MISSING]) == Fraction(
        3, 8
    )


def test_a_phrase_takes_the_recipes_step_for_changed_elements_not_that_for_partly() -> None:
    scale = Scale(partly=Fraction(9, 10), changed=Fraction(1, 5))

    assert credit_of_phrase([Hearing.CHANGED], scale) == Fraction(1, 5)


def test_a_phrase_without_elements_cannot_be_credited() -> None:
    with pytest.raises(ValueError, match="at least one element"):
        credit_of_phrase([])


def test_counted_people_earn_their_mean() -> None:
    assert credit_of_counts(Counts(met=4, partly=1, not_met=1), CountRule.MEAN) == Fraction(3, 4)


@pytest.mark.parametrize("short", [Counts(met=4, partly=1, not_met=0), Counts(met=4, partly=0, not_met=1)])
def test_where_all_must_meet_it_one_who_falls_short_takes_the_whole_credit(short: Counts) -> None:
    assert credit_of_counts(short, CountRule.ALL) == 0


def test_where_all_must_meet_it_and_all_do_the_credit_is_full() -> None:
    assert credit_of_counts(Counts(met=3, partly=0, not_met=0), CountRule.ALL) == 1


@pytest.mark.parametrize("rule", CountRule)
def test_where_nobody_was_observed_there_is_no_credit(rule: CountRule) -> None:
    assert credit_of_counts(Counts(met=0, partly=0, not_met=0), rule) is None


def test_a_count_below_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody counts -1"):
        Counts(met=-1, partly=0, not_met=3)


@pytest.mark.parametrize("step", [Fraction(-1, 2), Fraction(3, 2)])
def test_a_scale_outside_none_and_full_is_refused(step: Fraction) -> None:
    with pytest.raises(ValueError, match="for changed"):
        Scale(changed=step)
