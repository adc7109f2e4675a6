"""Questions about accounts: what links and second steps are open, and whom head office looks for."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from inspect_app.errors import NotFoundError
from inspect_app.models.accounts import AccountLink, PendingLogin, SecondStep, SpareCode
from inspect_app.models.people import LoginFailure, User, UserKind

MOST_PEOPLE = 100
"""How many people one search shows."""


def user_with_id(session: Session, user_id: uuid.UUID) -> User:
    """Return a user, active or not.

    Raises:
        NotFoundError: there is none.
    """
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError(f"user {user_id}")
    return user


def live_link(session: Session, token_hash: str, *, now: datetime) -> AccountLink | None:
    """Return a link that can still be used: neither used nor run out, its user active; else None."""
    return session.scalar(
        select(AccountLink)
        .join(AccountLink.user)
        .where(
            AccountLink.token_hash == token_hash,
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > now,
            User.is_active,
        )
    )


def open_link_of(session: Session, user: User, *, now: datetime) -> AccountLink | None:
    """Return the link of a user that was handed out and not used yet; None where there is none."""
    return session.scalar(
        select(AccountLink).where(
            AccountLink.user_id == user.id, AccountLink.used_at.is_(None), AccountLink.expires_at > now
        )
    )


def pending_login(session: Session, token_hash: str, *, now: datetime) -> PendingLogin | None:
    """Return who still owes the second step under this token; None where nobody does any more."""
    return session.scalar(
        select(PendingLogin)
        .join(PendingLogin.user)
        .where(
            PendingLogin.token_hash == token_hash,
            PendingLogin.expires_at > now,
            PendingLogin.session_version == User.session_version,
            User.is_active,
        )
    )


def second_step_of(session: Session, user: User) -> SecondStep | None:
    """Return a user's second step, confirmed or only begun; None where there is none."""
    return session.get(SecondStep, user.id)


def has_second_step(session: Session, user: User) -> bool:
    """Say whether a user has to give a code after the password."""
    step = second_step_of(session, user)
    return step is not None and step.confirmed_at is not None


def spare_codes_left(session: Session, user: User) -> int:
    """Count the spare codes that a user has not used."""
    counted = select(func.count()).select_from(SpareCode)
    return session.scalar(counted.where(SpareCode.user_id == user.id, SpareCode.used_at.is_(None))) or 0


def people_matching(session: Session, words: str, kind: UserKind | None) -> Sequence[User]:
    """Return the first people whose user name or name holds `words`, of one kind or of all, by user name."""
    found = select(User).order_by(User.username).limit(MOST_PEOPLE)
    if words:
        found = found.where(
            or_(
                User.username.contains(words, autoescape=True),
                User.display_name.contains(words, autoescape=True),
            )
        )
    return session.scalars(found if kind is None else found.where(User.kind == kind)).all()


def attacked_accounts(session: Session, since: datetime, tries: int) -> Sequence[User]:
    """Return the users at whose name at least so many attempts to sign in failed since a moment."""
    names = (
        select(LoginFailure.account)
        .where(LoginFailure.at >= since)
        .group_by(LoginFailure.account)
        .having(func.count() >= tries)
    )
    return session.scalars(select(User).where(User.username.in_(names)).order_by(User.username)).all()
