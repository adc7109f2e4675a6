"""Working days, Monday to Friday; holidays are no part of it yet."""

from datetime import date, datetime, timedelta, tzinfo

SATURDAY = 5


def day_of(moment: datetime, timezone: tzinfo) -> date:
    """Return the calendar day of a moment where the bank is."""
    return moment.astimezone(timezone).date()


def add_working_days(day: date, count: int) -> date:
    """Return the working day that comes `count` working days after `day`; the day itself for 0."""
    for _ in range(count):
        day = next_working_day(day)
    return day


def next_working_day(day: date) -> date:
    """Return the first working day after a day."""
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
