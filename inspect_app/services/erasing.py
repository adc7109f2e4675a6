"""Somebody is forgotten: what is personal leaves the account, which stays, so that the journal stays true."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Delete, Update, delete, update
from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError
from inspect_app.models.accounts import AccountLink, PendingLogin, SecondStep, SpareCode
from inspect_app.models.jobs import Job, Mail
from inspect_app.models.keeping import Erasure
from inspect_app.models.list_uploads import ListUpload
from inspect_app.models.people import LoginFailure, LoginSession, User
from inspect_app.models.phones import PersonalEntry, Phone
from inspect_app.models.visits import VisitIdentity
from inspect_app.queries.keeping import erasure_of, users_with_ids
from inspect_app.services import journal
from inspect_app.services.journal import Actor
from inspect_app.services.people import subject_of

NOBODY = "—"
"""The name of somebody who was forgotten."""

OF_USERS = (
    LoginSession,
    PendingLogin,
    AccountLink,
    SecondStep,
    SpareCode,
    PersonalEntry,
    Phone,
    Mail,
    ListUpload,
)
"""Tables of which every row of a person goes."""


def ask_erasure(session: Session, user: User, *, now: datetime) -> Erasure:
    """Ask for somebody to be forgotten; done in a second step, since it cannot be undone.

    Raises:
        ConflictError: they were forgotten already.
    """
    erasure = erasure_of(session, user)
    if erasure is not None and erasure.done_at is not None:
        raise ConflictError("this person was forgotten already")
    if erasure is None:
        erasure = Erasure(user_id=user.id, asked_at=now)
        session.add(erasure)
        session.flush()
        journal.record(session, Actor.system(), "ask_erasure", "user_account", subject_of(user), now=now)
    return erasure


def erase_person(session: Session, user: User, *, now: datetime) -> Mapping[str, int]:
    """Take everything personal from an account; return of each table how many rows were changed.

    Raises:
        ConflictError: nobody asked for it, or it is done.
    """
    erasure = erasure_of(session, user)
    if erasure is None or erasure.done_at is not None:
        raise ConflictError("nobody asked for this person to be forgotten, or it is done")
    erasure.done_at = now
    changed = _strip(session, user)
    journal.record(
        session,
        Actor.system(),
        "erase_person",
        "user_account",
        subject_of(user),
        now=now,
        details={"rows": sum(changed.values())},
    )
    return changed


def erase_again(session: Session, ids: Sequence[uuid.UUID], *, now: datetime) -> int:
    """Forget those again who were forgotten after a backup that was taken back; return how many they are."""
    again = 0
    for user in users_with_ids(session, ids):
        erasure = erasure_of(session, user)
        if erasure is None or erasure.done_at is None:
            ask_erasure(session, user, now=now)
            erase_person(session, user, now=now)
            again += 1
    return again


def _strip(session: Session, user: User) -> Mapping[str, int]:
    account = user.username
    user.username, user.display_name, user.email = f"erased-{user.id.hex}", NOBODY, None
    user.password_hash, user.is_active = "", False
    user.session_version += 1
    session.flush()
    changes: dict[str, Delete | Update] = {
        table.__tablename__: delete(table).where(table.user_id == user.id) for table in OF_USERS
    }
    changes[LoginFailure.__tablename__] = delete(LoginFailure).where(LoginFailure.account == account)
    changes[Job.__tablename__] = (
        update(Job).where(Job.user_id == user.id, Job.file.is_not(None)).values(file=None, file_size=None)
    )
    changes[VisitIdentity.__tablename__] = (
        update(VisitIdentity)
        .where(VisitIdentity.inspector_id == user.id)
        .values(device=None, place=None, times="{}", token_hash=None, token_expires_at=None)
    )
    changed = {name: session.connection().execute(change).rowcount for name, change in changes.items()}
    session.expire_all()
    return {"user_account": 1, **{name: number for name, number in changed.items() if number}}
