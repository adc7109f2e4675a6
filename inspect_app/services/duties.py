"""Duties that come again and again: each period's is done once, by whichever node is first."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inspect_app.models.jobs import DutyDone


def begin(session: Session, duty: str, period: str, *, now: datetime) -> bool:
    """Say whether this transaction is the one that does a duty for a period.

    Whoever else asks waits until it has ended, and is then told no; yes again only where it was rolled back.
    """
    try:
        with session.begin_nested():
            session.add(DutyDone(duty=duty, period=period, at=now))
    except IntegrityError:
        return False
    return True


def forget_duties(session: Session, done_before: datetime) -> int:
    """Erase the rows of periods that are long over; return how many."""
    return session.connection().execute(delete(DutyDone).where(DutyDone.at < done_before)).rowcount
