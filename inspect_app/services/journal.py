"""The journal's pen: every verb writes down who did what, when, from which state to which, and why."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from checklists.json_values import Json, canonical_json
from inspect_app.models.base import new_id
from inspect_app.models.journal import ActorKind, JournalEntry
from inspect_app.models.people import User, UserKind
from inspect_app.services.writing import write_row


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the journal writes it down. An inspector acts without saying which one."""

    kind: ActorKind
    user_id: uuid.UUID | None = None

    @classmethod
    def user(cls, user: User) -> "Actor":
        """Return a user as an actor; an inspector's id is left out."""
        if user.kind is UserKind.INSPECTOR:
            return cls.inspector()
        return cls(ActorKind.USER, user.id)

    @classmethod
    def inspector(cls) -> "Actor":
        """Return the actor of everything that an inspector does."""
        return cls(ActorKind.INSPECTOR)

    @classmethod
    def system(cls) -> "Actor":
        """Return the actor of what nobody asked for at that moment: commands and background work."""
        return cls(ActorKind.SYSTEM)


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    subject_id: str,
    *,
    now: datetime,
    from_state: str | None = None,
    to_state: str | None = None,
    reason: str | None = None,
    details: Mapping[str, Json] | None = None,
) -> uuid.UUID:
    """Add one entry to the journal, in the transaction of what it tells; return its id.

    Args:
        subject: the name of the table whose row changed; `subject_id` that row's identifier.
        details: what else belongs to it: codes, ids and numbers, never names.
    """
    session.flush()
    entry_id = new_id()
    steps = Change(from_state, to_state, reason, details or {})
    write_row(
        session, JournalEntry, id=entry_id, **entry_columns(actor, action, subject, subject_id, now, steps)
    )
    return entry_id


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry says of a change beside who, what and when; each as `record` takes it."""

    from_state: str | None = None
    to_state: str | None = None
    reason: str | None = None
    details: Mapping[str, Json] = field(default_factory=dict)


def entry_columns(
    actor: Actor, action: str, subject: str, subject_id: str, now: datetime, change: Change
) -> dict[str, object]:
    """Return an entry by its columns, for those who write many at once."""
    return {
        "at": now,
        "actor_kind": actor.kind,
        "actor_id": actor.user_id,
        "action": action,
        "subject": subject,
        "subject_id": subject_id,
        "from_state": change.from_state,
        "to_state": change.to_state,
        "reason": change.reason,
        "details": canonical_json(change.details).decode(),
    }
