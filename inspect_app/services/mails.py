"""Mails: written in the transaction of what they tell of, and sent afterwards by whoever takes the lease.

A mail goes out once, as far as its protocol allows: a sender that is killed after the server took the mail,
before that was written down, leaves a mail that is sent again, with the same Message-ID.
"""

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError
from inspect_app.models.jobs import LONGEST_KEY, Mail, MailFailure, MailState
from inspect_app.models.people import User
from inspect_app.queries.mails import mail_keyed
from inspect_app.services import journal
from inspect_app.services.journal import Actor
from inspect_app.services.leases import LEASE, Lease, LeaseLostError

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=2)
MOST_SENDINGS = 8
"""How often a mail is tried: over about two hours, as long as a mail server is being mended."""

LONGEST_SUBJECT = 200
HERE = "inspect"
"""The right side of a Message-ID: it has to be unique, not an address."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that a node has just taken, as it is to be sent."""

    lease: Lease
    address: str
    subject: str
    text: str
    message_id: str
    queued_at: datetime


def queue(
    session: Session,
    user: User,
    subject: str,
    text: str,
    *,
    key: str,
    now: datetime,
    useless_from: datetime | None = None,
) -> Mail | None:
    """Write a mail to somebody, in the transaction of what it tells of.

    Args:
        subject, text: in the language of the user; what would end a line of the head becomes a blank.
        key: what the mail is and whom it is for, at most 160 characters, such as `overdue <user> <day>`; a
            second one with the same key is not written.
        useless_from: it is not sent from then on.

    Returns:
        None where it was written before, or the user has no address or no active account.
    """
    if len(key) > LONGEST_KEY:
        raise ValueError(f"the key of a mail is too long: {len(key)}")
    if not user.email or not user.is_active or mail_keyed(session, key) is not None:
        return None
    mail = Mail(
        key=key,
        user_id=user.id,
        address=user.email,
        subject=one_line(subject)[:LONGEST_SUBJECT],
        text=text,
        message_id=f"<{uuid.uuid4().hex}@{HERE}>",
        due_at=now,
        useless_from=useless_from,
        queued_at=now,
    )
    try:
        with session.begin_nested():
            session.add(mail)
    except IntegrityError:  # Somebody else wrote the same at the same moment.
        return None
    return mail


def one_line(text: str) -> str:
    """Return a text with blanks for everything that could end a line or is no sign to be read."""
    return " ".join("".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text).split())


def claim(session: Session, node: str, *, now: datetime, lasting: timedelta = LEASE) -> Letter | None:
    """Take the mail that has waited longest, a vanished node's too; None where nothing waits."""
    waits = (Mail.state == MailState.QUEUED) & (Mail.due_at <= now)
    lost = (Mail.state == MailState.SENDING) & (Mail.lease_until < now)
    waiting = (
        select(Mail.id)
        .where(or_(waits, lost), Mail.tries < MOST_SENDINGS)
        .where(or_(Mail.useless_from.is_(None), Mail.useless_from > now))
        .order_by(Mail.due_at, Mail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(Mail)
        .where(Mail.id == waiting)
        .values(state=MailState.SENDING, node=node, lease_until=now + lasting, tries=Mail.tries + 1)
        .returning(
            Mail.id, Mail.tries, Mail.address, Mail.subject, Mail.text, Mail.message_id, Mail.queued_at
        )
        .execution_options(synchronize_session=False)
    )
    mail = session.execute(taken).one_or_none()
    if mail is None:
        return None
    lease = Lease(mail.id, node, mail.tries, now + lasting)
    return Letter(lease, mail.address, mail.subject, mail.text or "", mail.message_id, mail.queued_at)


def mark_sent(session: Session, lease: Lease, *, now: datetime) -> None:
    """Write down that the server took a mail; its text is erased.

    Raises:
        LeaseLostError: the mail is no longer this node's.
    """
    _change(session, lease, _ended(lease, MailState.SENT, now))


def put_off(session: Session, lease: Lease, why: MailFailure, *, now: datetime) -> None:
    """Let a mail be sent again later, longer each time; the last try ends it.

    Raises:
        LeaseLostError: the mail is no longer this node's.
    """
    if lease.tries >= MOST_SENDINGS:
        give_up(session, lease, why, now=now)
        return
    later = now + min(FIRST_PAUSE * 2 ** (lease.tries - 1), LONGEST_PAUSE)
    waiting = _of(lease).values(state=MailState.QUEUED, node=None, lease_until=None, due_at=later)
    _change(session, lease, waiting)


def give_up(session: Session, lease: Lease, why: MailFailure, *, now: datetime) -> None:
    """End a mail that the server will never take; its text is kept as long as it is worth anything.

    Raises:
        LeaseLostError: the mail is no longer this node's.
    """
    ended = _of(lease).values(state=MailState.FAILED, failure=why, ended_at=now, node=None, lease_until=None)
    _change(session, lease, ended)


def sweep(session: Session, *, now: datetime) -> int:
    """End the mails that came to nothing: worth nothing now, or lost at the last try; return how many."""
    live = Mail.state.in_((MailState.QUEUED, MailState.SENDING))
    idle = or_(Mail.state == MailState.QUEUED, Mail.lease_until < now)
    ended = {"state": MailState.FAILED, "ended_at": now, "node": None, "lease_until": None}
    late = update(Mail).where(live, idle, Mail.useless_from <= now)
    lost = update(Mail).where(Mail.state == MailState.SENDING, idle, Mail.tries >= MOST_SENDINGS)
    connection = session.connection()
    swept = connection.execute(late.values(**ended, failure=MailFailure.LATE)).rowcount
    swept += connection.execute(lost.values(**ended, failure=MailFailure.UNREACHABLE)).rowcount
    connection.execute(update(Mail).where(Mail.text.is_not(None), Mail.useless_from <= now).values(text=None))
    return swept


def cancel(session: Session, actor: Actor, mail: Mail, *, now: datetime) -> None:
    """Keep a mail from going out; its text is erased.

    Raises:
        ConflictError: it is on its way or over.
    """
    was = mail.state
    ended = update(Mail).where(Mail.id == mail.id, Mail.state == MailState.QUEUED)
    _decide(session, mail, ended.values(state=MailState.CANCELLED, ended_at=now, text=None))
    _tell(session, actor, "cancel_mail", mail, was, now=now)


def try_again(session: Session, actor: Actor, mail: Mail, *, now: datetime) -> None:
    """Send a mail that failed after all, as far as its text is still there.

    Raises:
        ConflictError: it has not failed, or is worth nothing any more.
    """
    was = mail.state
    queued = update(Mail).where(Mail.id == mail.id, Mail.state == MailState.FAILED, Mail.text.is_not(None))
    values = {"state": MailState.QUEUED, "failure": None, "ended_at": None, "tries": 0, "due_at": now}
    _decide(session, mail, queued.values(**values))
    _tell(session, actor, "retry_mail", mail, was, now=now)


def cancel_links_of(session: Session, user: User, *, now: datetime) -> None:
    """Keep the mails from going out that hold a link into this account, as when it is worth nothing now."""
    waiting = update(Mail).where(
        Mail.user_id == user.id, Mail.state == MailState.QUEUED, Mail.useless_from.is_not(None)
    )
    session.execute(waiting.values(state=MailState.CANCELLED, ended_at=now, text=None))


def forget_mails(session: Session, ended_before: datetime) -> int:
    """Erase the mails that ended before a moment; return how many."""
    return session.connection().execute(delete(Mail).where(Mail.ended_at < ended_before)).rowcount


def _of(lease: Lease) -> Update:
    return (
        update(Mail)
        .where(
            Mail.id == lease.id,
            Mail.state == MailState.SENDING,
            Mail.node == lease.node,
            Mail.tries == lease.tries,
        )
        .execution_options(synchronize_session=False)
    )


def _ended(lease: Lease, state: MailState, now: datetime) -> Update:
    return _of(lease).values(state=state, ended_at=now, node=None, lease_until=None, text=None)


def _change(session: Session, lease: Lease, change: Update) -> None:
    if session.connection().execute(change).rowcount != 1:
        raise LeaseLostError(str(lease.id))


def _decide(session: Session, mail: Mail, change: Update) -> None:
    if session.connection().execute(change).rowcount != 1:
        raise ConflictError("the mail is in another state")
    session.refresh(mail)


def _tell(session: Session, actor: Actor, action: str, mail: Mail, was: MailState, *, now: datetime) -> None:
    # The identifier of the mail alone: a recipient may be an inspector.
    journal.record(
        session,
        actor,
        action,
        "mail",
        str(mail.id),
        now=now,
        from_state=was.value,
        to_state=mail.state.value,
    )
