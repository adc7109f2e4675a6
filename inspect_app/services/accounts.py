"""Accounts after they were made: links into them, passwords, places in the bank, being shut and opened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.accounts import AccountLink, LinkPurpose, PendingLogin
from inspect_app.models.people import LoginSession, User, UserKind
from inspect_app.queries.accounts import live_link
from inspect_app.services import journal, mails
from inspect_app.services.journal import Actor
from inspect_app.services.people import Post, place_of, require_address, subject_of
from inspect_app.services.tokens import hash_of, new_token

INVITE_LASTS = timedelta(hours=72)
RESET_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A link at the only moment at which its token is known."""

    token: str
    purpose: LinkPurpose
    expires_at: datetime


def hand_out_link(session: Session, actor: Actor, user: User, *, now: datetime) -> HandedOut:
    """Make a link with which a user sets a password, once; the one they had before ends.

    Whoever has no password yet is invited; everybody else gets a shorter time.

    Raises:
        ConflictError: the account is deactivated.
    """
    if not user.is_active:
        raise ConflictError("a deactivated account gets no link")
    _end_links(session, user)
    mails.cancel_links_of(session, user, now=now)
    token = new_token()
    purpose = LinkPurpose.RESET if user.password_hash else LinkPurpose.INVITE
    expires_at = now + (RESET_LASTS if purpose is LinkPurpose.RESET else INVITE_LASTS)
    link = AccountLink(
        token_hash=hash_of(token), purpose=purpose, user=user, created_at=now, expires_at=expires_at
    )
    session.add(link)
    session.flush()
    _tell(session, actor, "hand_out_link", user, now=now, to_state=purpose.value)
    return HandedOut(token, purpose, expires_at)


def use_link(session: Session, token: str, password_hash: str, *, now: datetime) -> User:
    """Set a password by a link, which is used up by it; every session of the user ends. Return the user.

    Raises:
        NotFoundError: there is no such link, or it was used, has run out, or was followed by a newer one.
    """
    link = live_link(session, hash_of(token), now=now)
    if link is None:
        raise NotFoundError("this link")
    used = update(AccountLink).where(AccountLink.token_hash == link.token_hash, AccountLink.used_at.is_(None))
    if session.connection().execute(used.values(used_at=now)).rowcount != 1:
        raise NotFoundError("this link")
    _set_password(session, link.user, password_hash)
    _tell(session, Actor.user(link.user), "set_password", link.user, now=now, to_state=link.purpose.value)
    return link.user


def change_password(session: Session, user: User, password_hash: str, *, now: datetime) -> None:
    """Set the password that a user chose; every session of theirs ends, and every link."""
    _end_links(session, user)
    mails.cancel_links_of(session, user, now=now)
    _set_password(session, user, password_hash)
    _tell(session, Actor.user(user), "change_password", user, now=now)


def sign_out_everywhere(session: Session, user: User, *, now: datetime) -> None:
    """End every session of a user, that of this browser too."""
    _end_sessions(session, user)
    _tell(session, Actor.user(user), "sign_out_everywhere", user, now=now)


def choose_language(session: Session, user: User, language: str) -> None:
    """Keep the language in which a user is spoken to wherever the browser has not chosen one."""
    user.language = language
    session.flush()


def deactivate(session: Session, actor: Actor, user: User, reason: str, *, now: datetime) -> None:
    """Shut an account: its sessions and links end, nothing that was done with it is lost.

    Raises:
        ConflictError: it is shut already, or it is the actor's own.
    """
    _refuse_own(actor, user)
    if not user.is_active:
        raise ConflictError("the account is deactivated already")
    user.is_active = False
    _end_links(session, user)
    mails.cancel_links_of(session, user, now=now)
    _end_sessions(session, user)
    _tell(session, actor, "deactivate_user", user, now=now, reason=reason)


def reactivate(session: Session, actor: Actor, user: User, reason: str, *, now: datetime) -> None:
    """Open an account again, with the password it had.

    Raises:
        ConflictError: it is open.
    """
    if user.is_active:
        raise ConflictError("the account is active already")
    user.is_active = True
    session.flush()
    _tell(session, actor, "reactivate_user", user, now=now, reason=reason)


def change_email(session: Session, actor: Actor, user: User, email: str | None, *, now: datetime) -> None:
    """Write down where mails to a user go from now on; None for nowhere. What waits still goes where it was.

    Raises:
        IncompleteError: the address is none.
    """
    user.email = None if email is None else require_address(email)
    session.flush()
    _tell(session, actor, "change_email", user, now=now)


def change_name(session: Session, actor: Actor, user: User, name: str, *, now: datetime) -> None:
    """Call a user by another name from now on; the user name stays."""
    user.display_name = name
    session.flush()
    _tell(session, actor, "change_name", user, now=now)


def change_post(session: Session, actor: Actor, user: User, post: Post, *, now: datetime) -> None:
    """Give a user another part in the bank, or another place of it; every session of theirs ends.

    An inspector's account is never turned into another kind, nor another's into an inspector's: what was
    done under it would tell who the inspector is.

    Raises:
        ConflictError: the account is the actor's own or an inspector's, or the place is not the kind's.
        NotFoundError: there is no such region or branch.
    """
    _refuse_own(actor, user)
    if UserKind.INSPECTOR in (user.kind, post.kind):
        raise ConflictError("an inspector's account stays one")
    region, branch = place_of(session, post)
    before = user.kind
    user.kind, user.region, user.branch = post.kind, region, branch
    _end_sessions(session, user)
    _tell(session, actor, "change_post", user, now=now, from_state=before.value, to_state=post.kind.value)


def _refuse_own(actor: Actor, user: User) -> None:
    # So there is always one administrator left.
    if actor.user_id == user.id:
        raise ConflictError("nobody shuts or moves the own account")


def _set_password(session: Session, user: User, password_hash: str) -> None:
    user.password_hash = password_hash
    _end_sessions(session, user)


def _end_sessions(session: Session, user: User) -> None:
    user.session_version += 1
    session.flush()
    for table in (LoginSession, PendingLogin):
        session.execute(delete(table).where(table.user_id == user.id))


def _end_links(session: Session, user: User) -> None:
    session.execute(delete(AccountLink).where(AccountLink.user_id == user.id, AccountLink.used_at.is_(None)))


def _tell(
    session: Session,
    actor: Actor,
    action: str,
    user: User,
    *,
    now: datetime,
    from_state: str | None = None,
    to_state: str | None = None,
    reason: str | None = None,
) -> None:
    journal.record(
        session,
        actor,
        action,
        "user_account",
        subject_of(user),
        now=now,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
    )
