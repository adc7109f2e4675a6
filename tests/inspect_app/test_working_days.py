"""Working days: weekdays but public holidays, days made up for them, and what head office says of a day."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from inspect_app.working_days import WorkingDays, day_of, knows_holidays_of

FRIDAY = date(2026, 9, 18)
SATURDAY = date(2026, 9, 19)
MADE_UP_SUNDAY = date(2026, 9, 20)
LAST_BEFORE_NATIONAL_DAY = date(2026, 9, 30)
FIRST_AFTER_NATIONAL_DAY = date(2026, 10, 8)
MADE_UP_SATURDAY = date(2026, 10, 10)
UNKNOWN_YEAR = 2099


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (FRIDAY, 0, FRIDAY),
        (date(2026, 8, 28), 1, date(2026, 8, 31)),
        (FRIDAY, 1, MADE_UP_SUNDAY),
        (LAST_BEFORE_NATIONAL_DAY, 1, FIRST_AFTER_NATIONAL_DAY),
        (LAST_BEFORE_NATIONAL_DAY, 3, MADE_UP_SATURDAY),
        (LAST_BEFORE_NATIONAL_DAY, 4, date(2026, 10, 12)),
    ],
)
def test_weekends_and_holidays_are_passed_over_and_made_up_days_are_not(
    day: date, count: int, expected: date
) -> None:
    assert WorkingDays().add(day, count) == expected


def test_before_a_day_lies_the_last_one_that_was_worked() -> None:
    assert WorkingDays().before(FIRST_AFTER_NATIONAL_DAY) == LAST_BEFORE_NATIONAL_DAY


def test_head_office_has_the_last_word_on_a_day() -> None:
    days = WorkingDays({FIRST_AFTER_NATIONAL_DAY: False, date(2026, 10, 7): True})

    assert days.after(LAST_BEFORE_NATIONAL_DAY) == date(2026, 10, 7)
    assert days.after(date(2026, 10, 7)) == date(2026, 10, 9)


def test_days_are_counted_from_the_next_one_to_the_last() -> None:
    days = WorkingDays()

    assert days.count(LAST_BEFORE_NATIONAL_DAY, date(2026, 10, 12)) == 4
    assert days.count(FRIDAY, FRIDAY) == 0
    assert days.count(FRIDAY, LAST_BEFORE_NATIONAL_DAY.replace(day=1)) == 0


def test_in_a_year_that_is_not_announced_every_weekday_is_worked() -> None:
    assert knows_holidays_of(2026)
    assert not knows_holidays_of(UNKNOWN_YEAR)
    assert WorkingDays().after(date(UNKNOWN_YEAR, 9, 30)) == date(UNKNOWN_YEAR, 10, 1)
    assert not WorkingDays().is_working(date(UNKNOWN_YEAR, 10, 3))


def test_a_moment_belongs_to_the_banks_day() -> None:
    assert day_of(datetime(2026, 9, 18, 16, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai")) == SATURDAY
