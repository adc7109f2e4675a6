"""How far a form is filled in."""

from hypothesis import given

from checklists.answers import FaultCode
from checklists.progress import Progress, find_progress
from checklists.scoring import Gate
from tests.checklists.editions import made_up_checklist
from tests.checklists.filling import Fields, full_fields, plausible_fields, read

CHECKLIST = made_up_checklist(flows=(), situations=(6, 16))  # S16: P1 A1 A2; S06: P1 A1 A2 D1
EVERYTHING = made_up_checklist()


def progress(fields: Fields) -> Progress:
    """Return how far a form of the two situations is filled in."""
    answers, faults = read(CHECKLIST, fields)
    return find_progress(CHECKLIST, answers, faults)


def test_an_untouched_form_asks_for_every_item_and_gate_and_starts_at_the_first_gate() -> None:
    found = progress({})

    assert (found.items, found.answered, found.open_questions) == (7, 0, 9)
    assert found.first_open is not None
    assert found.first_open.name == "S16.gate"
    assert not any(section.is_begun for section in found.sections)


def test_a_full_form_is_complete() -> None:
    found = progress(full_fields(CHECKLIST))

    assert found.is_complete
    assert (found.items, found.answered, found.open_questions, found.first_open) == (7, 7, 0, None)


def test_a_phrase_that_lacks_two_elements_is_one_open_question() -> None:
    found = progress(full_fields(CHECKLIST) | {"S06.P1.el0": "", "S06.P1.el1": "", "S06.role": ""})

    section = found.sections[1]
    assert (section.code, section.items, section.answered, section.open_questions) == ("S06", 4, 3, 2)
    assert [gap.name for gap in section.gaps] == ["S06.role", "S06.P1.el0", "S06.P1.el1"]


def test_it_goes_on_at_the_first_open_field() -> None:
    found = progress(full_fields(CHECKLIST) | {"S16.A2": "", "S06.A1": ""})

    assert found.first_open is not None
    assert (found.first_open.name, found.first_open.code) == ("S16.A2", FaultCode.MISSING)


def test_what_did_not_occur_asks_nothing_more() -> None:
    found = progress(
        full_fields(CHECKLIST) | {"S06.gate": "did_not_occur", "S06.gate_reason": "not_this_branch"}
    )

    assert (found.items, found.answered) == (3, 3)
    assert found.sections[1].gate is Gate.DID_NOT_OCCUR
    assert found.is_complete


def test_delivery_of_words_that_were_not_said_is_not_counted() -> None:
    found = progress(
        full_fields(CHECKLIST) | {"S06.P1.el0": "missing", "S06.P1.el1": "missing", "S06.D1": ""}
    )

    assert (found.items, found.answered, found.is_complete) == (6, 6, True)


def test_a_contradiction_keeps_the_form_back_though_nothing_is_missing() -> None:
    found = progress(full_fields(CHECKLIST) | {"S06.P1": "left_out", "S06.P1.left": "could_not_see_or_hear"})

    assert [fault.name for fault in found.sections[1].wrong] == ["S06.P1"]
    assert found.sections[1].gaps == ()
    assert not found.is_complete


def test_words_missing_from_a_deduction_are_an_open_question_of_their_own() -> None:
    found = progress(full_fields(CHECKLIST) | {"deduction.forbidden_words": "yes"})

    assert [fault.name for fault in found.others] == ["deduction.forbidden_words.words"]
    assert (found.open_questions, found.is_complete) == (1, False)


@given(plausible_fields(EVERYTHING))
def test_a_form_is_complete_exactly_when_it_has_no_fault_and_loses_none(fields: Fields) -> None:
    answers, faults = read(EVERYTHING, fields)

    found = find_progress(EVERYTHING, answers, faults)

    kept = [fault for section in found.sections for fault in (*section.gaps, *section.wrong)]
    assert sorted(map(str, [*kept, *found.others])) == sorted(map(str, faults))
    assert found.is_complete == (not faults)
    assert found.is_complete == (found.first_open is None)
    assert 0 <= found.answered <= found.items
