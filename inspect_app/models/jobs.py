"""Work in the background: jobs with their leases, mails that wait to go out, and duties that were done."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.models.base import LONGEST_CODE, Base, Identified, UtcDateTime, one_of
from inspect_app.models.people import User

LONGEST_KEY = 160
LONGEST_ADDRESS = 254
"""Characters that an e-mail address can have, after RFC 5321."""


class JobKind(StrEnum):
    """What can be done in the background.

    `REHEARSAL` makes nothing: it takes its time, counts its steps and leaves one entry in the journal, so
    that head office can see that work gets from a page to a worker and back.
    """

    RANKING_WORKBOOK = "ranking_workbook"
    REHEARSAL = "rehearsal"


class JobState(StrEnum):
    """The life of a job: `queued → running → done | failed`, or `cancelled` before its end."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobFailure(StrEnum):
    """Why a job failed.

    `GONE`: what it was about is not there any more, or not for who asked. `LOST`: those who did it vanished,
    again and again. `DATABASE`, `STORAGE`: these could not be used. `FAULT`: a fault of the product.
    """

    GONE = "gone"
    LOST = "lost"
    DATABASE = "database"
    STORAGE = "storage"
    FAULT = "fault"


class Job(Identified, Base):
    """One piece of work that somebody asked for, or the product itself. This row is the truth about it.

    Whoever does it holds a lease: a node's name and a moment up to which nobody else takes it. A node that
    vanishes lets its lease run out; what it had not finished is begun again, up to a number of tries.

    Attributes:
        arguments: JSON text: codes, ids and numbers, never names.
        user_id: who asked; None for the product itself.
        fingerprint: of everything that its result depends on; two jobs of one user with the same one would
            make the same. None where it is never the same.
        due_at: not begun before.
        done_steps, all_steps: how far it is; 0 of 0 before that is known.
        tries: how often it was begun.
        file, file_size: the SHA-256 of what it made, under which the storage has it, and its bytes; None
            where it makes none, before it is done, and after that was erased.
        ended_at: when it was done, failed or was cancelled.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(
            "(state = 'running') = (node IS NOT NULL AND lease_until IS NOT NULL)", name="lease_while_running"
        ),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure_when_failed"),
        CheckConstraint("(state IN ('queued', 'running')) = (ended_at IS NULL)", name="ended_when_over"),
        CheckConstraint("file IS NULL OR state = 'done'", name="file_when_done"),
        Index("ix_job_state_due_at", "state", "due_at"),
        Index("ix_job_user_id_fingerprint", "user_id", "fingerprint"),
    )

    # Not held to the enum by the database: a new kind of work needs no new shape.
    kind: Mapped[str] = mapped_column(String(LONGEST_CODE))
    arguments: Mapped[str] = mapped_column(Text)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[JobState] = mapped_column(one_of(JobState), default=JobState.QUEUED)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_steps: Mapped[int] = mapped_column(default=0)
    all_steps: Mapped[int] = mapped_column(default=0)
    node: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    failure: Mapped[JobFailure | None] = mapped_column(one_of(JobFailure))
    file: Mapped[str | None] = mapped_column(String(64))
    file_size: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User | None] = relationship(lazy="raise")


class MailState(StrEnum):
    """The life of a mail: `queued → sending → sent | failed`, or `cancelled` before it goes out."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MailFailure(StrEnum):
    """Why a mail did not go out.

    `REFUSED`: the mail server does not take it, for this address or at all. `UNREACHABLE`: there was no
    speaking with the server, again and again. `LATE`: what it says was worth nothing any more.
    """

    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    LATE = "late"


class Mail(Identified, Base):
    """One mail to one person, written in the transaction of what it tells of, and sent by a worker.

    Attributes:
        key: what it is, so that it is written once: such as `link <digest>` or `overdue <user> <day>`.
        address: where to, as it was when the mail was written.
        text: plain; erased once it is sent or given up, since it may hold a link into an account.
        message_id: the same however often it has to be sent, so that a reader's program shows it once.
        useless_from: not sent from then on; None where it is always worth reading.
        node, lease_until: who sends it at the moment, as for a job.
    """

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint(
            "(state = 'sending') = (node IS NOT NULL AND lease_until IS NOT NULL)", name="lease_while_sending"
        ),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure_when_failed"),
        CheckConstraint("(state IN ('queued', 'sending')) = (ended_at IS NULL)", name="ended_when_over"),
        Index("ix_mail_state_due_at", "state", "due_at"),
    )

    key: Mapped[str] = mapped_column(String(LONGEST_KEY), unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[MailState] = mapped_column(one_of(MailState), default=MailState.QUEUED)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    useless_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    node: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    failure: Mapped[MailFailure | None] = mapped_column(one_of(MailFailure))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="raise")


class DutyDone(Base):
    """A duty that comes again and again was done for one period. The row is written with what was done."""

    __tablename__ = "duty_done"

    duty: Mapped[str] = mapped_column(String(LONGEST_CODE), primary_key=True)
    period: Mapped[str] = mapped_column(String(LONGEST_CODE), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
