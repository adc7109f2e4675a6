"""The one reader of what was filled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.answers import (
    Answer,
    Answers,
    Arity,
    DeductionAnswer,
    FaultCode,
    FieldName,
    asked_items,
    names,
    parse,
    posted_fields,
)
from checklists.files.answers_json import answers_document, read_answers
from checklists.json_values import DocumentError, compact_json
from checklists.scoring import Counts, Gate, Hearing, LeftOut, Response
from tests.checklists.editions import made_up_checklist
from tests.checklists.filling import Fields, faults_of, full_fields, plausible_fields, postings, read

CHECKLIST = made_up_checklist()
SHORT = made_up_checklist(flows=(), situations=(6,))  # S06: P1 (two elements), A1, A2, D1
STANDING = made_up_checklist(flows=(), situations=(901,))  # E01: C1, C2, C3, each of several people


def short(**changes: str | list[str]) -> Fields:
    """Return situation 6 filled in full, with fields changed: `A1_why` stands for `S06.A1.why`."""
    fields = full_fields(SHORT)
    for key, value in changes.items():
        code, _, part = key.partition("_")
        fields[f"S06.{code}.{part}" if part and code[0] in "APD" else f"S06.{key}"] = value
    return fields


def answer(fields: Fields, code: str) -> Answer | None:
    """Return what was read of one item."""
    answers, _ = read(SHORT, fields)
    return next((one for one in answers.sections[0].answers if one.item == code), None)


def test_the_names_of_a_section_are_those_that_page_and_phone_share() -> None:
    section = made_up_checklist(flows=(), situations=(1,), roles=()).sections[0]

    found = [field.name for field in names(section)]

    assert found[:4] == ["S01.gate", "S01.gate_reason", "S01.gate_words", "S01.role"]
    assert found[4:9] == ["S01.A1", "S01.A1.why", "S01.A1.words", "S01.A1.left", "S01.A1.photos"]
    assert found[-8:-4] == ["S01.A9", "S01.A9.of", "S01.A9.met", "S01.A9.partly"]


def test_a_phrase_has_a_field_for_each_element() -> None:
    assert [field for field in names(SHORT.sections[0]) if field.name.startswith("S06.P1.e")] == [
        FieldName("S06.P1.el0", Arity.ONE),
        FieldName("S06.P1.el1", Arity.ONE),
    ]


def test_a_standing_section_has_no_gate() -> None:
    assert not [field.name for field in names(STANDING.sections[0]) if "gate" in field.name]


def test_a_full_form_has_no_fault() -> None:
    assert faults_of(CHECKLIST, full_fields(CHECKLIST)) == []


def test_a_full_form_says_who_served_and_what_was_met() -> None:
    answers, _ = read(SHORT, short(A1="partly", A1_why=["2", "0"], A1_words="隔着柜台", P1_el1="changed"))

    section = answers.sections[0]
    assert (section.situation, section.gate, section.role) == (6, Gate.OCCURRED, "lobby_manager")
    assert section.answers == (
        Answer("S06.P1", elements=(Hearing.HEARD, Hearing.CHANGED)),
        Answer("S06.A1", response=Response.PARTLY, shortfalls=(0, 2), words="隔着柜台"),
        Answer("S06.A2", response=Response.MET),
        Answer("S06.D1", response=Response.MET),
    )


def test_fields_may_come_with_the_time_they_were_answered_which_is_not_kept() -> None:
    timed = [(name, value, "2026-09-01T09:00:00Z") for name, value in full_fields(SHORT).items()]

    assert parse(SHORT, timed) == read(SHORT, full_fields(SHORT))


@pytest.mark.parametrize("empty", ["S06.A1", "S06.P1.el1", "S06.role", "S06.gate"])
def test_what_is_not_answered_is_missing(empty: str) -> None:
    fields = full_fields(SHORT)
    fields[empty] = ""

    assert faults_of(SHORT, fields) == [(empty, FaultCode.MISSING)]


def test_an_empty_form_misses_every_gate_and_every_standing_item_but_nothing_below_a_gate() -> None:
    checklist = made_up_checklist(flows=(), situations=(901, 6, 16))

    assert [name for name, _ in faults_of(checklist, {})] == [
        "E01.C1.of", "E01.C1.met", "E01.C2.of", "E01.C2.met", "E01.C3.of", "E01.C3.met",
        "S16.gate", "S06.gate",
    ]  # fmt: skip


def test_answers_below_a_gate_that_is_not_answered_yet_are_kept() -> None:
    answers, _ = read(SHORT, {"S06.A1": "met"})

    assert answers.sections[0].answers == (Answer("S06.A1", response=Response.MET),)


def test_nobody_acted_needs_nothing_else() -> None:
    answers, faults = read(SHORT, {"S06.gate": "nobody_acted"})

    assert not faults
    assert answers.sections[0].gate is Gate.NOBODY_ACTED
    assert answers.sections[0].role is None


def test_what_was_answered_before_the_gate_closed_is_dropped() -> None:
    answers, faults = read(SHORT, short(gate="nobody_acted", A1="nonsense"))

    assert not faults
    assert answers.sections[0].answers == ()


def test_what_did_not_occur_needs_a_reason() -> None:
    assert faults_of(SHORT, short(gate="did_not_occur")) == [("S06.gate_reason", FaultCode.MISSING_REASON)]
    assert faults_of(SHORT, short(gate="did_not_occur", gate_reason="not_this_branch")) == []


def test_another_reason_needs_words() -> None:
    fields = short(gate="did_not_occur", gate_reason="other")

    assert faults_of(SHORT, fields) == [("S06.gate_words", FaultCode.MISSING_WORDS)]
    assert faults_of(SHORT, fields | {"S06.gate_words": "停电"}) == []


def test_who_served_is_one_of_those_who_may() -> None:
    assert faults_of(SHORT, short(role="teller")) == [("S06.role", FaultCode.INVALID)]


def test_where_only_one_role_can_serve_it_need_not_be_said() -> None:
    checklist = made_up_checklist(flows=(), situations=(11,))
    fields = {name: value for name, value in full_fields(checklist).items() if name != "S11.role"}

    answers, faults = read(checklist, fields)

    assert not faults
    assert answers.sections[0].role == "teller"


def test_a_standing_section_occurred_and_is_the_leads() -> None:
    answers, faults = read(STANDING, full_fields(STANDING))

    assert not faults
    assert (answers.sections[0].gate, answers.sections[0].role) == (Gate.OCCURRED, "branch")


def test_an_item_that_is_left_out_needs_a_reason() -> None:
    assert faults_of(SHORT, short(A1="left_out")) == [("S06.A1.left", FaultCode.MISSING_REASON)]


def test_an_item_left_out_for_another_reason_needs_words() -> None:
    fields = short(A1="left_out", A1_left="other")

    assert faults_of(SHORT, fields) == [("S06.A1.words", FaultCode.MISSING_WORDS)]
    assert answer(fields | {"S06.A1.words": "有人挡着"}, "S06.A1") == Answer(
        "S06.A1", left_out=LeftOut.OTHER, words="有人挡着"
    )


def test_an_inspector_cannot_say_that_delivery_was_not_said() -> None:
    assert faults_of(SHORT, short(D1="left_out", D1_left="not_said")) == [("S06.D1.left", FaultCode.INVALID)]


def test_a_reason_that_was_chosen_before_the_item_was_answered_after_all_is_dropped() -> None:
    assert answer(short(A1="met", A1_left="other", A1_why=["1"]), "S06.A1") == Answer(
        "S06.A1", response=Response.MET
    )


def test_where_no_phrase_was_said_its_delivery_is_left_out_and_not_missed() -> None:
    fields = short(P1_el0="missing", P1_el1="missing", D1="")

    answers, faults = read(SHORT, fields)

    assert not faults
    assert answers.sections[0].answers[-1] == Answer("S06.D1", left_out=LeftOut.NOT_SAID)
    assert [item.code for item in asked_items(SHORT.sections[0], answers.sections[0])] == [
        "S06.P1", "S06.A1", "S06.A2",
    ]  # fmt: skip


def test_one_of_two_phrases_said_still_asks_for_delivery() -> None:
    checklist = made_up_checklist(flows=(), situations=(7,))
    fields = full_fields(checklist) | {"S07.P1.el0": "missing", "S07.P1.el1": "missing", "S07.D1": ""}

    assert faults_of(checklist, fields) == [("S07.D1", FaultCode.MISSING)]


def test_a_phrase_can_be_left_out_as_a_whole() -> None:
    fields = short(P1="left_out", P1_el0="", P1_el1="", P1_left="could_not_see_or_hear")

    assert faults_of(SHORT, fields) == []
    assert answer(fields, "S06.P1") == Answer("S06.P1", left_out=LeftOut.COULD_NOT_SEE_OR_HEAR)


def test_a_phrase_both_answered_and_left_out_contradicts_itself() -> None:
    fields = short(P1="left_out", P1_left="could_not_see_or_hear")

    assert faults_of(SHORT, fields) == [("S06.P1", FaultCode.CONTRADICTION)]


def standing(**changes: str) -> Fields:
    """Return the standing section filled in full, with fields of its first item changed."""
    return full_fields(STANDING) | {f"E01.C1.{key}": value for key, value in changes.items()}


def test_people_are_counted_as_met_partly_and_not() -> None:
    answers, faults = read(STANDING, standing(of="5", met="3", partly="1"))

    assert not faults
    assert answers.sections[0].answers[0].counts == Counts(met=3, partly=1, not_met=1)


def test_more_people_cannot_have_met_it_than_were_there() -> None:
    assert faults_of(STANDING, standing(of="3", met="3", partly="1")) == [
        ("E01.C1.met", FaultCode.CONTRADICTION)
    ]


def test_nobody_there_is_left_out_with_a_reason() -> None:
    fields = standing(of="0", met="")

    assert faults_of(STANDING, fields) == [("E01.C1.left", FaultCode.MISSING_REASON)]
    assert faults_of(STANDING, fields | {"E01.C1.left": "not_this_branch"}) == []


def test_nobody_there_and_one_who_met_it_contradict_each_other() -> None:
    fields = standing(of="0", met="1", left="not_this_branch")

    assert faults_of(STANDING, fields) == [("E01.C1", FaultCode.CONTRADICTION)]


@pytest.mark.parametrize("number", ["-1", "100", "1.5", "x", "３", "1" * 5000])
def test_people_are_a_whole_number_up_to_99(number: str) -> None:
    assert ("E01.C1.of", FaultCode.INVALID) in faults_of(STANDING, standing(of=number))


def test_how_many_people_there_were_must_be_said() -> None:
    assert faults_of(STANDING, standing(of="")) == [("E01.C1.of", FaultCode.MISSING)]


def test_words_of_500_signs_are_kept_and_one_more_is_too_long() -> None:
    assert faults_of(SHORT, short(A1="not", A1_words="字" * 500)) == []
    assert faults_of(SHORT, short(A1="not", A1_words="字" * 501)) == [("S06.A1.words", FaultCode.TOO_LONG)]


def test_words_lose_what_nobody_typed() -> None:
    found = answer(short(A1="not", A1_words=" 一\x00\r\n二\u202e\ud800\ufffe\U0001fffe三\t "), "S06.A1")

    assert found is not None
    assert found.words == "一\n二三"


def test_a_formula_stays_the_words_it_is() -> None:
    found = answer(short(A1="not", A1_words="=1+1"), "S06.A1")

    assert found is not None
    assert found.words == "=1+1"


def test_a_shortfall_that_the_item_does_not_name_is_refused() -> None:
    assert faults_of(SHORT, short(A1="not", A1_why=["0", "9"])) == [("S06.A1.why", FaultCode.INVALID)]


def test_photos_are_named_by_their_hash() -> None:
    fields = short(A1="not", A1_photos=["a" * 64, "a" * 64, "b" * 64])

    assert faults_of(SHORT, fields) == []
    found = answer(fields, "S06.A1")
    assert found is not None
    assert found.photos == ("a" * 64, "b" * 64)
    assert faults_of(SHORT, short(A1_photos=["../etc/passwd"])) == [("S06.A1.photos", FaultCode.INVALID)]


def test_conduct_that_costs_points_needs_the_words_that_were_said() -> None:
    happened = full_fields(SHORT) | {"deduction.forbidden_words": "yes"}

    assert faults_of(SHORT, happened) == [("deduction.forbidden_words.words", FaultCode.MISSING_WORDS)]
    answers, faults = read(SHORT, happened | {"deduction.forbidden_words.words": "不知道"})
    assert not faults
    assert answers.deductions == (DeductionAnswer("forbidden_words", "不知道"),)


def test_conduct_that_was_not_met_with_is_not_recorded() -> None:
    answers, faults = read(SHORT, full_fields(SHORT) | {"deduction.forbidden_words": "no"})

    assert not faults
    assert answers.deductions == ()


def test_fields_of_another_form_are_named() -> None:
    assert faults_of(SHORT, full_fields(SHORT) | {"S99.A1": "met"}) == [("S99.A1", FaultCode.UNKNOWN)]


def test_of_very_many_strange_fields_the_first_twenty_are_named() -> None:
    strange = {f"x{number}": "y" for number in range(1000)}

    assert len(faults_of(SHORT, full_fields(SHORT) | strange)) == 20


def test_two_values_for_one_answer_contradict_each_other() -> None:
    fields = [*full_fields(SHORT).items(), ("S06.A1", "not")]

    _, faults = parse(SHORT, fields)

    assert [(fault.name, fault.code) for fault in faults] == [("S06.A1", FaultCode.CONTRADICTION)]


def test_faults_stand_in_the_order_of_the_form() -> None:
    checklist = made_up_checklist(flows=(), situations=(16, 6))
    fields = full_fields(checklist) | {"S06.A1": "", "S06.P1.el0": "", "S16.A2": "", "S06.role": ""}

    assert [name for name, _ in faults_of(checklist, fields)] == [
        "S16.A2",
        "S06.role",
        "S06.P1.el0",
        "S06.A1",
    ]


def test_a_fault_leads_to_its_section_and_question() -> None:
    _, faults = read(SHORT, short(gate="did_not_occur"))

    assert (faults[0].section, faults[0].question, faults[0].is_gap) == ("S06", "S06.gate", True)


@given(postings(CHECKLIST))
def test_whatever_is_posted_can_be_read_stored_and_shown_again(fields: list[tuple[str, object]]) -> None:
    answers, _ = parse(CHECKLIST, fields)

    assert read_answers(answers_document(answers)) == answers
    compact_json(answers_document(answers)).encode()
    parse(CHECKLIST, posted_fields(CHECKLIST, answers))


@given(st.lists(st.lists(st.none() | st.text(max_size=3) | st.integers(), max_size=4), max_size=5))
def test_fields_that_are_no_pairs_are_refused_without_failing(fields: list[list[object]]) -> None:
    _, faults = parse(SHORT, fields)

    assert len(faults) >= len(fields[:1])


@given(plausible_fields(CHECKLIST))
def test_what_a_form_shows_again_reads_as_the_same_answers(fields: Fields) -> None:
    answers, _ = read(CHECKLIST, fields)

    again, _ = parse(CHECKLIST, posted_fields(CHECKLIST, answers))

    assert again == answers


@given(st.permutations(sorted(full_fields(CHECKLIST).items())))
def test_the_order_of_the_fields_does_not_matter(fields: list[tuple[str, str | list[str]]]) -> None:
    assert parse(CHECKLIST, fields) == read(CHECKLIST, full_fields(CHECKLIST))


def test_the_document_is_the_compact_one_of_the_domain() -> None:
    fields = short(
        A1="left_out", A1_left="could_not_see_or_hear", P1_el1="changed", P1_words="你办什么业务？"
    )
    answers, _ = read(
        SHORT, fields | {"deduction.forbidden_words": "yes", "deduction.forbidden_words.words": "喂"}
    )

    assert answers_document(answers) == {
        "answers_version": 1,
        "sections": [
            {
                "situation": 6,
                "gate": "occurred",
                "gate_reason": None,
                "role": "lobby_manager",
                "answers": [
                    {"item": "S06.P1", "elements": ("heard", "changed"), "words": "你办什么业务？"},
                    {"item": "S06.A1", "left_out": "could_not_see_or_hear"},
                    {"item": "S06.A2", "response": "met"},
                    {"item": "S06.D1", "response": "met"},
                ],
            }
        ],
        "deductions": [{"code": "forbidden_words", "words": "喂"}],
    }


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "document is '[]', but should be an object"),
        ({"answers_version": 2}, "document.answers_version is '2', but should be 1"),
        ({"answers_version": 1}, "document.sections is 'None', but should be a list"),
        (
            {
                "answers_version": 1,
                "deductions": [],
                "sections": [{"situation": 6, "gate": "x", "answers": []}],
            },
            "document.sections[0].gate is 'x', but should be one of occurred, nobody_acted, did_not_occur",
        ),
    ],
)
def test_a_document_of_another_form_is_refused_with_the_place(document: object, sentence: str) -> None:
    with pytest.raises(DocumentError) as error:
        read_answers(document)

    assert str(error.value) == sentence


def test_nothing_filled_in_is_empty_answers_to_every_section() -> None:
    answers, _ = read(CHECKLIST, {})

    assert answers == Answers(answers.sections)
    assert [section.situation for section in answers.sections] == [
        section.situation for section in CHECKLIST.sections
    ]
