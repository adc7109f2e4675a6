"""Working days are counted from Monday to Friday, where the bank is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from inspect_app.services.working_days import add_working_days, day_of, next_working_day

FRIDAY = date(2026, 9, 25)
SATURDAY = date(2026, 9, 26)
MONDAY = date(2026, 9, 28)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, MONDAY),
        (SATURDAY, 1, MONDAY),
        (MONDAY, 5, date(2026, 10, 5)),
        (MONDAY, 10, date(2026, 10, 12)),
    ],
)
def test_weekends_are_passed_over(day: date, count: int, expected: date) -> None:
    assert add_working_days(day, count) == expected


def test_after_a_friday_comes_a_monday() -> None:
    assert next_working_day(FRIDAY) == MONDAY


def test_a_moment_belongs_to_the_banks_day() -> None:
    assert day_of(datetime(2026, 9, 25, 16, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai")) == SATURDAY
