"""Questions about inspectors' phones: which came in, which ways in are open, which were ended."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.errors import NotFoundError
from inspect_app.models.people import User
from inspect_app.models.phones import EntryKind, PersonalEntry, Phone


def live_entry(session: Session, token_hash: str, *, now: datetime) -> PersonalEntry | None:
    """Return a way in that can still be used: not used, taken back or run out, its user active; else None."""
    return session.scalar(
        select(PersonalEntry)
        .join(PersonalEntry.user)
        .where(
            PersonalEntry.token_hash == token_hash,
            PersonalEntry.used_at.is_(None),
            PersonalEntry.ended_at.is_(None),
            PersonalEntry.expires_at > now,
            User.is_active,
        )
    )


def open_entry_of(session: Session, user: User, *, now: datetime) -> PersonalEntry | None:
    """Return the link that the office handed out to a user and that was not used yet."""
    return session.scalar(
        select(PersonalEntry)
        .where(
            PersonalEntry.user_id == user.id,
            PersonalEntry.kind == EntryKind.LINK,
            PersonalEntry.used_at.is_(None),
            PersonalEntry.ended_at.is_(None),
            PersonalEntry.expires_at > now,
        )
        .order_by(PersonalEntry.made_at.desc())
        .limit(1)
    )


def phones_of(session: Session, user: User) -> Sequence[Phone]:
    """Return the phones of a user that may be used, the newest first."""
    return session.scalars(
        select(Phone).where(Phone.user_id == user.id, Phone.ended_at.is_(None)).order_by(Phone.came_at.desc())
    ).all()


def phone_of(session: Session, user: User, phone_id: uuid.UUID) -> Phone:
    """Return one phone of a user, ended or not.

    Raises:
        NotFoundError: there is none.
    """
    phone = session.scalar(select(Phone).where(Phone.id == phone_id, Phone.user_id == user.id))
    if phone is None:
        raise NotFoundError(f"phone {phone_id}")
    return phone


def phone_with_session(session: Session, session_hash: str) -> Phone | None:
    """Return the phone whose browser holds this session, ended or not; None where it is no phone's."""
    return session.scalar(select(Phone).where(Phone.session_hash == session_hash))


def is_ended_by_office(session: Session, phone_id: uuid.UUID) -> bool:
    """Say whether the office ended a phone; one that nobody knows is taken for ended."""
    phone = session.get(Phone, phone_id)
    return phone is None or phone.ended_by_id is not None
