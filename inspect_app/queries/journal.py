"""Questions about the journal: what happened to one thing, and who did it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.models.journal import ActorKind, JournalEntry
from inspect_app.models.people import User


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the journal, for head office to read.

    Attributes:
        actor_name: of a user, as they are called today; None for inspectors and for the system.
        from_state, to_state: None where the change was none of state.
    """

    at: datetime
    actor_kind: ActorKind
    actor_name: str | None
    action: str
    from_state: str | None
    to_state: str | None
    reason: str | None


def events_of(session: Session, subject: str, subject_id: str) -> tuple[Event, ...]:
    """Return what happened to one thing, the latest first.

    Args:
        subject: the name of its table; `subject_id` its identifier there.
    """
    rows = session.execute(
        select(JournalEntry, User.display_name)
        .outerjoin(User, User.id == JournalEntry.actor_id)
        .where(JournalEntry.subject == subject, JournalEntry.subject_id == subject_id)
        .order_by(JournalEntry.at.desc(), JournalEntry.id)
    )
    return tuple(
        Event(
            at=entry.at,
            actor_kind=entry.actor_kind,
            actor_name=name,
            action=entry.action,
            from_state=entry.from_state,
            to_state=entry.to_state,
            reason=entry.reason,
        )
        for entry, name in rows
    )
