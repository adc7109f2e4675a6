"""What a reviewer should look at first: plain facts about an inspection, each told in a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from checklists.scoring import Gate
from inspect_app.queries.reviews import WholeInspection
from inspect_app.web.formatting import listed
from inspect_app.web.office.review_sheet import AnswerLine, Sheet
from inspect_app.web.words import word

MANY = 3
"""Fewer items than this left out are never many."""

MOST_NAMED = 4
"""How many items one sentence names."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to look at; `anchor` is the code of the item or section that it is about, if of one."""

    title: str
    sentence: str
    anchor: str | None = None


def find_flags(whole: WholeInspection, sheet: Sheet, usually_left_out: Fraction | None) -> tuple[Flag, ...]:
    """Return what there is to look at, the gravest first.

    Args:
        usually_left_out: how many items a visit of this wave leaves out on average.
    """
    return (*_of_arrival(whole), *_of_vetoes(sheet), *_of_answers(sheet), *_of_gaps(sheet, usually_left_out))


def _of_arrival(whole: WholeInspection) -> Iterator[Flag]:
    if whole.inspection.is_late:
        yield Flag(_("收口以后才送到"), _("第一次送到时，这个期次已经收口。现在还不计入排名。"))
    if whole.other_inspections:
        yield Flag(
            _("这次检查有两份记录"),
            ngettext(
                "除了这一份，还有 %(num)d 份记录也送来了。只计这一份。",
                "除了这一份，还有 %(num)d 份记录也送来了。只计这一份。",
                len(whole.other_inspections),
            ),
        )


def _of_vetoes(sheet: Sheet) -> Iterator[Flag]:
    for line in sheet.lines:
        if line.veto_acted and line.veto is not None:
            yield Flag(
                word(line.veto),
                _("%(code)s 没有做到：%(question)s", code=line.code, question=line.wording or line.question),
                line.code,
            )


def _of_answers(sheet: Sheet) -> Iterator[Flag]:
    changed = [line for line in sheet.lines if line.earlier is not None]
    if changed:
        yield Flag(
            _("退回后改过"),
            _("%(codes)s 和上次交的不同。", codes=_named(changed)),
            changed[0].code,
        )
    unanswered = [line for line in sheet.lines if line.asked and line.earlier is None]
    if unanswered:
        yield Flag(
            _("问过，没有改"),
            _("%(codes)s 退回时问过，这次答得和上次一样。", codes=_named(unanswered)),
            unanswered[0].code,
        )


def _of_gaps(sheet: Sheet, usually: Fraction | None) -> Iterator[Flag]:
    for section in sheet.sections:
        if section.gate is Gate.NOBODY_ACTED:
            yield Flag(
                _("无人理会"),
                _(
                    "情景 %(number)d %(name)s：整节记 0 分，看看等满了没有。",
                    number=section.situation,
                    name=section.name,
                ),
                section.code,
            )
    silent = [
        line
        for section in sheet.sections
        if section.gate is Gate.OCCURRED
        for line in section.lines
        if line.said.says_nothing
    ]
    if silent:
        yield Flag(
            _("没有写原话、原因"),
            _("%(codes)s 没有满分，也没有说为什么。", codes=_named(silent)),
            silent[0].code,
        )
    if sheet.unobserved >= MANY and (usually is None or sheet.unobserved > 2 * usually):
        yield Flag(_("没看到、没听清的偏多"), _left_out_sentence(sheet.unobserved, usually))


def _left_out_sentence(count: int, usually: Fraction | None) -> str:
    if usually is None:
        return _("%(count)d 题。", count=count)
    return _("%(count)d 题；本期平均 %(mean).1f 题。", count=count, mean=float(usually))


def _named(lines: list[AnswerLine]) -> str:
    named = listed(line.code for line in lines[:MOST_NAMED])
    return (
        named if len(lines) <= MOST_NAMED else _("%(codes)s 等 %(count)d 题", codes=named, count=len(lines))
    )
