"""The rehearsal: a job that makes nothing, to see that work gets from a page to a worker and back."""

import json
import time
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from checklists.json_values import Member
from inspect_app.jobs.work import Outcome, Work
from inspect_app.services import journal
from inspect_app.services.journal import Actor


def rehearse(work: Work) -> Outcome:
    """Take a step each second, as many as were asked for, then leave one entry in the journal."""
    steps = Member(json.loads(work.arguments))["steps"].number()
    for step in range(steps):
        work.report(step, steps)
        time.sleep(1)
    return Outcome(effect=partial(_write_down, work.lease.id))


def _write_down(job_id: UUID, session: Session, now: datetime) -> None:
    journal.record(session, Actor.system(), "rehearse", "job", str(job_id), now=now)
