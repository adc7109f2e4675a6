"""The second step of signing in: one-time codes of a device after RFC 6238, and spare codes on paper."""

import base64
import secrets
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError
from inspect_app.models.accounts import PendingLogin, SecondStep, SpareCode
from inspect_app.models.people import User
from inspect_app.queries.accounts import has_second_step, second_step_of
from inspect_app.services import journal
from inspect_app.services.hidden_secrets import hide, reveal
from inspect_app.services.journal import Actor
from inspect_app.services.people import subject_of
from inspect_app.services.tokens import hash_of, new_token

SECONDS = 30
STEPS_OFF = 1
"""How many steps the device's clock may be ahead or behind."""
SPARE_CODES = 8
SPARE_BYTES = 10
PENDING_LASTS = timedelta(minutes=10)


def begin(session: Session, user: User, installation: str, *, now: datetime) -> SecondStep:
    """Give a user a new secret; codes are asked for only once the first was confirmed.

    Args:
        installation: the secret of the installation, under which the user's is encrypted.

    Raises:
        ConflictError: there is a confirmed one.
    """
    if has_second_step(session, user):
        raise ConflictError("the second step is in use")
    session.execute(delete(SecondStep).where(SecondStep.user_id == user.id))
    session.expire_all()
    step = SecondStep(
        user_id=user.id, secret=hide(pyotp.random_base32(), user.id, installation), begun_at=now, last_step=0
    )
    session.add(step)
    session.flush()
    return step


def confirm(
    session: Session, user: User, code: str, installation: str, *, now: datetime
) -> tuple[str, ...] | None:
    """Take the first code of the user's device; return the spare codes, None where the code is wrong.

    Raises:
        ConflictError: nothing was begun, or it is confirmed already.
        UnreadableSecretError: it was begun under another secret of the installation.
    """
    step = second_step_of(session, user)
    if step is None or step.confirmed_at is not None:
        raise ConflictError("there is no second step to confirm")
    if not _take_device_code(session, step, code, installation, now=now):
        return None
    step.confirmed_at = now
    session.execute(delete(SpareCode).where(SpareCode.user_id == user.id))
    codes = tuple(_new_spare_code() for _one in range(SPARE_CODES))
    session.add_all(SpareCode(user_id=user.id, code_hash=hash_of(_plain(code))) for code in codes)
    session.flush()
    _tell(session, Actor.user(user), "begin_second_step", user, now=now)
    return codes


def take_code(session: Session, user: User, code: str, installation: str, *, now: datetime) -> bool:
    """Say whether this is a code of the user's, and use it up: no code opens twice.

    Raises:
        UnreadableSecretError: it is no spare code, and the device's cannot be told any more.
    """
    step = second_step_of(session, user)
    if step is None or step.confirmed_at is None:
        return False
    if _take_spare_code(session, user, code, now=now):
        return True
    return _take_device_code(session, step, code, installation, now=now)


def secret_of(step: SecondStep, installation: str) -> str:
    """Return what a user's codes come from, base 32: never logged, shown only until it is confirmed.

    Raises:
        UnreadableSecretError: it was encrypted under another secret of the installation.
    """
    return reveal(step.secret, step.user_id, installation)


def end(session: Session, actor: Actor, user: User, *, now: datetime, reason: str | None = None) -> None:
    """Ask this user for no code any more.

    Raises:
        ConflictError: there is no second step.
    """
    if not has_second_step(session, user):
        raise ConflictError("there is no second step")
    for table in (SecondStep, SpareCode, PendingLogin):
        session.execute(delete(table).where(table.user_id == user.id))
    session.flush()
    _tell(session, actor, "end_second_step", user, now=now, reason=reason)


def reset(session: Session, actor: Actor, user: User, reason: str, *, now: datetime) -> None:
    """End somebody else's second step for them; their sessions stay, the journal says why it was done.

    Raises:
        ConflictError: there is none, or it is the actor's own, which only the password ends.
    """
    if actor.user_id == user.id:
        raise ConflictError("the own second step is ended with the password")
    end(session, actor, user, now=now, reason=reason)


def owe(session: Session, user: User, *, now: datetime) -> str:
    """Keep that a user gave the right password and owes a code; return the token of it."""
    session.execute(delete(PendingLogin).where(PendingLogin.expires_at <= now))
    token = new_token()
    session.add(
        PendingLogin(
            token_hash=hash_of(token),
            user=user,
            session_version=user.session_version,
            expires_at=now + PENDING_LASTS,
        )
    )
    session.flush()
    return token


def settle(session: Session, token: str) -> None:
    """Forget that somebody owed a code."""
    session.execute(delete(PendingLogin).where(PendingLogin.token_hash == hash_of(token)))


def _take_device_code(
    session: Session, step: SecondStep, code: str, installation: str, *, now: datetime
) -> bool:
    """Take a code of six digits whose step is later than the last one taken."""
    clean = code.replace(" ", "")
    codes = pyotp.TOTP(secret_of(step, installation))
    present = int(now.timestamp()) // SECONDS
    for number in range(present - STEPS_OFF, present + STEPS_OFF + 1):
        if number > step.last_step and secrets.compare_digest(
            codes.generate_otp(number).encode(), clean.encode()
        ):
            # Two requests with one code: the database lets one of them through.
            taken = update(SecondStep).where(
                SecondStep.user_id == step.user_id, SecondStep.last_step < number
            )
            return session.connection().execute(taken.values(last_step=number)).rowcount == 1
    return False


def _take_spare_code(session: Session, user: User, code: str, *, now: datetime) -> bool:
    used = update(SpareCode).where(
        SpareCode.user_id == user.id,
        SpareCode.code_hash == hash_of(_plain(code)),
        SpareCode.used_at.is_(None),
    )
    return session.connection().execute(used.values(used_at=now)).rowcount == 1


def _new_spare_code() -> str:
    """Return a code of 80 bits in four groups, as in `ABCD-EFGH-2345-WXYZ`."""
    letters = base64.b32encode(secrets.token_bytes(SPARE_BYTES)).decode()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").upper()


def _tell(
    session: Session, actor: Actor, action: str, user: User, *, now: datetime, reason: str | None = None
) -> None:
    journal.record(session, actor, action, "user_account", subject_of(user), now=now, reason=reason)
