"""From what was filled in to what is scored."""

from fractions import Fraction

import pytest
from hypothesis import given

from checklists.checklist import Checklist, DeductionRule
from checklists.crediting import AnswersError, credit
from checklists.filled import Answers, DeductionAnswer
from checklists.scoring import CreditedItem, CreditedSection, Gate, LeftOut, Scale, VetoScope, score
from tests.checklists.editions import made_up_checklist, text
from tests.checklists.filling import Fields, full_fields, plausible_fields, read

CHECKLIST = made_up_checklist()
SHORT = made_up_checklist(flows=(), situations=(6,))
STANDING = made_up_checklist(flows=(), situations=(901,))


def section_of(checklist: Checklist, **changes: str) -> CreditedSection:
    """Return the first section as it is scored, filled in full but for the fields changed."""
    code = checklist.sections[0].code
    fields = full_fields(checklist) | {
        f"{code}.{key.replace('_', '.')}": value for key, value in changes.items()
    }
    answers, faults = read(checklist, fields)
    assert not faults
    return credit(checklist, answers).sections[0]


def item(section: CreditedSection, code: str) -> CreditedItem:
    """Return one item as it is scored."""
    return next(item for item in section.items if item.code == code)


def test_a_full_form_earns_full_credit_everywhere() -> None:
    answers, _ = read(CHECKLIST, full_fields(CHECKLIST))

    inspection = credit(CHECKLIST, answers)

    assert {item.credit for section in inspection.sections for item in section.items} == {1}
    assert score(inspection).visit == 10_000


def test_a_section_carries_weights_role_and_veto_into_the_score() -> None:
    section = section_of(SHORT, role="security_guard")

    assert (section.flow, section.situation, section.gate) == ("F2", 6, Gate.OCCURRED)
    assert (section.role, section.lead) == ("security_guard", "lobby_manager")
    assert item(section, "S06.A1").veto is VetoScope.SITUATION
    assert item(section, "S06.A2").weight == Fraction(3, 2)


def test_partly_earns_what_the_recipes_scale_says() -> None:
    generous = made_up_checklist(flows=(), situations=(6,), scale=Scale(partly=Fraction(2, 3)))

    assert item(section_of(generous, A1="partly"), "S06.A1").credit == Fraction(2, 3)


def test_a_phrase_earns_the_mean_of_its_elements() -> None:
    assert item(section_of(SHORT, P1_el0="missing", P1_el1="changed"), "S06.P1").credit == Fraction(1, 4)


def test_people_earn_their_mean_or_all_or_nothing_as_the_recipe_says() -> None:
    section = section_of(STANDING, C1_of="4", C1_met="2", C1_partly="1", C2_of="4", C2_met="3")

    assert item(section, "E01.C1").credit == Fraction(5, 8)
    assert item(section, "E01.C2").credit == 0


def test_what_is_left_out_has_its_reason_and_no_credit() -> None:
    found = item(section_of(SHORT, A1="left_out", A1_left="would_have_given_me_away"), "S06.A1")

    assert (found.credit, found.left_out) == (None, LeftOut.WOULD_HAVE_GIVEN_ME_AWAY)


def test_nobody_there_to_be_counted_is_left_out() -> None:
    found = item(section_of(STANDING, C1_of="0", C1_met="", C1_left="not_this_branch"), "E01.C1")

    assert (found.credit, found.left_out) == (None, LeftOut.NOT_THIS_BRANCH)


def test_where_nothing_was_said_delivery_is_left_out_as_not_said() -> None:
    found = item(section_of(SHORT, P1_el0="missing", P1_el1="missing"), "S06.D1")

    assert (found.credit, found.left_out) == (None, LeftOut.NOT_SAID)


def test_where_nobody_acted_every_item_has_no_credit_and_the_lead_answers_for_it() -> None:
    section = section_of(SHORT, gate="nobody_acted")

    assert section.role == "lobby_manager"
    assert {item.credit for item in section.items} == {0}


def test_where_it_did_not_occur_every_item_is_left_out_and_no_role_served() -> None:
    answers, faults = read(SHORT, {"S06.gate": "did_not_occur", "S06.gate_reason": "not_this_branch"})
    assert not faults

    section = credit(SHORT, answers).sections[0]

    assert section.role is None
    assert {item.left_out for item in section.items} == {LeftOut.DID_NOT_OCCUR}


def test_conduct_costs_what_the_checklist_says() -> None:
    dear = made_up_checklist(deductions=(DeductionRule("shouting", text("争吵"), 350),))
    answers, _ = read(
        dear, full_fields(dear) | {"deduction.shouting": "yes", "deduction.shouting.words": "你等着"}
    )

    assert score(credit(dear, answers)).visit == 9_650


def without(name: str) -> Fields:
    """Return a full form without one field."""
    return {field: value for field, value in full_fields(SHORT).items() if field != name}


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("S06.gate", "section S06: the gate is not answered"),
        ("S06.role", "section S06: it is not said who served"),
        ("S06.A1", "item S06.A1 is not answered"),
        ("S06.P1.el1", "item S06.P1 is not answered"),
    ],
)
def test_what_is_not_answered_is_never_scored(missing: str, sentence: str) -> None:
    answers, _ = read(SHORT, without(missing))

    with pytest.raises(AnswersError) as error:
        credit(SHORT, answers)

    assert str(error.value) == sentence


def test_answers_to_another_checklist_are_refused() -> None:
    answers, _ = read(SHORT, full_fields(SHORT))

    with pytest.raises(AnswersError, match="deduction smoking is not on this checklist"):
        credit(SHORT, Answers(answers.sections, (DeductionAnswer("smoking"),)))
    with pytest.raises(AnswersError, match="section E01: the gate is not answered"):
        credit(STANDING, answers)


@given(plausible_fields(CHECKLIST))
def test_what_has_no_fault_can_be_scored_and_what_has_gaps_cannot(fields: Fields) -> None:
    answers, faults = read(CHECKLIST, fields)

    if any(fault.is_gap and not fault.name.endswith(("gate_reason", "words")) for fault in faults):
        with pytest.raises(AnswersError):
            credit(CHECKLIST, answers)
    elif not faults:
        score(credit(CHECKLIST, answers))
