"""Executes every example of docs/appeals.md, and amends at random: what is not named stays as it is."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.amending import (
    Amendment,
    AmendmentError,
    _amend_answer,
    amend,
    offered,
    stands_together,
)
from checklists.answers import parse
from checklists.checklist import Checklist, Item
from checklists.crediting import _earned, credit
from checklists.filled import Answer, Answers
from checklists.handbook import Kind
from checklists.scoring import CountRule, Counts, CreditedItem, Gate, Hearing, LeftOut, Response, score
from tests.checklists.editions import made_up_checklist
from tests.inspect_app.made_up_bank import fill

TEXT = (Path(__file__).parents[2] / "docs" / "appeals.md").read_text(encoding="utf-8")
LINE = re.compile(r"(\w+) (\w+(?: \w+)*): (full|partial) -> (\w+(?: \w+)*) \((\S+)\)")
CHECKLIST = made_up_checklist()


def blocks(language: str) -> list[str]:
    """Return the document's examples in one of its small languages."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def examples() -> Iterator[tuple[str, ...]]:
    """Yield the amendments that the document shows: kind, recorded, amendment, what it becomes, credit."""
    for block in blocks("amendments"):
        for line in block.splitlines():
            found = LINE.fullmatch(line)
            assert found is not None, line
            yield found.groups()


def item_of(kind: str) -> Item:
    """Return an item of the checklist: an action, a phrase of two elements, people who are counted."""
    items = [item for section in CHECKLIST.sections for item in section.items]
    return {
        "action": next(one for one in items if one.kind is Kind.ACTION and one.counted is None),
        "phrase": next(one for one in items if one.kind is Kind.PHRASE),
        "people": next(one for one in items if one.counted is CountRule.MEAN),
    }[kind]


def answer_of(kind: str, words: str) -> Answer:
    """Return an answer as the document writes it."""
    code, parts = item_of(kind).code, words.split()
    if kind == "people":
        return Answer(code, counts=Counts(*(int(part) for part in parts)))
    if kind == "phrase":
        return Answer(code, elements=tuple(Hearing(part) for part in parts))
    return Answer(code, response=Response(words))


@pytest.mark.parametrize(("kind", "recorded", "amendment", "becomes", "earned"), list(examples()))
def test_each_amendment_of_the_document_comes_to_what_it_says(
    kind: str, recorded: str, amendment: str, becomes: str, earned: str
) -> None:
    item = item_of(kind)

    amended = _amend_answer(item, answer_of(kind, recorded), Amendment(amendment))

    assert amended == answer_of(kind, becomes)
    assert _earned(item, amended, CHECKLIST.scale) == Fraction(earned)


def test_the_scores_of_the_worked_example_are_those_of_the_rules() -> None:
    (block,) = blocks("decision")
    told = dict(line.rsplit(": ", 1) for line in block.splitlines())
    met, missed = Answer("", response=Response.MET), Answer("", response=Response.NOT_MET)
    assert set(told) == {"as recorded", "upheld", "partly upheld", "not applicable"}

    weights = {"A1": 2, "A2": 2, "D1": 1}
    for outcome, answer in {
        "as recorded": missed,
        "upheld": met,
        "partly upheld": Answer("", response=Response.PARTLY),
        "not applicable": Answer("", left_out=LeftOut.NOT_THIS_BRANCH),
    }.items():
        earned = {
            "A1": Fraction(1),
            "A2": _earned(item_of("action"), answer, CHECKLIST.scale),
            "D1": Fraction(1),
        }
        counted = {code: one for code, one in earned.items() if isinstance(one, Fraction)}
        points = (
            100
            * sum(weights[code] * one for code, one in counted.items())
            / sum(weights[code] for code in counted)
        )
        assert f"{float(points):.2f}" == told[outcome]


def items_of(checklist: Checklist, answers: Answers) -> Mapping[str, CreditedItem]:
    """Return the credited items by code."""
    return {item.code: item for one in credit(checklist, answers).sections for item in one.items}


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_an_amendment_changes_the_items_it_names_and_no_other_one(seed: int, data: st.DataObject) -> None:
    answers, _faults = parse(CHECKLIST, fill(CHECKLIST, seed))
    before = items_of(CHECKLIST, answers)
    wanting = sorted(code for code, one in before.items() if one.credit is not None and one.credit < 1)
    if not wanting:
        return
    codes = stands_together(CHECKLIST, answers, data.draw(st.sampled_from(wanting)))

    for amendment in offered(CHECKLIST, answers, answers, codes):
        amended = amend(CHECKLIST, answers, answers, dict.fromkeys(codes, amendment))
        after = items_of(CHECKLIST, amended.answers)
        assert {code for code in before if before[code] != after[code]} == set(codes)
        assert score(amended.inspection) == score(credit(CHECKLIST, amended.answers))

        undone = amend(CHECKLIST, amended.answers, answers, dict.fromkeys(codes, Amendment.AS_RECORDED))
        assert undone.answers == answers


def test_what_would_change_another_item_is_refused() -> None:
    answers, _faults = parse(CHECKLIST, fill(CHECKLIST, 1))
    section = next(one for one in answers.sections if one.gate is Gate.DID_NOT_OCCUR)
    code = next(one for one in CHECKLIST.sections if one.situation == section.situation).items[0].code

    with pytest.raises(AmendmentError, match="did not occur"):
        amend(CHECKLIST, answers, answers, {code: Amendment.FULL})
    with pytest.raises(AmendmentError, match="not on this checklist"):
        amend(CHECKLIST, answers, answers, {"Z99.A1": Amendment.FULL})
