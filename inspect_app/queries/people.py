"""Questions about people: who they are, whether they are signed in, how often it failed."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from inspect_app.models.people import LoginFailure, LoginSession, User, UserKind

LONGEST_ACCOUNT = 80
TRIES_OF_ACCOUNT, TRIES_OF_ADDRESS = 0x7121, 0x7122
"""Kinds of the advisory locks under which attempts to sign in are counted on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Failures:
    """How many attempts to sign in failed since a moment, under one name and from one address."""

    account: int
    address: int


def user_named(session: Session, username: str) -> User | None:
    """Return the user who signs in by this name, active or not; None where there is none."""
    return session.scalar(select(User).where(User.username == username))


def users_with_mail(session: Session, kind: UserKind) -> Sequence[User]:
    """Return the active users of a kind to whom mails can be sent, by name."""
    return session.scalars(
        select(User).where(User.kind == kind, User.is_active, User.email.is_not(None)).order_by(User.username)
    ).all()


def live_session(session: Session, token_hash: str, *, now: datetime) -> LoginSession | None:
    """Return a session that still holds: not run out, its user active, of the user's session version."""
    return session.scalar(
        select(LoginSession)
        .join(LoginSession.user)
        .where(
            LoginSession.token_hash == token_hash,
            LoginSession.expires_at > now,
            LoginSession.session_version == User.session_version,
            User.is_active,
        )
    )


def take_turns_trying(session: Session, account: str, address: str) -> None:
    """Wait until nobody else counts attempts under this name or from this address; keep others waiting.

    On PostgreSQL until this transaction ends; on SQLite a transaction that writes is alone anyway.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    # Everybody waits for the name first, so that nobody waits in a circle.
    for kind, what in ((TRIES_OF_ACCOUNT, account[:LONGEST_ACCOUNT]), (TRIES_OF_ADDRESS, address)):
        key = zlib.crc32(what.encode()) - 2**31
        session.execute(select(func.pg_advisory_xact_lock(kind, key)))


def failures_since(session: Session, account: str, address: str, since: datetime) -> Failures:
    """Count the failed attempts to sign in since a moment, that moment included."""
    return Failures(
        account=_count(session, LoginFailure.account == account[:LONGEST_ACCOUNT], since),
        address=_count(session, LoginFailure.address == address, since),
    )


def _count(session: Session, whose: ColumnElement[bool], since: datetime) -> int:
    counted = select(func.count()).select_from(LoginFailure).where(whose, LoginFailure.at >= since)
    return session.scalar(counted) or 0
