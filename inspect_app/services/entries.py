"""Inspectors come in with a personal link, once, and their phone stays signed in until it is ended."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.people import LoginSession, User, UserKind
from inspect_app.models.phones import EntryKind, PersonalEntry, Phone
from inspect_app.queries.phones import live_entry, phone_with_session
from inspect_app.services import journal
from inspect_app.services.journal import Actor
from inspect_app.services.people import subject_of
from inspect_app.services.receipts import SIGNS
from inspect_app.services.tokens import hash_of, new_token

LINK_LASTS = timedelta(hours=72)
CODE_LASTS = timedelta(minutes=30)
CODE_LENGTH = 8
PHONE_LASTS = timedelta(days=60)
"""How long a phone stays signed in: longer than a wave's field work, shorter than it is forgotten."""


@dataclass(frozen=True, slots=True)
class HandedOutEntry:
    """A way in at the only moment at which its token is known."""

    token: str
    expires_at: datetime


def hand_out_entry(session: Session, actor: Actor, inspector: User, *, now: datetime) -> HandedOutEntry:
    """Make a link with which an inspector comes in, once; the one they had before ends.

    Raises:
        ConflictError: it is no active inspector.
    """
    if inspector.kind is not UserKind.INSPECTOR or not inspector.is_active:
        raise ConflictError("a personal link is for an active inspector")
    _end_entries(session, inspector, EntryKind.LINK, now)
    token = new_token()
    entry = _add(session, inspector, EntryKind.LINK, token, now, LINK_LASTS)
    _tell(session, actor, "hand_out_entry", inspector, now)
    return HandedOutEntry(token, entry.expires_at)


def take_back_entry(session: Session, actor: Actor, inspector: User, *, now: datetime) -> None:
    """End the link that was handed out and not used yet.

    Raises:
        ConflictError: there is none.
    """
    if not _end_entries(session, inspector, EntryKind.LINK, now):
        raise ConflictError("no personal link is open")
    _tell(session, actor, "take_back_entry", inspector, now)


def use_entry(session: Session, token: str, *, now: datetime) -> User:
    """Use a link or a code up, and return who comes in with it.

    Raises:
        NotFoundError: there is no such way in, or it was used, taken back, or has run out.
    """
    entry = live_entry(session, hash_of(token), now=now)
    if entry is None:
        raise NotFoundError("this way in")
    used = update(PersonalEntry).where(
        PersonalEntry.token_hash == entry.token_hash,
        PersonalEntry.used_at.is_(None),
        PersonalEntry.ended_at.is_(None),
    )
    if session.connection().execute(used.values(used_at=now)).rowcount != 1:
        raise NotFoundError("this way in")
    _tell(session, Actor.inspector(), "come_in", entry.user, now)
    return entry.user


def bind_phone(session: Session, inspector: User, session_hash: str, *, now: datetime) -> Phone:
    """Write down the phone that came in; from now on its session and it end together."""
    phone = Phone(user_id=inspector.id, session_hash=session_hash, came_at=now)
    session.add(phone)
    session.flush()
    return phone


def show_code(session: Session, inspector: User, *, now: datetime) -> str:
    """Return a short code for the app on the same phone, which does not share the browser's session."""
    _end_entries(session, inspector, EntryKind.CODE, now)
    code = "".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH))
    _add(session, inspector, EntryKind.CODE, code, now, CODE_LASTS)
    return f"{code[:4]}-{code[4:]}"


def typed_code(text: str) -> str:
    """Return a code as it was made, however it was typed."""
    return "".join(sign for sign in text.upper() if sign in SIGNS)


def end_phone(session: Session, actor: Actor, phone: Phone, *, now: datetime) -> None:
    """End a phone that is lost, or not its inspector's any more; what it still sends counts by decision.

    Raises:
        ConflictError: it has ended.
    """
    if phone.ended_at is not None:
        raise ConflictError(f"phone {phone.id} has ended")
    phone.ended_at, phone.ended_by_id = now, actor.user_id
    session.execute(delete(LoginSession).where(LoginSession.token_hash == phone.session_hash))
    session.flush()
    _tell(session, actor, "end_phone", phone.user, now)


def sign_out_phone(session: Session, session_hash: str, *, now: datetime) -> None:
    """Note that an inspector signed out on a phone; nothing happens where it is no phone's session."""
    phone = phone_with_session(session, session_hash)
    if phone is not None and phone.ended_at is None:
        phone.ended_at = now
        session.flush()


def _add(
    session: Session, inspector: User, kind: EntryKind, token: str, now: datetime, lasts: timedelta
) -> PersonalEntry:
    entry = PersonalEntry(
        token_hash=hash_of(token), kind=kind, user=inspector, made_at=now, expires_at=now + lasts
    )
    session.add(entry)
    session.flush()
    return entry


def _end_entries(session: Session, inspector: User, kind: EntryKind, now: datetime) -> int:
    open_ones = update(PersonalEntry).where(
        PersonalEntry.user_id == inspector.id,
        PersonalEntry.kind == kind,
        PersonalEntry.used_at.is_(None),
        PersonalEntry.ended_at.is_(None),
        PersonalEntry.expires_at > now,
    )
    return session.connection().execute(open_ones.values(ended_at=now)).rowcount


def _tell(session: Session, actor: Actor, action: str, inspector: User, now: datetime) -> None:
    journal.record(session, actor, action, "user_account", subject_of(inspector), now=now)
