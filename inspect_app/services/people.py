"""People: their accounts, their sessions, and the failed attempts to sign in."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.mail_server import is_address
from inspect_app.models.organisation import Branch, Region
from inspect_app.models.people import LoginFailure, LoginSession, User, UserKind
from inspect_app.queries.organisation import branch_coded, region_coded
from inspect_app.queries.people import LONGEST_ACCOUNT, user_named
from inspect_app.services import journal
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor

FAILURES_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Post:
    """A kind of user, and the place in the bank that goes with it.

    Attributes:
        region_code: of regional managers, their region; None for everybody else.
        branch_code: of branch managers, their branch; None for everybody else.
    """

    kind: UserKind
    region_code: str | None = None
    branch_code: str | None = None


@dataclass(frozen=True, slots=True)
class UserPlan:
    """An account to be made.

    Attributes:
        password_hash: empty for an account that is opened by an invitation.
        region_code, branch_code: as in a `Post`.
        email: where mails to this person go; None where that is not known.
    """

    username: str
    display_name: str
    kind: UserKind
    password_hash: str
    region_code: str | None = None
    branch_code: str | None = None
    language: str = "zh-Hans"
    email: str | None = None


def add_user(session: Session, actor: Actor, plan: UserPlan, *, now: datetime) -> User:
    """Make an account.

    Raises:
        ConflictError: the name is taken, or the place does not go with the kind of user.
        NotFoundError: there is no such region or branch.
        IncompleteError: the e-mail address is none.
    """
    if user_named(session, plan.username) is not None:
        raise ConflictError(f"the name {plan.username} is taken")
    region, branch = place_of(session, Post(plan.kind, plan.region_code, plan.branch_code))
    user = User(
        username=plan.username,
        display_name=plan.display_name,
        kind=plan.kind,
        password_hash=plan.password_hash,
        region=region,
        branch=branch,
        language=plan.language,
        email=None if plan.email is None else require_address(plan.email),
        created_at=now,
    )
    session.add(user)
    flush_or_conflict(session, f"the name {plan.username} is taken")
    details = {"kind": plan.kind.value}
    journal.record(session, actor, "add_user", "user_account", subject_of(user), now=now, details=details)
    return user


def place_of(session: Session, post: Post) -> tuple[Region | None, Branch | None]:
    """Return the region of a regional manager, the branch of a branch manager, of everybody else neither.

    Raises:
        ConflictError: the place does not go with the kind of user.
        NotFoundError: there is no such region or branch.
    """
    wants = (post.kind is UserKind.REGIONAL_MANAGER, post.kind is UserKind.BRANCH_MANAGER)
    if wants != (post.region_code is not None, post.branch_code is not None):
        raise ConflictError(f"a {post.kind.value} has another place in the bank than the one given")
    region = None if post.region_code is None else region_coded(session, post.region_code)
    branch = None if post.branch_code is None else branch_coded(session, post.branch_code)
    return region, branch


def require_address(text: str) -> str:
    """Return an e-mail address that is one.

    Raises:
        IncompleteError: it is none.
    """
    if not is_address(text):
        raise IncompleteError("the e-mail address is none", ("email",))
    return text


def subject_of(user: User) -> str:
    """Return how the journal names an account: an inspector's by its kind alone."""
    return user.kind.value if user.kind is UserKind.INSPECTOR else str(user.id)


def open_session(
    session: Session, user: User, token_hash: str, csrf_token: str, *, now: datetime, lasts: timedelta
) -> LoginSession:
    """Sign a user in: keep a new session, forget those that have run out."""
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= now))
    opened = LoginSession(
        token_hash=token_hash,
        user=user,
        session_version=user.session_version,
        csrf_token=csrf_token,
        created_at=now,
        expires_at=now + lasts,
    )
    session.add(opened)
    session.flush()
    return opened


def close_session(session: Session, token_hash: str) -> None:
    """Sign a browser out; where its session is gone already, nothing happens."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash))
    session.flush()


def record_login_failure(session: Session, account: str, address: str, *, now: datetime) -> uuid.UUID:
    """Keep a failed attempt for the throttle, forget those too old to matter, and return its id."""
    session.execute(delete(LoginFailure).where(LoginFailure.at < now - FAILURES_KEPT))
    failure = LoginFailure(account=account[:LONGEST_ACCOUNT], address=address, at=now)
    session.add(failure)
    session.flush()
    return failure.id


def give_try_back(session: Session, failure_id: uuid.UUID) -> None:
    """Forget an attempt that was written down as failed beforehand, and succeeded."""
    session.execute(delete(LoginFailure).where(LoginFailure.id == failure_id))
    session.flush()
