"""People: their accounts, their sessions, and the failed attempts to sign in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError
from inspect_app.models.people import LoginFailure, LoginSession, User, UserKind
from inspect_app.queries.organisation import branch_coded, region_coded
from inspect_app.queries.people import LONGEST_ACCOUNT, user_named
from inspect_app.services import journal
from inspect_app.services.journal import Actor

FAILURES_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class UserPlan:
    """An account to be made.

    Attributes:
        region_code: of regional managers, their region; None for everybody else.
        branch_code: of branch managers, their branch; None for everybody else.
    """

    username: str
    display_name: str
    kind: UserKind
    password_hash: str
    region_code: str | None = None
    branch_code: str | None = None
    language: str = "zh-Hans"


def add_user(session: Session, actor: Actor, plan: UserPlan, *, now: datetime) -> User:
    """Make an account.

    Raises:
        ConflictError: the name is taken, or the place does not go with the kind of user.
        NotFoundError: there is no such region or branch.
    """
    if user_named(session, plan.username) is not None:
        raise ConflictError(f"the name {plan.username} is taken")
    _require_place(plan)
    region = None if plan.region_code is None else region_coded(session, plan.region_code)
    branch = None if plan.branch_code is None else branch_coded(session, plan.branch_code)
    user = User(
        username=plan.username,
        display_name=plan.display_name,
        kind=plan.kind,
        password_hash=plan.password_hash,
        region=region,
        branch=branch,
        language=plan.language,
        created_at=now,
    )
    session.add(user)
    session.flush()
    subject_id = plan.kind.value if plan.kind is UserKind.INSPECTOR else str(user.id)
    journal.record(
        session, actor, "add_user", "user_account", subject_id, now=now, details={"kind": plan.kind.value}
    )
    return user


def _require_place(plan: UserPlan) -> None:
    """Raise unless a regional manager has a region, a branch manager a branch, and nobody else either."""
    wants = (plan.kind is UserKind.REGIONAL_MANAGER, plan.kind is UserKind.BRANCH_MANAGER)
    if wants != (plan.region_code is not None, plan.branch_code is not None):
        raise ConflictError(f"a {plan.kind.value} has another place in the bank than the one given")


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


def record_login_failure(session: Session, account: str, address: str, *, now: datetime) -> None:
    """Keep a failed attempt to sign in for the throttle, and forget those too old to matter."""
    session.execute(delete(LoginFailure).where(LoginFailure.at < now - FAILURES_KEPT))
    session.add(LoginFailure(account=account[:LONGEST_ACCOUNT], address=address, at=now))
    session.flush()
