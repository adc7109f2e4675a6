"""When the made-up waves took place: two are over, the third is running on the day given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from inspect_app.working_days import BANK_TIME, WorkingDays

WORKING_DAYS = WorkingDays()
WAVES = 3
BETWEEN_WAVES = timedelta(weeks=13)
QUARTERS = "一二三四"
DISCLOSED_FOR = 6
"""Working days between disclosing a wave and publishing it."""


@dataclass(frozen=True, slots=True)
class Season:
    """The days of one wave; `ending` is None for the one that is running.

    Attributes:
        number: 1 to 3.
        last_day: until when visits were made and dealt with.
    """

    number: int
    code: str
    name: str
    opens_on: date
    closes_on: date
    last_day: date
    ending: "Ending | None"

    def days(self) -> tuple[date, ...]:
        """Return the working days on which visits were made and dealt with."""
        return tuple(_working_days(self.opens_on, self.last_day))

    def recent_days(self) -> tuple[date, ...]:
        """Return the two working days after the last of those: what was made then waits for someone."""
        first = WORKING_DAYS.after(self.last_day)
        return first, WORKING_DAYS.after(first)


@dataclass(frozen=True, slots=True)
class Ending:
    """The days on which a wave was brought to its end; `voided_on` where a visit of it was voided later."""

    closed_on: date
    disclosed_on: date
    published_on: date
    voided_on: date | None


def seasons(as_of: date) -> tuple[Season, ...]:
    """Return the three waves as they stand on a day, oldest first."""
    monday = as_of - timedelta(days=as_of.weekday())
    return tuple(_season(number, monday, as_of) for number in range(1, WAVES + 1))


def at(day: date, minutes: int) -> datetime:
    """Return a moment of a day at the bank, by the minutes since 9:00."""
    opening = datetime.combine(day, time(9, 0), BANK_TIME)
    return (opening + timedelta(minutes=minutes)).astimezone(UTC)


def today() -> date:
    """Return the day that it is at the bank."""
    return datetime.now(BANK_TIME).date()


def _season(number: int, monday: date, as_of: date) -> Season:
    ago = WAVES - number
    year, quarter = divmod(4 * as_of.year + (as_of.month - 1) // 3 - ago, 4)
    code, name = f"{year}Q{quarter + 1}", f"{year} 年第{QUARTERS[quarter]}季度暗访"
    if not ago:
        opens_on = monday - timedelta(weeks=3)
        last_day = _working_day_before(as_of, 4)
        return Season(number, code, name, opens_on, monday + timedelta(days=25), last_day, None)
    later = (ago - 1) * BETWEEN_WAVES
    opens_on = monday - timedelta(weeks=13) - later
    closes_on = monday - timedelta(days=24) - later
    published_on = WORKING_DAYS.before(monday - timedelta(days=3) - later)
    ending = Ending(
        closed_on=closes_on + timedelta(days=1),
        disclosed_on=_working_day_before(published_on, DISCLOSED_FOR),
        published_on=published_on,
        voided_on=monday - timedelta(days=3) if ago == 1 else None,
    )
    return Season(number, code, name, opens_on, closes_on, closes_on - timedelta(days=7), ending)


def _working_day_before(day: date, count: int) -> date:
    """Return the working day that lies `count` working days before a day."""
    for _ in range(count):
        day = WORKING_DAYS.before(day)
    return day


def _working_days(first: date, last: date) -> Iterator[date]:
    day = first if WORKING_DAYS.is_working(first) else WORKING_DAYS.after(first)
    while day <= last:
        yield day
        day = WORKING_DAYS.after(day)
