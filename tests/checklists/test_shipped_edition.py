"""What the shipped edition holds."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.handbook import Clause, Kind, Mode, Origin, Provenance, Situation, Text
from checklists.recipe_loading import shipped_recipe, shipped_recipe_names

PHRASES = {
    2: ["您好！"],
    3: ["请这边走", "请到2号柜台办理", "请在休息区等候叫号"],
    5: ["您好！"],
    6: ["您好，请问您需要什么帮助？"],
    7: ["您说的是…？"],
    8: ["请问我解释清楚了吗？"],
    9: ["对不起，可能我没有讲清楚，请允许我再解释一遍。"],
    10: ["请问您还有其他问题吗？"],
    22: ["请跟我来。", "您可以在这里……，先……"],
    23: ["您好，我是……"],
    24: ["这项新业务能够帮您……，您可以了解一下。"],
    25: ["您可以了解一下xxx业务……"],
    26: ["您可以了解一下xxx业务……"],
    27: ["这是我行新推出的xxx，您可以了解一下……"],
    28: ["您可以了解一下xxx业务……"],
    29: ["您这样的贵宾客户，建议您了解一下我行新推的……"],
    30: ["如果您现在不着急使用这些钱，可以建议您购买最近新推的…"],
    31: ["方便介绍一下您的资金状况吗，这样我能根据您的情况为您推荐更适合的产品…"],
    32: ["相信这款理财产品能给您带来丰厚的收益……", "我可以现在就为您办理手续"],
    33: [
        "这款理财产品具有一定的风险，根据您的风险承受能力测试结果，您不适合购买这款产品，"
        "如果您一定想要购买的话，请写下承诺书。…"
    ],
    34: ["请问今后如何与您联系呢？", "以后有更适合您的理财产品时，我会及时与您联系…"],
    35: ["您好，请问我能帮您什么？"],
    36: ["您好，我是大堂经理，请问有什么可以帮到您？"],
    37: ["您好，我可以帮您解决这个问题，请跟我来。"],
}
"""Every phrase of the handbook's tables, by situation, in Simplified Chinese."""

FROM_TABLES = {*range(1, 11), *range(22, 39)}
NUMBERS = {
    "F1": range(1, 5),
    "F2": range(5, 11),
    "F3": range(11, 16),
    "F4": range(16, 22),
    "F5": range(22, 25),
    "F6": range(25, 35),
    "F7": range(35, 41),
    "F8": range(41, 48),
}


def situation(number: int) -> Situation:
    """Return a shipped situation."""
    return next(one for _, one in shipped_edition().situations() if one.number == number)


def clauses() -> Iterator[Clause]:
    """Yield every shipped clause."""
    for _, one in shipped_edition().situations():
        yield from one.clauses


def texts() -> Iterator[tuple[str, Text]]:
    """Yield every shipped text with a name for it."""
    edition = shipped_edition()
    yield "title", edition.title
    for role in edition.roles:
        yield role.code, role.name
    for flow in edition.flows:
        yield from ((flow.code, text) for text in (flow.name, flow.description, *flow.key_points))
    for _, one in edition.situations():
        instructions = (text for _, text in one.instructions)
        yield from ((one.code, text) for text in (one.name, one.cue, *one.key_points, *instructions))
    for clause in clauses():
        yield from ((clause.code, text) for text in (clause.text, clause.question))
        yield from ((clause.code, text) for text in (*clause.wordings, *clause.elements, *clause.shortfalls))
        if clause.guidance:
            yield clause.code, clause.guidance


def with_blanks(words: str) -> str:
    """Return words with every blank of the handbook, `xxx` or dots, as the product writes it."""
    return re.sub(r"x{3}|…+", "…", words)


def test_it_has_eight_flows_and_the_situations_1_to_47() -> None:
    flows = shipped_edition().flows

    numbers = {flow.code: [one.number for one in flow.situations] for flow in flows}
    assert numbers == {code: list(wanted) for code, wanted in NUMBERS.items()}
    assert not any(flow.standing for flow in flows)


def test_it_names_six_staff_roles() -> None:
    assert [role.code for role in shipped_edition().roles] == [
        "lobby_manager",
        "teller",
        "customer_manager",
        "security_guard",
        "accounting_supervisor",
        "branch_head",
    ]


def test_what_the_tables_give_is_the_handbooks_and_the_rest_is_derived() -> None:
    provenances = {one.number: one.provenance for _, one in shipped_edition().situations()}

    assert {number for number, where in provenances.items() if where is Provenance.SOURCE} == FROM_TABLES


def test_the_phrase_that_the_handbooks_table_has_lost_is_derived() -> None:
    phrases = [clause for clause in situation(38).clauses if clause.kind is Kind.PHRASE]

    assert [phrase.provenance for phrase in phrases] == [Provenance.DERIVED]


def test_no_clause_of_a_derived_situation_claims_to_be_the_handbooks() -> None:
    claims = [
        clause.code
        for _, one in shipped_edition().situations()
        for clause in one.clauses
        if one.provenance is Provenance.DERIVED and clause.provenance is Provenance.SOURCE
    ]

    assert claims == []


def test_every_situation_has_an_action_and_one_lead_who_performs() -> None:
    for _, one in shipped_edition().situations():
        assert any(clause.kind is Kind.ACTION for clause in one.clauses), one.number
        assert one.lead in one.performs, one.number


@pytest.mark.parametrize("flow", ["F1", "F3", "F8"])
def test_where_the_handbook_names_several_leads_or_none_the_lead_is_derived(flow: str) -> None:
    leads = {situation(number).lead_provenance for number in NUMBERS[flow]}

    assert leads == {Provenance.DERIVED}


@pytest.mark.parametrize("flow", ["F2", "F4", "F5", "F6", "F7"])
def test_where_the_handbook_names_one_lead_it_is_the_lobby_manager(flow: str) -> None:
    leads = {(situation(number).lead, situation(number).lead_provenance) for number in NUMBERS[flow]}

    assert leads == {("lobby_manager", Provenance.SOURCE)}


@pytest.mark.parametrize(("number", "phrases"), PHRASES.items())
def test_every_phrase_of_the_handbook_is_a_wording(number: int, phrases: list[str]) -> None:
    wordings = {wording.own for clause in situation(number).clauses for wording in clause.wordings}

    assert {with_blanks(phrase) for phrase in phrases} <= wordings


@pytest.mark.parametrize("number", [1, 4])
def test_where_the_handbook_has_no_phrase_there_is_none(number: int) -> None:
    kinds = {clause.kind for clause in situation(number).clauses}

    assert kinds == {Kind.ACTION}


def test_no_bank_and_no_form_of_situation_33_is_shipped() -> None:
    for name, text in texts():
        for words in (text.own, *(rendering.text for rendering in text.renderings)):
            assert not re.search(r"农行|农业银行|由我自行承担|Agricultural Bank", words), name


def test_no_code_stands_twice() -> None:
    codes = Counter(clause.code for clause in clauses())

    assert [code for code, count in codes.items() if count > 1] == []


def test_every_text_is_there_in_english_and_in_traditional_chinese() -> None:
    translated, converted = ("en", Origin.TRANSLATED), ("zh-Hant", Origin.CONVERTED)
    for name, text in texts():
        assert [(one.language, one.origin) for one in text.renderings] == [translated, converted], name
        assert text.own.strip(), name
        assert text.renderings[0].text.strip(), name


def test_no_english_text_holds_chinese() -> None:
    for name, text in texts():
        assert not re.search(r"[\u3400-\u9fff，。？！：；、]", text.in_language("en")), name


def test_a_blank_is_written_as_one_sign() -> None:
    for clause in clauses():
        for words in (*clause.wordings, *clause.elements):
            assert not re.search(r"x{3}|……|\.\.\.", words.own), clause.code


def test_the_inspector_is_told_where_the_borderline_lies() -> None:
    assert [clause.code for clause in clauses() if clause.guidance is None] == []


def test_actions_and_manner_offer_three_to_five_shortfalls() -> None:
    judged = [clause for clause in clauses() if clause.kind is not Kind.PHRASE]

    assert [clause.code for clause in judged if not 3 <= len(clause.shortfalls) <= 5] == []


def test_no_words_are_asked_for_where_there_is_no_sound() -> None:
    heard = [clause for clause in clauses() if clause.kind is Kind.PHRASE]

    assert [clause.code for clause in heard if Mode.VIDEO in clause.modes] == []


def test_an_open_inspector_or_a_caller_can_judge_every_clause() -> None:
    assert [clause.code for clause in clauses() if not {Mode.OPEN, Mode.PHONE} & {*clause.modes}] == []


@pytest.mark.parametrize("mode", [Mode.MYSTERY, Mode.OPEN, Mode.PHONE])
def test_every_situation_says_what_to_do_or_watch_for(mode: Mode) -> None:
    silent = [
        one.number
        for _, one in shipped_edition().situations()
        if any(mode in clause.modes for clause in one.clauses) and mode not in dict(one.instructions)
    ]

    assert silent == []


@pytest.mark.parametrize("name", shipped_recipe_names())
def test_every_shipped_recipe_draws_its_budget_of_items(name: str) -> None:
    recipe = shipped_recipe(name)

    checklist = generate(shipped_edition(), recipe)

    assert checklist.item_count == recipe.budget


def test_it_is_read_once() -> None:
    assert shipped_edition() is shipped_edition()
