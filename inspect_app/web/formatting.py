"""How numbers, days and shares look on a page; templates use these as filters."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from fractions import Fraction

from flask import Flask
from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from inspect_app.web.access import current_settings

MINUS = "\N{MINUS SIGN}"
HEAT = (9500, 9000, 8500, 8000, 7000)
"""From which score on (hundredths) a cell takes no, little, … ink; below the last it takes most."""


def format_for_pages(app: Flask) -> None:
    """Make the filters known to templates."""
    app.jinja_env.filters.update(FILTERS)


def points(hundredths: int | None) -> str:
    """Return hundredths of a point as `87.58`; a dash where undefined."""
    if hundredths is None:
        return "–"
    whole, part = divmod(abs(hundredths), 100)
    return f"{MINUS if hundredths < 0 else ''}{whole}.{part:02}"


def signed_points(hundredths: int | None) -> str:
    """Return a difference as `+0.56` or `−3.91`; empty where there is none to speak of."""
    if hundredths is None:
        return ""
    return f"+{points(hundredths)}" if hundredths > 0 else points(hundredths)


def exact(value: Fraction | int | None) -> str:
    """Return an exact number as people write it: `2`, `½`, `5/6`."""
    if value is None:
        return "–"
    return {Fraction(1, 2): "½", Fraction(1, 4): "¼", Fraction(3, 4): "¾"}.get(Fraction(value), str(value))


def decimals(value: Fraction | None) -> str:
    """Return an exact number of points to two decimals, half up, as in `7.50`."""
    if value is None:
        return "–"
    scaled = value * 100
    return points((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator))


def heat(hundredths: int | None) -> str:
    """Return the class of a score's cell, `heat-0` (good, paper) to `heat-5`."""
    if hundredths is None:
        return "heat-none"
    return f"heat-{sum(hundredths < step for step in HEAT)}"


def day(value: date) -> str:
    """Return a day such as 10 月 12 日, in the business time zone."""
    return format_date(_local_day(value), _("M 月 d 日"))


def full_day(value: date) -> str:
    """Return a day with its year."""
    return format_date(_local_day(value), _("y 年 M 月 d 日"))


def year_month(value: date) -> str:
    """Return the month of a day with its year."""
    return format_date(_local_day(value), _("y 年 M 月"))


def moment(value: datetime) -> str:
    """Return a day and a time, 24 hours, in the business time zone."""
    return format_datetime(_local(value), _("M 月 d 日 HH:mm"), rebase=False)


def clock(value: datetime) -> str:
    """Return the time of day, in the business time zone."""
    return f"{_local(value):%H:%M}"


def listed(words: Iterable[str]) -> str:
    """Return words one after the other, as the language of the page puts them into a row."""
    return _("、").join(words)


def quoted(words: str) -> str:
    """Return what somebody said in the quotation marks of the page's language."""
    return _("“%(words)s”", words=words)


def fingerprint(digits: str) -> str:
    """Return a fingerprint as it is shown: 16 digits in fours."""
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4))


def _local_day(value: date) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def _local(value: datetime) -> datetime:
    return value.astimezone(current_settings().timezone)


FILTERS: dict[str, Callable[..., str]] = {
    "points": points,
    "signed_points": signed_points,
    "exact": exact,
    "decimals": decimals,
    "heat": heat,
    "day": day,
    "full_day": full_day,
    "year_month": year_month,
    "moment": moment,
    "clock": clock,
    "fingerprint": fingerprint,
    "listed": listed,
    "quoted": quoted,
}
