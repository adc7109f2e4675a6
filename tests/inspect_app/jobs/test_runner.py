"""The runner: what becomes of a job whose task breaks, is cancelled, or has no time left."""

import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from inspect_app.bells import Bell
from inspect_app.db import Database, open_database, reading, transaction
from inspect_app.errors import NotFoundError
from inspect_app.jobs import Background, Share
from inspect_app.jobs.runner import Runner
from inspect_app.jobs.work import Outcome, Task, Work
from inspect_app.models.jobs import Job, JobFailure, JobKind, JobState
from inspect_app.models.journal import JournalEntry
from inspect_app.queries.jobs import job_with_id
from inspect_app.services import jobs
from inspect_app.services.journal import Actor
from inspect_app.services.leases import LEASE
from tests.inspect_app.jobs.test_duties import settings_in
from tests.inspect_app.jobs.workers import holder_of, jobs_in, working
from tests.inspect_app.made_up_bank import NOW, Bank
from tests.waiting import until


def ask(database: Database, steps: int = 0) -> Job:
    """Ask for a rehearsal of so many seconds."""
    with transaction(database) as session:
        return jobs.enqueue(session, Actor.system(), JobKind.REHEARSAL, {"steps": steps}, now=NOW)


def ask_another(session: Session, now: datetime) -> None:
    """Leave an effect that is easily seen."""
    jobs.enqueue(session, Actor.system(), JobKind.REHEARSAL, now=now)


def now_is(database: Database, job: Job) -> Job:
    """Return a job as it is now."""
    with reading(database) as session:
        return job_with_id(session, job.id)


def raising(error: Exception) -> Task:
    """Return a task that breaks."""

    def task(_work: Work) -> Outcome:
        raise error

    return task


def runner(bank: Bank, folder: Path, task: Callable[[Work], Outcome], lasting: timedelta = LEASE) -> Runner:
    """Return a runner that does rehearsals in its own way."""
    return Runner(bank.database, settings_in(folder), {JobKind.REHEARSAL: task}, "here", lasting)


@pytest.mark.parametrize(
    ("error", "state", "failure"),
    [
        (NotFoundError("not theirs any more"), JobState.FAILED, JobFailure.GONE),
        (ZeroDivisionError("张三"), JobState.FAILED, JobFailure.FAULT),
        (OSError("disk full"), JobState.QUEUED, None),
        (OperationalError("SELECT 张三", {}, Exception("locked")), JobState.QUEUED, None),
    ],
)
@pytest.mark.fault("D14")
def test_a_job_whose_task_breaks_fails_visibly_or_waits_and_the_log_names_nobody(
    bank: Bank,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    state: JobState,
    failure: JobFailure | None,
) -> None:
    job = ask(bank.database)

    assert runner(bank, tmp_path, raising(error)).run_next()

    found = now_is(bank.database, job)
    assert (found.state, found.failure, found.node) == (state, failure, None)
    assert "张三" not in caplog.text


def test_a_job_cancelled_while_it_is_done_has_no_effect(bank: Bank, tmp_path: Path) -> None:
    job = ask(bank.database)

    def be_cancelled(work: Work) -> Outcome:
        with transaction(work.database) as session:
            jobs.cancel(session, Actor.system(), job_with_id(session, work.lease.id), now=NOW)
        return Outcome(effect=ask_another)

    runner(bank, tmp_path, be_cancelled).run_next()

    assert [one.state for one in jobs_in(bank.database)] == [JobState.CANCELLED]
    assert now_is(bank.database, job).done_steps == 0


def test_a_job_that_takes_longer_than_its_lease_stays_the_nodes_own(bank: Bank, tmp_path: Path) -> None:
    job = ask(bank.database)
    beaten = threading.Event()

    def take_long(work: Work) -> Outcome:
        first = work.lease.until
        until(lambda: (now_is(bank.database, job).lease_until or first) > first)
        beaten.set()
        return Outcome()

    runner(bank, tmp_path, take_long, timedelta(seconds=0.3)).run_next()

    assert beaten.is_set()
    assert now_is(bank.database, job).state is JobState.DONE


def test_a_bell_wakes_who_works_at_once_and_a_stop_ends_it(bank: Bank, tmp_path: Path) -> None:
    bell, done = Bell(), threading.Event()

    def note(_work: Work) -> Outcome:
        done.set()
        return Outcome()

    background = Background(
        settings_in(tmp_path),
        bank.database,
        bell,
        Share.EVERYTHING,
        tasks={JobKind.REHEARSAL: note},
        duties=(),
    )
    background.start()
    job = ask(bank.database)
    bell.ring()
    assert done.wait(60)
    until(lambda: now_is(bank.database, job).state is JobState.DONE)

    background.stop()

    assert not [one for one in threading.enumerate() if one.name in ("jobs", "duties", "journal-sealer")]


@pytest.mark.sqlite
@pytest.mark.fault("D14")
def test_a_worker_told_to_stop_finishes_what_is_short_and_goes(bank: Bank, tmp_path: Path) -> None:
    job = ask(bank.database, 2)
    with working(tmp_path, bank.url) as (worker,):
        until(lambda: holder_of(bank.database, 2) is not None)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 0

    found = now_is(bank.database, job)
    assert (found.state, found.tries) == (JobState.DONE, 1)
    with reading(bank.database) as session:
        rehearsed = select(JournalEntry).where(JournalEntry.action == "rehearse")
        assert len(session.scalars(rehearsed).all()) == 1


def test_what_is_long_is_handed_back_by_who_is_told_to_stop(bank: Bank, tmp_path: Path) -> None:
    job, begun = ask(bank.database), threading.Event()
    database = open_database(bank.url)
    go_on = threading.Event()

    def take_long(_work: Work) -> Outcome:
        begun.set()
        go_on.wait(60)
        return Outcome()

    background = Background(
        settings_in(tmp_path),
        database,
        Bell(),
        Share.EVERYTHING,
        tasks={JobKind.REHEARSAL: take_long},
        duties=(),
    )
    background.start()
    assert begun.wait(60)

    background.stop(within_seconds=0.1)

    found = now_is(bank.database, job)
    assert (found.state, found.tries, found.due_at <= datetime.now(UTC)) == (JobState.QUEUED, 0, True)
    go_on.set()
    until(lambda: not [one for one in threading.enumerate() if one.name == "jobs"])
    assert now_is(bank.database, job).state is JobState.QUEUED
    database.writing.dispose()
