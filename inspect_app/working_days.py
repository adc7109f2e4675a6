"""Working days: weekdays but public holidays, the days made up for them, and what head office changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

BANK_TIME = ZoneInfo("Asia/Shanghai")
SATURDAY = 5
A_DAY = timedelta(days=1)
DAYS_KEPT = 4096


def day_of(moment: datetime, timezone: tzinfo) -> date:
    """Return the calendar day of a moment where the bank is."""
    return moment.astimezone(timezone).date()


def knows_holidays_of(year: int) -> bool:
    """Say whether the public holidays of a year and the days worked for them are known."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=DAYS_KEPT)
def is_working_by_rule(day: date) -> bool:
    """Say whether the bank works on a day as long as head office says nothing else.

    In a year whose holidays are not announced yet, from Monday to Friday.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days on which the bank works.

    Attributes:
        exceptions: what head office says of single days; all others follow the rule.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Say whether the bank works on a day."""
        said = self.exceptions.get(day)
        return is_working_by_rule(day) if said is None else said

    def after(self, day: date) -> date:
        """Return the first working day after a day."""
        day += A_DAY
        while not self.is_working(day):
            day += A_DAY
        return day

    def before(self, day: date) -> date:
        """Return the last working day before a day."""
        day -= A_DAY
        while not self.is_working(day):
            day -= A_DAY
        return day

    def add(self, day: date, count: int) -> date:
        """Return the working day that comes `count` working days after a day; the day itself for 0."""
        for _ in range(count):
            day = self.after(day)
        return day

    def count(self, after: date, until: date) -> int:
        """Return how many working days lie after a day, up to and with another; 0 where that is earlier."""
        days = (after + A_DAY * step for step in range(1, (until - after).days + 1))
        return sum(self.is_working(day) for day in days)
