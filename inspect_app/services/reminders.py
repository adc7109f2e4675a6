"""Mails that nobody asked for: what is overdue or about to be, each working day; how far it is, each week."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy.orm import Session

from inspect_app.models.people import User, UserKind
from inspect_app.queries.calendar import working_days
from inspect_app.queries.correction_overview import overview
from inspect_app.queries.deficiencies import DueCounts, due_counts
from inspect_app.queries.people import users_with_mail
from inspect_app.services import mails
from inspect_app.working_days import day_of

SOON = 2
"""Working days before its due date from which a deficiency is reminded of."""

WORTHLESS_AFTER = timedelta(hours=20)
"""A reminder of yesterday says nothing that is true today."""


@dataclass(frozen=True, slots=True)
class MailText:
    """A mail's subject and its text, in the language of who gets it."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class WeekOfRegion:
    """How far the repairs of a region are, for the digest.

    Attributes:
        behind: the names of the branches with something overdue, the worst first.
    """

    open: int
    overdue: int
    answered: int
    verified: int
    repeated: int
    behind: tuple[str, ...]


SayDue = Callable[[User, DueCounts], MailText]
SayWeek = Callable[[User, WeekOfRegion], MailText]
MOST_BEHIND = 5


def remind(session: Session, say: SayDue, *, now: datetime, timezone: tzinfo) -> int:
    """Write to every branch manager whose branch has something overdue, or due within two working days.

    Nobody is written to on a day off.

    Args:
        say: puts it into words.

    Returns:
        How many mails were written.
    """
    today = day_of(now, timezone)
    days = working_days(session)
    if not days.is_working(today):
        return 0
    soon = days.add(today, SOON)
    written = 0
    for user in users_with_mail(session, UserKind.BRANCH_MANAGER):
        counts = due_counts(session, user, today, soon)
        if counts.overdue or counts.soon:
            written += _write(session, user, say(user, counts), f"due {user.id} {today}", now)
    return written


def tell_week(session: Session, say: SayWeek, *, now: datetime, timezone: tzinfo) -> int:
    """Write to every regional manager how far the repairs of the region are; nothing where there are none.

    Args:
        say: puts it into words.

    Returns:
        How many mails were written.
    """
    today = day_of(now, timezone)
    written = 0
    for user in users_with_mail(session, UserKind.REGIONAL_MANAGER):
        week = _week(session, user, today, timezone)
        if week.open or week.answered:
            year, number, _weekday = today.isocalendar()
            written += _write(session, user, say(user, week), f"week {user.id} {year}-{number}", now)
    return written


def _week(session: Session, user: User, today: date, timezone: tzinfo) -> WeekOfRegion:
    seen = overview(session, user, today, None, timezone=timezone)
    behind = sorted((one for one in seen.branches if one.overdue), key=lambda one: (-one.overdue, one.code))
    return WeekOfRegion(
        open=seen.total.open,
        overdue=seen.total.overdue,
        answered=seen.total.answered,
        verified=seen.total.verified,
        repeated=seen.total.repeated,
        behind=tuple(one.name for one in behind[:MOST_BEHIND]),
    )


def _write(session: Session, user: User, words: MailText, key: str, now: datetime) -> int:
    mail = mails.queue(
        session, user, words.subject, words.text, key=key, now=now, useless_from=now + WORTHLESS_AFTER
    )
    return int(mail is not None)
