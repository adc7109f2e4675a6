"""Workers on two nodes, killed inside a job: every effect takes place once."""

import os
import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from inspect_app.db import Database, reading, transaction
from inspect_app.models.jobs import JobKind, JobState
from inspect_app.models.journal import JournalEntry
from inspect_app.services.jobs import enqueue
from inspect_app.services.journal import Actor
from tests.inspect_app.jobs.workers import holder_of, jobs_in, working
from tests.inspect_app.made_up_bank import NOW, Bank
from tests.waiting import until

MANY = 200
LONG = 600
"""Steps, a second each, of the job in which a worker is killed."""


def ask(database: Database, *steps: int) -> None:
    """Ask for rehearsals of so many steps, in this order."""
    with transaction(database) as session:
        for number in steps:
            enqueue(session, Actor.system(), JobKind.REHEARSAL, {"steps": number}, now=NOW)


def effects(database: Database) -> Counter[str]:
    """Count what the jobs left, by the job."""
    with reading(database) as session:
        found = session.scalars(select(JournalEntry.subject_id).where(JournalEntry.action == "rehearse"))
        return Counter(found)


def is_over(database: Database, number: int) -> bool:
    """Say whether so many jobs are done."""
    return sum(job.state is JobState.DONE for job in jobs_in(database)) == number


@pytest.mark.fault("D14")
def test_a_worker_killed_inside_a_job_leaves_it_to_the_other_and_every_effect_takes_place_once(
    bank: Bank, tmp_path: Path
) -> None:
    ask(bank.database, *[0] * (MANY // 2), 3, *[0] * (MANY // 2 - 1))
    with working(tmp_path, bank.url, "--threads", "2", number=2) as workers:
        until(lambda: holder_of(bank.database, 3) is not None)
        killed = holder_of(bank.database, 3)
        assert killed in [worker.pid for worker in workers]
        os.kill(killed, signal.SIGKILL)
        until(lambda: is_over(bank.database, MANY))

    done = jobs_in(bank.database)
    assert effects(bank.database) == Counter({str(job.id): 1 for job in done})
    assert len(done) == MANY
    assert max(job.tries for job in done) == 2
    assert {worker.pid: worker.returncode for worker in workers}[killed] == -signal.SIGKILL
