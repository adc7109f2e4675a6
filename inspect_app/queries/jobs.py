"""Questions about jobs: what waits, how far it is, and whose it is."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from inspect_app.errors import NotFoundError
from inspect_app.models.jobs import DutyDone, Job, JobKind, JobState
from inspect_app.models.people import User
from inspect_app.queries.scope import NobodyAsksError

MOST_LISTED = 100
MOST_OWN_LISTED = 30
LIVE = (JobState.QUEUED, JobState.RUNNING)


def any_job_waiting(session: Session, *, now: datetime) -> bool:
    """Say whether a job can be taken at this moment, or is to be swept up."""
    waits = (Job.state == JobState.QUEUED) & (Job.due_at <= now)
    lost = (Job.state == JobState.RUNNING) & (Job.lease_until < now)
    return session.scalar(select(Job.id).where(or_(waits, lost)).limit(1)) is not None


def job_of(session: Session, user: User | None, job_id: uuid.UUID) -> Job:
    """Return a job that this user asked for.

    Raises:
        NotFoundError: there is none, or somebody else asked for it.
        NobodyAsksError: there is no user.
    """
    if user is None:
        raise NobodyAsksError("a query for people needs the user who asks")
    job = session.scalar(select(Job).where(Job.id == job_id, Job.user_id == user.id))
    if job is None:
        raise NotFoundError(f"job {job_id}")
    return job


def jobs_of(session: Session, user: User, kind: JobKind) -> Sequence[Job]:
    """Return the newest jobs of one kind that this user asked for, the newest first."""
    own = select(Job).where(Job.user_id == user.id, Job.kind == kind.value)
    return session.scalars(own.order_by(Job.asked_at.desc(), Job.id).limit(MOST_OWN_LISTED)).all()


def same_job_of(session: Session, user: User, kind: JobKind, fingerprint: str) -> Job | None:
    """Return the newest job of this user that makes the same, or has made it and still has it; else None."""
    same = (
        select(Job)
        .where(Job.user_id == user.id, Job.kind == kind.value, Job.fingerprint == fingerprint)
        .where(or_(Job.state.in_(LIVE), Job.file.is_not(None)))
    )
    return session.scalar(same.order_by(Job.asked_at.desc()).limit(1))


def job_with_id(session: Session, job_id: uuid.UUID) -> Job:
    """Return a job, whoever asked for it: for head office.

    Raises:
        NotFoundError: there is none.
    """
    job = session.get(Job, job_id)
    if job is None:
        raise NotFoundError(f"job {job_id}")
    return job


def state_of(session: Session, job_id: uuid.UUID) -> JobState | None:
    """Return the state of a job; None where there is none."""
    return session.scalar(select(Job.state).where(Job.id == job_id))


def jobs_listed(session: Session) -> Sequence[Job]:
    """Return the newest jobs with who asked: those that failed first, then those under way."""
    urgency = case((Job.state == JobState.FAILED, 0), (Job.state.in_(LIVE), 1), else_=2)
    newest = select(Job).order_by(urgency, Job.asked_at.desc(), Job.id).limit(MOST_LISTED)
    return session.scalars(newest.options(joinedload(Job.user))).all()


def count_jobs(session: Session) -> dict[JobState, int]:
    """Count the jobs by state."""
    return dict(session.execute(select(Job.state, func.count()).group_by(Job.state)).all())


def oldest_waiting(session: Session) -> datetime | None:
    """Return since when the oldest job waits that nobody has begun; None where none waits."""
    return session.scalar(select(func.min(Job.due_at)).where(Job.state == JobState.QUEUED))


def was_done(session: Session, duty: str, period: str) -> bool:
    """Say whether a duty was done for a period."""
    return session.get(DutyDone, (duty, period)) is not None


def all_files(session: Session) -> frozenset[str]:
    """Return the SHA-256 of every file that a job has made and still has."""
    return frozenset(name for name in session.scalars(select(Job.file).where(Job.file.is_not(None))) if name)
