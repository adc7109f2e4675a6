"""Questions of whoever runs the product: how much stands in the database, of what kind."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_app.metrics import Standing
from inspect_app.models.base import Base
from inspect_app.models.inspections import Draft, Submission
from inspect_app.models.jobs import Job, JobState
from inspect_app.models.journal import UnsealedEntry


def standing_of(session: Session) -> Standing:
    """Count what waits and what was received; a state in which there is no job is told as 0."""
    by_state = session.execute(select(Job.state, func.count()).group_by(Job.state))
    jobs = {state.value: 0 for state in JobState}
    jobs |= {state.value: number for state, number in by_state}
    return Standing(
        unsealed=_count(session, UnsealedEntry),
        drafts=_count(session, Draft),
        submissions=_count(session, Submission),
        jobs=jobs,
    )


def _count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0
