"""What pages need of the background: a bell for after the commit, and how far a job is."""

from collections.abc import Mapping
from typing import cast

from flask import current_app

from inspect_app.bells import Bell
from inspect_app.db import after_commit
from inspect_app.models.jobs import Job, JobState

LIVE = frozenset({JobState.QUEUED, JobState.RUNNING})


def ring_after_commit() -> None:
    """Let those who work in the background look, once what the request asks for is in the database."""
    bell = cast(Bell, current_app.extensions["inspect_bell"])
    after_commit(bell.ring)


def is_live(job: Job) -> bool:
    """Say whether a job waits or is under way."""
    return job.state in LIVE


def progress_of(job: Job) -> Mapping[str, str | int]:
    """Return how far a job is, for a page that asks again and again."""
    return {"state": job.state.value, "done": job.done_steps, "of": job.all_steps}
