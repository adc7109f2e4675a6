"""Questions about people: who they are, whether they are signed in, how often it failed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from inspect_app.models.people import LoginFailure, LoginSession, User

LONGEST_ACCOUNT = 80


@dataclass(frozen=True, slots=True)
class Failures:
    """How many attempts to sign in failed since a moment, under one name and from one address."""

    account: int
    address: int


def user_named(session: Session, username: str) -> User | None:
    """Return the user who signs in by this name, active or not; None where there is none."""
    return session.scalar(select(User).where(User.username == username))


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


def failures_since(session: Session, account: str, address: str, since: datetime) -> Failures:
    """Count the failed attempts to sign in since a moment, that moment included."""
    return Failures(
        account=_count(session, LoginFailure.account == account[:LONGEST_ACCOUNT], since),
        address=_count(session, LoginFailure.address == address, since),
    )


def _count(session: Session, whose: ColumnElement[bool], since: datetime) -> int:
    counted = select(func.count()).select_from(LoginFailure).where(whose, LoginFailure.at >= since)
    return session.scalar(counted) or 0
