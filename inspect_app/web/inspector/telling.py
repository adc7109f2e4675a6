"""Answers and faults in words, as an inspector reads them."""

from flask_babel import gettext as _

from checklists.checklist import Checklist, Item
from checklists.fields import LONGEST_WORDS, MOST_PEOPLE, FaultCode, FieldFault
from checklists.filled import Answer
from inspect_app.web.inspector.screens import number_of
from inspect_app.web.languages import current_language
from inspect_app.web.words import word


def fault_word(fault: FieldFault) -> str:
    """Return what is wrong with a field, or missing in it, and what to do."""
    part = fault.name.rpartition(".")[2]
    if fault.code is FaultCode.CONTRADICTION and part == "met":
        return _("做到的加上部分做到的，多过了看到的人数。")
    if fault.code is FaultCode.INVALID and part in ("of", "met", "partly"):
        return _("请填 0 到 %(most)s 的整数。", most=MOST_PEOPLE)
    return {
        FaultCode.UNKNOWN: _("这份检查表里没有这一题。"),
        FaultCode.INVALID: _("这个答案不在可选的里面。"),
        FaultCode.TOO_LONG: _("最多 %(most)s 字，请删短些。", most=LONGEST_WORDS),
        FaultCode.MISSING: _("还没答。"),
        FaultCode.MISSING_REASON: _("没选原因。"),
        FaultCode.MISSING_WORDS: _("没写是什么。"),
        FaultCode.CONTRADICTION: _("两处说法不同，留一个就行。"),
    }[fault.code]


def question_name(checklist: Checklist, question: str) -> str:
    """Return how a question is called in lists, such as `6.2 走到您面前才开口`."""
    language = current_language()
    section_code, _dot, part = question.partition(".")
    section = checklist.section(section_code)
    if section is not None and part == "gate":
        return _(
            "%(situation)s %(name)s：发生了吗",
            situation=section.situation,
            name=section.name.in_language(language),
        )
    if section is not None and part == "role":
        return _(
            "%(situation)s %(name)s：谁接待的",
            situation=section.situation,
            name=section.name.in_language(language),
        )
    for item in section.items if section is not None else ():
        if item.code == question:
            return (
                f"{number_of(section, item)} {item.question.in_language(language)}" if section else question
            )
    names = {rule.code: rule.name.in_language(language) for rule in checklist.deductions}
    return names.get(part, question)


def answer_words(item: Item, answer: Answer) -> list[str]:
    """Return an answer in words: the response, what was ticked, what was written."""
    language = current_language()
    words = [_response_words(item, answer)]
    words += [item.shortfalls[place].in_language(language) for place in answer.shortfalls]
    if answer.words:
        words.append(_("“%(words)s”", words=answer.words))
    return [one for one in words if one]


def _response_words(item: Item, answer: Answer) -> str:
    if answer.left_out is not None:
        return word(answer.left_out)
    if answer.counts is not None:
        return _("%(of)s 位里做到 %(met)s 位", of=answer.counts.observed, met=answer.counts.met)
    if answer.elements:
        language = current_language()
        heard = zip(item.elements, answer.elements, strict=False)
        return " · ".join(f"{element.in_language(language)} {word(how)}" for element, how in heard)
    return word(answer.response)
