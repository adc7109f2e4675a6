"""How answers, their time, names and exact numbers read on the pages of regions and branches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from flask import Flask
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from checklists.checklist import Checklist, Item
from checklists.filled import Answer
from checklists.scoring import BRANCH, FlowLine, Hearing, SituationLine, round_half_up
from inspect_app.queries.branch_values import Period, Third
from inspect_app.web.formatting import decimals
from inspect_app.web.languages import current_language

FULL = 1


def read_on_pages(app: Flask) -> None:
    """Make the filters known to templates."""
    app.jinja_env.filters.update(FILTERS)


def period(value: Period) -> str:
    """Return the third of a month, as in `9 月上旬`: all that is told of a visit's date."""
    month = format_date(date(value.year, value.month, 1), _("M 月"))
    if value.third is Third.EARLY:
        return _("%(month)s上旬", month=month)
    if value.third is Third.MIDDLE:
        return _("%(month)s中旬", month=month)
    return _("%(month)s下旬", month=month)


def mark_of(credit: Fraction | None) -> str:
    """Return which of the four marks stands for a credit."""
    if credit is None:
        return "out"
    if not credit:
        return "miss"
    return "met" if credit == FULL else "part"


def by_hand(value: Fraction | None) -> str:
    """Return an exact number of points as one can go on calculating with it: `62.50`, but `91.6667`."""
    if value is None or (value * 100).denominator == 1:
        return decimals(value)
    whole, part = divmod(round_half_up(value * 10_000), 10_000)
    return f"{whole}.{part:04}"


def weighted(lines: Iterable[SituationLine | FlowLine]) -> Fraction:
    """Return the sum of weight × points over what is defined."""
    return sum((one.weight * one.exact for one in lines if one.exact is not None), Fraction(0))


def weights(lines: Iterable[SituationLine | FlowLine]) -> Fraction:
    """Return the sum of the weights of what is defined."""
    return sum((one.weight for one in lines if one.exact is not None), Fraction(0))


def share(value: Fraction) -> str:
    """Return a part of a whole in whole per cent, half up."""
    return f"{(200 * value.numerator + value.denominator) // (2 * value.denominator)}%"


def seen(item: Item, answer: Answer | None) -> str:
    """Return what was ticked, and the words that may be shown; empty where a demand was simply met."""
    return "" if answer is None else _("；").join(_seen(item, answer))


def role_names(checklists: Sequence[Checklist]) -> dict[str, str]:
    """Return the names of the staff roles of a wave by code, the pseudo-role of premises included."""
    names = {
        role.code: role.name.in_language(current_language())
        for checklist in checklists
        for role in checklist.roles
    }
    return {BRANCH: _("网点"), **names}


def situation_names(checklists: Sequence[Checklist]) -> dict[int, str]:
    """Return the names of the situations that a wave's checklists ask about, by number."""
    return {
        section.situation: section.name.in_language(current_language())
        for checklist in checklists
        for section in checklist.sections
    }


def _seen(item: Item, answer: Answer) -> Iterator[str]:
    language = current_language()
    for part, hearing in zip(item.elements, answer.elements, strict=False):
        if hearing is Hearing.CHANGED:
            yield _("“%(part)s”换了说法", part=part.in_language(language))
        if hearing is Hearing.MISSING:
            yield _("没说“%(part)s”", part=part.in_language(language))
    if answer.counts is not None and answer.counts.met < answer.counts.observed:
        yield ngettext(
            "%(num)d 位里 %(met)s 位达标",
            "%(num)d 位里 %(met)s 位达标",
            answer.counts.observed,
            met=answer.counts.met,
        )
    for place in answer.shortfalls:
        yield item.shortfalls[place].in_language(language)
    if answer.words:
        yield _("“%(words)s”", words=answer.words)


def half_days(value: Fraction) -> str:
    """Return a median of whole days, which may lie between two of them: `3` or `2.5`."""
    return str(value.numerator) if value.denominator == 1 else decimals(value).removesuffix("0")


FILTERS: dict[str, Callable[..., object]] = {
    "period": period,
    "mark_of": mark_of,
    "by_hand": by_hand,
    "half_days": half_days,
    "share": share,
    "seen": seen,
    "weighted": weighted,
    "weights": weights,
}
