"""Jobs: asked for in the transaction of what they belong to, taken with a lease, ended once."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, delete, or_, select, update
from sqlalchemy.orm import Session

from checklists.json_values import Json, canonical_json
from inspect_app.errors import ConflictError
from inspect_app.models.jobs import Job, JobFailure, JobKind, JobState
from inspect_app.models.people import User
from inspect_app.services import journal
from inspect_app.services.journal import Actor
from inspect_app.services.leases import LEASE, MOST_TRIES, Lease, LeaseLostError

FIRST_PAUSE = timedelta(seconds=15)
"""How long a job waits after the database or the storage failed it; twice as long after the next time."""

LIVE = (JobState.QUEUED, JobState.RUNNING)
NOTHING: Mapping[str, Json] = {}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that a node has just taken: all that is needed to do it."""

    lease: Lease
    kind: JobKind
    arguments: str
    user_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Made:
    """A file that a job made: its SHA-256 in the storage, and its bytes."""

    file: str
    size: int


def enqueue(
    session: Session,
    actor: Actor,
    kind: JobKind,
    arguments: Mapping[str, Json] = NOTHING,
    *,
    now: datetime,
    user: User | None = None,
    fingerprint: str | None = None,
) -> Job:
    """Ask for a job in the transaction of what it belongs to: it is there exactly if that is.

    Args:
        user: who gets to see it and its result; None for the product itself.
        fingerprint: of everything that the result depends on.
    """
    job = Job(
        kind=kind.value,
        arguments=canonical_json(arguments).decode(),
        user_id=None if user is None else user.id,
        fingerprint=fingerprint,
        due_at=now,
        asked_at=now,
    )
    session.add(job)
    session.flush()
    journal.record(session, actor, "ask_job", "job", str(job.id), now=now, details={"kind": kind.value})
    return job


def claim(
    session: Session,
    node: str,
    kinds: Collection[JobKind],
    *,
    now: datetime,
    lasting: timedelta = LEASE,
) -> Claimed | None:
    """Take the job that has waited longest, a vanished node's too; None where nothing waits.

    Args:
        kinds: what this node knows how to do; the rest is left to newer ones.
    """
    waiting = (
        select(Job.id)
        .where(is_takable(now), Job.tries < MOST_TRIES, Job.kind.in_([kind.value for kind in kinds]))
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(Job)
        .where(Job.id == waiting)
        .values(state=JobState.RUNNING, node=node, lease_until=now + lasting, tries=Job.tries + 1)
        .values(began_at=now, done_steps=0, all_steps=0)
        .returning(Job.id, Job.tries, Job.kind, Job.arguments, Job.user_id)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(taken).one_or_none()
    if row is None:
        return None
    lease = Lease(row.id, node, row.tries, now + lasting)
    return Claimed(lease, JobKind(row.kind), row.arguments, row.user_id)


def is_takable(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a job is due and nobody's: it waits, or whoever had it has vanished."""
    waits = (Job.state == JobState.QUEUED) & (Job.due_at <= now)
    return or_(waits, (Job.state == JobState.RUNNING) & (Job.lease_until < now))


def extend(session: Session, lease: Lease, *, now: datetime, lasting: timedelta = LEASE) -> None:
    """Give a sign of life.

    Raises:
        LeaseLostError: the job is no longer this node's.
    """
    _change(session, lease, _of(lease).values(lease_until=now + lasting))


def report_progress(session: Session, lease: Lease, done: int, of: int) -> None:
    """Tell how many of how many steps are done.

    Raises:
        LeaseLostError: the job is no longer this node's.
    """
    _change(session, lease, _of(lease).values(done_steps=done, all_steps=of))


def finish(session: Session, lease: Lease, made: Made | None = None, *, now: datetime) -> None:
    """End a job in the transaction of its effect, which therefore takes place once or not at all.

    Raises:
        LeaseLostError: the job is no longer this node's; the transaction must not be committed.
    """
    file, size = (None, None) if made is None else (made.file, made.size)
    ended = _of(lease).values(state=JobState.DONE, node=None, lease_until=None, ended_at=now)
    _change(session, lease, ended.values(file=file, file_size=size))


def fail(session: Session, lease: Lease, why: JobFailure, *, now: datetime) -> None:
    """End a job that cannot be done.

    Raises:
        LeaseLostError: the job is no longer this node's.
    """
    ended = _of(lease).values(state=JobState.FAILED, node=None, lease_until=None, ended_at=now)
    _change(session, lease, ended.values(failure=why))


def put_off(session: Session, lease: Lease, why: JobFailure, *, now: datetime) -> None:
    """Let a job be tried again after a while, since what failed it can pass; the last try ends it.

    Raises:
        LeaseLostError: the job is no longer this node's.
    """
    if lease.tries >= MOST_TRIES:
        fail(session, lease, why, now=now)
        return
    later = now + FIRST_PAUSE * 2 ** (lease.tries - 1)
    _change(session, lease, _of(lease).values(**AS_WAITING, due_at=later))


def hand_back(session: Session, lease: Lease, *, now: datetime) -> None:
    """Let another node do a job that this one has no time to finish; it does not count as a try.

    Raises:
        LeaseLostError: the job is no longer this node's.
    """
    _change(session, lease, _of(lease).values(**AS_WAITING, due_at=now, tries=Job.tries - 1))


def sweep(session: Session, *, now: datetime) -> int:
    """End the jobs whose last try vanished; return how many."""
    lost = (
        update(Job)
        .where(Job.state == JobState.RUNNING, Job.lease_until < now, Job.tries >= MOST_TRIES)
        .values(state=JobState.FAILED, node=None, lease_until=None, ended_at=now, failure=JobFailure.LOST)
        .execution_options(synchronize_session=False)
    )
    return session.connection().execute(lost).rowcount


def cancel(session: Session, actor: Actor, job: Job, *, now: datetime) -> None:
    """End a job that waits or is under way; whoever does it throws away what it has made.

    Raises:
        ConflictError: it is over.
    """
    was = job.state
    ended = (
        update(Job)
        .where(Job.id == job.id, Job.state.in_(LIVE))
        .values(state=JobState.CANCELLED, node=None, lease_until=None, ended_at=now)
    )
    _decide(session, job, ended, "the job is over")
    _tell(session, actor, "cancel_job", job, was, now=now)


def try_again(session: Session, actor: Actor, job: Job, *, now: datetime) -> None:
    """Let a job that failed or was cancelled be done after all.

    Raises:
        ConflictError: it is neither.
    """
    was = job.state
    queued = (
        update(Job)
        .where(Job.id == job.id, Job.state.in_((JobState.FAILED, JobState.CANCELLED)))
        .values(**AS_WAITING, due_at=now, tries=0, failure=None, ended_at=None)
    )
    _decide(session, job, queued, "the job has not failed")
    _tell(session, actor, "retry_job", job, was, now=now)


def forget_files(session: Session, ended_before: datetime) -> int:
    """Take the files from the jobs that ended before a moment; return of how many.

    The files themselves are erased after the commit: no row speaks of one that is not there.
    """
    old = update(Job).where(Job.file.is_not(None), Job.ended_at < ended_before)
    return session.connection().execute(old.values(file=None, file_size=None)).rowcount


def forget_jobs(session: Session, ended_before: datetime) -> int:
    """Erase the rows of jobs that ended before a moment and have no file; return how many."""
    old = delete(Job).where(Job.ended_at < ended_before, Job.file.is_(None))
    return session.connection().execute(old).rowcount


AS_WAITING: Mapping[str, object] = {
    "state": JobState.QUEUED,
    "node": None,
    "lease_until": None,
    "done_steps": 0,
    "all_steps": 0,
}
"""What a job is like that nobody is doing."""


def _of(lease: Lease) -> Update:
    return (
        update(Job)
        .where(
            Job.id == lease.id,
            Job.state == JobState.RUNNING,
            Job.node == lease.node,
            Job.tries == lease.tries,
        )
        .execution_options(synchronize_session=False)
    )


def _change(session: Session, lease: Lease, change: Update) -> None:
    if session.connection().execute(change).rowcount != 1:
        raise LeaseLostError(str(lease.id))


def _decide(session: Session, job: Job, change: Update, sentence: str) -> None:
    """Apply what somebody decides about a job, unless it was faster.

    Raises:
        ConflictError: it was.
    """
    if session.connection().execute(change).rowcount != 1:
        raise ConflictError(sentence)
    session.refresh(job)


def _tell(session: Session, actor: Actor, action: str, job: Job, was: JobState, *, now: datetime) -> None:
    journal.record(
        session,
        actor,
        action,
        "job",
        str(job.id),
        now=now,
        from_state=was.value,
        to_state=job.state.value,
        details={"kind": job.kind},
    )
