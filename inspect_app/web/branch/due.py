"""When something is due, in words, and how pressing that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from inspect_app.web.access import current_settings
from inspect_app.web.clock import utc_now
from inspect_app.web.formatting import day

SOON = 2
"""Days within which something is due soon."""


@dataclass(frozen=True, slots=True)
class Due:
    """A due day in words, and the class of its tag: `miss` today or overdue, `part` soon, `line` later."""

    words: str
    tag: str


def today_at_bank() -> date:
    """Return the day that it is where the bank is."""
    return utc_now().astimezone(current_settings().timezone).date()


def due(on: date, today: date) -> Due:
    """Return how a due day is said today."""
    if on < today:
        return Due(_("%(day)s到期，已过", day=day(on)), "miss")
    if on == today:
        return Due(_("今天到期"), "miss")
    tag = "part" if (on - today).days <= SOON else "line"
    if on <= week_end(today):
        return Due(_("%(weekday)s到期", weekday=format_date(on, "EEE")), tag)
    return Due(_("%(day)s到期", day=day(on)), tag)


def due_sentence(days: Sequence[date], today: date) -> str:
    """Return how much is due and when, the most pressing first."""
    overdue = sum(one < today for one in days)
    now = sum(one == today for one in days)
    soon = sum(today < one <= week_end(today) for one in days)
    if not days:
        return _("没有要整改的问题")
    if overdue:
        return ngettext("%(num)d 项已过期", "%(num)d 项已过期", overdue) + _later(now + soon)
    if now:
        return ngettext("今天到期 %(num)d 项", "今天到期 %(num)d 项", now) + _later(soon)
    if soon:
        return ngettext("本周到期 %(num)d 项", "本周到期 %(num)d 项", soon)
    return ngettext(
        "%(num)d 项待整改，最早 %(day)s到期",
        "%(num)d 项待整改，最早 %(day)s到期",
        len(days),
        day=day(min(days)),
    )


def week_end(today: date) -> date:
    """Return the Sunday of a day's week."""
    return today + timedelta(days=6 - today.weekday())


def _later(count: int) -> str:
    return ngettext("，本周还有 %(num)d 项", "，本周还有 %(num)d 项", count) if count else ""
