"""The calendar of working days: what the rule says, and what head office says instead."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.permissions import Action
from inspect_app.queries.calendar import CalendarEntry, calendar_month
from inspect_app.services import calendar
from inspect_app.services.calendar import DayMark
from inspect_app.web.access import current_actor, current_settings, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.kept import show_kept, who_was_faster
from inspect_app.web.office import pages
from inspect_app.working_days import day_of, knows_holidays_of

LONGEST_WORDS = 120
FIRST_YEAR, LAST_YEAR = 2004, 2100
A_MONDAY = date(2024, 1, 1)
WEEK = 7


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar, with the first days of the months beside it."""

    first: date
    before: date
    after: date
    weeks: tuple[tuple[CalendarEntry | None, ...], ...]


@pages.get("/office/calendar")
@requires(Action.EDIT_CALENDAR)
def calendar_page() -> ResponseReturnValue:
    """Show a month; the address names it, such as `2026-10`, and a day that is to be changed."""
    today = day_of(utc_now(), current_settings().timezone)
    first = _first_of(request.args.get("month", ""), today)
    return _show(first, None)


@pages.get("/office/calendar/<day>")
@requires(Action.EDIT_CALENDAR)
def day_page(day: str) -> ResponseReturnValue:
    """Show the month of a day, with the form that changes it."""
    chosen = _day_of(day)
    return _show(chosen.replace(day=1), chosen)


@pages.post("/office/calendar/<day>")
@requires(Action.EDIT_CALENDAR)
def change_day(day: str) -> ResponseReturnValue:
    """Say of a day whether the bank works, or let it follow the rule again."""
    chosen, words = _day_of(day), request.form.get("words", "").strip()
    seen, how = _seen(), request.form.get("how", "")
    if how not in ("working", "free", "rule") or len(words) > LONGEST_WORDS:
        return _show(chosen.replace(day=1), chosen, _("请选这一天上不上班；说明最多 120 字。")), 422
    try:
        if how != "rule":
            mark = DayMark(chosen, how == "working", words)
            calendar.mark_day(session, current_actor(), mark, seen, now=utc_now())
        elif seen is not None:
            calendar.unmark_day(session, current_actor(), chosen, seen, now=utc_now())
    except ConflictError:
        faster = who_was_faster("calendar_day", chosen.isoformat())
        return show_kept(faster, ((_("说明"), words),), url_for("office.day_page", day=day))
    return redirect(url_for("office.calendar_page", month=f"{chosen:%Y-%m}"), code=303)


def _show(first: date, chosen: date | None, problem: str = "") -> str:
    entries = calendar_month(session, first.year, first.month)
    return render_template(
        "office/calendar.html",
        month=_month(first, entries),
        chosen=next((one for one in entries if one.day == chosen), None),
        problem=problem,
        words=request.form.get("words"),
        today=day_of(utc_now(), current_settings().timezone),
        knows=knows_holidays_of(first.year),
        weekdays=[format_date(A_MONDAY + timedelta(days=number), "EEE") for number in range(WEEK)],
    )


def _month(first: date, entries: Sequence[CalendarEntry]) -> Month:
    days: list[CalendarEntry | None] = [None] * first.weekday() + list(entries)
    days += [None] * (-len(days) % WEEK)
    weeks = tuple(tuple(days[start : start + WEEK]) for start in range(0, len(days), WEEK))
    after = first + timedelta(days=monthrange(first.year, first.month)[1])
    return Month(first, (first - timedelta(days=1)).replace(day=1), after, weeks)


def _first_of(text: str, today: date) -> date:
    """Return the first day of the month that the address names, of the present one where it names none.

    Raises:
        NotFoundError: it names no month of the calendar.
    """
    return _day_of(f"{text}-01") if text else today.replace(day=1)


def _day_of(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise NotFoundError(f"day {text}") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR or day.isoformat() != text:
        raise NotFoundError(f"day {text}")
    return day


def _seen() -> int | None:
    text = request.form.get("seen", "")
    if text and not (text.isascii() and text.isdigit()):
        raise NotFoundError("form of the calendar")
    return int(text) if text else None
