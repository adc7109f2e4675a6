"""Questions about the calendar: which days the bank works, and which windows that gives a wave."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError
from inspect_app.models.calendar import CalendarDay
from inspect_app.models.waves import Wave
from inspect_app.working_days import WorkingDays, day_of, is_working_by_rule


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A day of the calendar, as head office edits it.

    Attributes:
        by_rule: whether the bank would work if head office said nothing.
        version: of what head office said; None where it said nothing.
    """

    day: date
    is_working: bool
    by_rule: bool
    words: str
    version: int | None


@dataclass(frozen=True, slots=True)
class AppealWindow:
    """What a disclosed wave leaves time for.

    Attributes:
        until: the last day on which a branch may appeal.
        settled_by: the last day on which appeals are to be decided.
        publishable_on: the first day on which the wave can be published, if no appeal is open then.
    """

    until: date
    settled_by: date
    publishable_on: date


def working_days(session: Session) -> WorkingDays:
    """Return the days on which the bank works."""
    said = session.execute(select(CalendarDay.day, CalendarDay.is_working))
    return WorkingDays(dict(said.all()))


def calendar_day(session: Session, day: date) -> CalendarDay | None:
    """Return what head office said of a day; None where it follows the rule."""
    return session.scalar(select(CalendarDay).where(CalendarDay.day == day))


def calendar_month(session: Session, year: int, month: int) -> tuple[CalendarEntry, ...]:
    """Return every day of a month."""
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    rows = session.scalars(select(CalendarDay).where(CalendarDay.day.between(first, last)))
    said = {row.day: row for row in rows}
    days = (date(year, month, number) for number in range(1, last.day + 1))
    return tuple(_entry(day, said.get(day)) for day in days)


def appeal_window(session: Session, wave: Wave, timezone: tzinfo) -> AppealWindow:
    """Return until when a disclosed wave may be disputed, and from when it can be published.

    Raises:
        ConflictError: the wave was never disclosed.
    """
    if wave.disclosed_at is None:
        raise ConflictError(f"wave {wave.code} is not disclosed")
    days, disclosed_on = working_days(session), day_of(wave.disclosed_at, timezone)
    until = days.add(disclosed_on, wave.disclosure_days)
    return AppealWindow(
        until=until,
        settled_by=days.add(until, wave.settling_days),
        publishable_on=days.after(until) if wave.disclosure_days else disclosed_on,
    )


def _entry(day: date, said: CalendarDay | None) -> CalendarEntry:
    by_rule = is_working_by_rule(day)
    if said is None:
        return CalendarEntry(day, by_rule, by_rule, "", None)
    return CalendarEntry(day, said.is_working, by_rule, said.words, said.version)
