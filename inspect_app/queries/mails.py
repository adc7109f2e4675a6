"""Questions about mails: which wait, which failed, for whom. What they say is read by their sender alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from inspect_app.errors import NotFoundError
from inspect_app.models.jobs import Mail, MailState

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class ListedMail:
    """A mail as head office sees it: never its text."""

    mail: Mail
    can_be_tried_again: bool


def mail_keyed(session: Session, key: str) -> Mail | None:
    """Return the mail with this key; None where there is none."""
    return session.scalar(select(Mail).where(Mail.key == key))


def mail_with_id(session: Session, mail_id: uuid.UUID) -> Mail:
    """Return a mail, without its text.

    Raises:
        NotFoundError: there is none.
    """
    mail = session.get(Mail, mail_id, options=[defer(Mail.text)])
    if mail is None:
        raise NotFoundError(f"mail {mail_id}")
    return mail


def any_mail_waiting(session: Session, *, now: datetime) -> bool:
    """Say whether a mail can be taken at this moment."""
    waits = (Mail.state == MailState.QUEUED) & (Mail.due_at <= now)
    lost = (Mail.state == MailState.SENDING) & (Mail.lease_until < now)
    return session.scalar(select(Mail.id).where(or_(waits, lost)).limit(1)) is not None


def mails_listed(session: Session) -> Sequence[ListedMail]:
    """Return the newest mails with whom they are for: those that failed first, then those under way."""
    urgency = case(
        (Mail.state == MailState.FAILED, 0),
        (Mail.state.in_((MailState.QUEUED, MailState.SENDING)), 1),
        else_=2,
    )
    rows = session.execute(
        select(Mail, Mail.text.is_not(None))
        .options(defer(Mail.text), joinedload(Mail.user))
        .order_by(urgency, Mail.queued_at.desc(), Mail.id)
        .limit(MOST_LISTED)
    )
    return [ListedMail(mail, mail.state is MailState.FAILED and has_text) for mail, has_text in rows]


def count_mails(session: Session) -> dict[MailState, int]:
    """Count the mails by state."""
    return dict(session.execute(select(Mail.state, func.count()).group_by(Mail.state)).all())


def newest_mail_to(session: Session, user_id: uuid.UUID) -> Mail | None:
    """Return the newest mail to somebody; None where there is none."""
    newest = select(Mail).where(Mail.user_id == user_id).order_by(Mail.queued_at.desc()).limit(1)
    return session.scalar(newest.options(defer(Mail.text)))
