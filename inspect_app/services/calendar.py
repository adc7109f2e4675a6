"""Head office says of a day whether the bank works, and takes it back."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from inspect_app.errors import NotFoundError
from inspect_app.models.calendar import CalendarDay
from inspect_app.queries.calendar import calendar_day
from inspect_app.services import journal
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.services.versions import require_seen

WORKING = {True: "working", False: "free"}
RULE = "by_rule"


@dataclass(frozen=True, slots=True)
class DayMark:
    """What head office says of a day; `words` why, at most 120 characters."""

    day: date
    is_working: bool
    words: str = ""


def mark_day(
    session: Session, actor: Actor, mark: DayMark, seen: int | None, *, now: datetime
) -> CalendarDay:
    """Say of a day whether the bank works. What was counted before stays as it was counted.

    Args:
        seen: the version of what was said before; None where nothing was.

    Raises:
        StaleError: someone else said something of this day meanwhile.
        ConflictError: someone else was faster.
    """
    row = calendar_day(session, mark.day)
    require_seen(f"day {mark.day}", None if row is None else row.version, seen)
    step = _Step("mark_day", mark.day, RULE if row is None else WORKING[row.is_working])
    if row is None:
        row = CalendarDay(day=mark.day)
        session.add(row)
    row.is_working, row.words, row.changed_at = mark.is_working, mark.words.strip(), now
    flush_or_conflict(session, f"day {mark.day} is marked")
    _record(session, actor, step, WORKING[mark.is_working], now=now, words=row.words)
    return row


def unmark_day(session: Session, actor: Actor, day: date, seen: int, *, now: datetime) -> None:
    """Let a day follow the rule again.

    Raises:
        NotFoundError: head office said nothing of it.
        StaleError: someone else said something else meanwhile.
    """
    row = calendar_day(session, day)
    if row is None:
        raise NotFoundError(f"day {day} follows the rule")
    require_seen(f"day {day}", row.version, seen)
    step = _Step("unmark_day", day, WORKING[row.is_working])
    session.delete(row)
    flush_or_conflict(session, f"day {day} follows the rule again")
    _record(session, actor, step, RULE, now=now)


@dataclass(frozen=True, slots=True)
class _Step:
    action: str
    day: date
    before: str


def _record(
    session: Session, actor: Actor, step: _Step, after: str, *, now: datetime, words: str = ""
) -> None:
    journal.record(
        session,
        actor,
        step.action,
        "calendar_day",
        step.day.isoformat(),
        now=now,
        from_state=step.before,
        to_state=after,
        reason=words or None,
    )
