"""Jobs: taken by one node at a time, ended once, whatever becomes of those who do them."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.db import Database, open_database, reading, transaction
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.jobs import Job, JobFailure, JobKind, JobState
from inspect_app.queries.jobs import any_job_waiting, job_of, jobs_of, same_job_of
from inspect_app.services import jobs
from inspect_app.services.jobs import Claimed, Made
from inspect_app.services.journal import Actor
from inspect_app.services.leases import LEASE, MOST_TRIES, LeaseLostError
from tests.inspect_app.made_up_bank import NOW, Bank

KINDS = tuple(JobKind)
LATER = NOW + timedelta(hours=1)
FILE = "a" * 64


def ask(database: Database, number: int = 1) -> None:
    """Ask for rehearsals, one a second."""
    with transaction(database) as session:
        for place in range(number):
            at = NOW + timedelta(seconds=place)
            jobs.enqueue(session, Actor.system(), JobKind.REHEARSAL, {"place": place}, now=at)


def take(database: Database, node: str = "one", now: object = LATER) -> Claimed:
    """Take a job that must be there."""
    with transaction(database) as session:
        claimed = jobs.claim(session, node, KINDS, now=now)  # type: ignore[arg-type]  # a moment
        assert claimed is not None
        return claimed


def the_job(session: Session) -> Job:
    """Return the only job."""
    return session.scalars(select(Job)).one()


def end_with_effect(session: Session, claimed: Claimed) -> None:
    """Ask for another job, and end this one."""
    jobs.enqueue(session, Actor.system(), JobKind.REHEARSAL, now=LATER)
    jobs.finish(session, claimed.lease, now=LATER)


def test_the_job_that_waited_longest_is_taken_first_and_by_one_node_alone(database: Database) -> None:
    ask(database, 3)

    taken = [take(database, node).arguments for node in ("one", "two", "three")]

    assert taken == ['{"place":0}', '{"place":1}', '{"place":2}']
    with transaction(database) as session:
        assert jobs.claim(session, "four", KINDS, now=LATER) is None


def test_a_job_is_not_taken_before_it_is_due_nor_by_a_node_that_does_not_know_its_kind(
    database: Database,
) -> None:
    ask(database)

    with transaction(database) as session:
        assert jobs.claim(session, "one", KINDS, now=NOW - timedelta(seconds=1)) is None
        assert jobs.claim(session, "one", [JobKind.RANKING_WORKBOOK], now=LATER) is None
        assert jobs.claim(session, "one", KINDS, now=LATER) is not None


def test_many_that_take_at_once_never_take_the_same(bank: Bank) -> None:
    ask(bank.database, 40)
    taken: list[str] = []

    def work(database: Database) -> None:
        while True:
            with transaction(database) as session:
                claimed = jobs.claim(session, threading.current_thread().name, KINDS, now=LATER)
            if claimed is None:
                return
            taken.append(claimed.arguments)

    nodes = [open_database(bank.url) for _node in range(4)]
    threads = [threading.Thread(target=work, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for node in nodes:
        node.writing.dispose()

    assert sorted(taken) == sorted(f'{{"place":{place}}}' for place in range(40))


def test_a_lease_that_ran_out_is_another_nodes_and_the_first_one_can_end_nothing(database: Database) -> None:
    ask(database)
    first = take(database, "one")

    second = take(database, "two", LATER + LEASE * 2)

    assert (second.lease.id, second.lease.tries) == (first.lease.id, 2)
    for late in (jobs.finish, jobs.hand_back, jobs.extend):
        with pytest.raises(LeaseLostError), transaction(database) as session:
            late(session, first.lease, now=LATER)
    with transaction(database) as session:
        jobs.finish(session, second.lease, now=LATER)
        assert the_job(session).state is JobState.DONE


def test_the_same_node_that_lost_a_job_and_took_it_again_ends_it_by_its_second_lease_only(
    database: Database,
) -> None:
    ask(database)
    first = take(database, "one")
    second = take(database, "one", LATER + LEASE * 2)

    with pytest.raises(LeaseLostError), transaction(database) as session:
        jobs.finish(session, first.lease, now=LATER)

    with transaction(database) as session:
        jobs.finish(session, second.lease, now=LATER)


def test_a_sign_of_life_keeps_a_job(database: Database) -> None:
    ask(database)
    claimed = take(database)
    with transaction(database) as session:
        jobs.extend(session, claimed.lease, now=LATER + LEASE - timedelta(seconds=1))

    with transaction(database) as session:
        assert jobs.claim(session, "two", KINDS, now=LATER + LEASE + timedelta(seconds=1)) is None


def test_what_brought_down_three_workers_fails_visibly_and_is_begun_no_more(database: Database) -> None:
    ask(database)
    now = LATER
    for _try in range(MOST_TRIES):
        take(database, "doomed", now)
        now += LEASE * 2

    with transaction(database) as session:
        assert jobs.claim(session, "brave", KINDS, now=now) is None
        assert any_job_waiting(session, now=now)
        assert jobs.sweep(session, now=now) == 1
        job = the_job(session)
        assert (job.state, job.failure, job.tries) == (JobState.FAILED, JobFailure.LOST, MOST_TRIES)
        assert not any_job_waiting(session, now=now)


def test_what_can_pass_is_waited_for_longer_each_time_and_then_fails_with_its_reason(
    database: Database,
) -> None:
    ask(database)
    now, waited = LATER, []
    for _try in range(MOST_TRIES):
        claimed = take(database, now=now)
        with transaction(database) as session:
            jobs.put_off(session, claimed.lease, JobFailure.STORAGE, now=now)
            job = the_job(session)
            waited.append(job.due_at - now)
            now = max(now, job.due_at)

    assert waited[:2] == [timedelta(seconds=15), timedelta(seconds=30)]
    with reading(database) as session:
        job = the_job(session)
        assert (job.state, job.failure) == (JobState.FAILED, JobFailure.STORAGE)


def test_a_job_handed_back_waits_as_if_it_had_not_been_begun(database: Database) -> None:
    ask(database)
    claimed = take(database)

    with transaction(database) as session:
        jobs.hand_back(session, claimed.lease, now=LATER)

    assert take(database, "two").lease.tries == 1


def test_a_cancelled_job_is_taken_by_nobody_and_ended_by_nobody(database: Database) -> None:
    ask(database)
    claimed = take(database)

    with transaction(database) as session:
        jobs.cancel(session, Actor.system(), the_job(session), now=LATER)

    with pytest.raises(LeaseLostError), transaction(database) as session:
        jobs.report_progress(session, claimed.lease, 1, 2)
    with pytest.raises(ConflictError), transaction(database) as session:
        jobs.cancel(session, Actor.system(), the_job(session), now=LATER)
    with transaction(database) as session:
        assert jobs.claim(session, "two", KINDS, now=LATER + LEASE * 2) is None


def test_what_failed_is_done_after_all_when_somebody_asks_and_nothing_else_is(database: Database) -> None:
    ask(database)
    with pytest.raises(ConflictError), transaction(database) as session:
        jobs.try_again(session, Actor.system(), the_job(session), now=LATER)
    claimed = take(database)
    with transaction(database) as session:
        jobs.fail(session, claimed.lease, JobFailure.FAULT, now=LATER)

    with transaction(database) as session:
        jobs.try_again(session, Actor.system(), the_job(session), now=LATER)

    assert take(database, "two").lease.tries == 1


def test_the_effect_of_a_job_that_is_no_longer_ones_own_is_rolled_back_with_its_end(
    database: Database,
) -> None:
    ask(database)
    first = take(database, "one")
    take(database, "two", LATER + LEASE * 2)

    with pytest.raises(LeaseLostError), transaction(database) as session:
        end_with_effect(session, first)

    with reading(database) as session:
        assert len(session.scalars(select(Job)).all()) == 1


def test_a_job_is_seen_by_who_asked_for_it_alone(bank: Bank) -> None:
    with transaction(bank.database) as session:
        mine, other = bank.user("region01"), bank.user("region02")
        job = jobs.enqueue(
            session, Actor.user(mine), JobKind.RANKING_WORKBOOK, now=NOW, user=mine, fingerprint="f" * 64
        )
        jobs.enqueue(session, Actor.system(), JobKind.RANKING_WORKBOOK, now=NOW)

        assert [one.id for one in jobs_of(session, mine, JobKind.RANKING_WORKBOOK)] == [job.id]
        assert jobs_of(session, other, JobKind.RANKING_WORKBOOK) == []
        assert job_of(session, mine, job.id) is job
        assert same_job_of(session, other, JobKind.RANKING_WORKBOOK, "f" * 64) is None
        with pytest.raises(NotFoundError):
            job_of(session, other, job.id)


def test_files_are_forgotten_first_and_rows_only_when_they_have_none(database: Database) -> None:
    ask(database, 2)
    made, plain = take(database), take(database)
    with transaction(database) as session:
        jobs.finish(session, made.lease, Made(FILE, 3), now=LATER)
        jobs.finish(session, plain.lease, now=LATER)

    with transaction(database) as session:
        assert jobs.forget_files(session, LATER) == 0
        assert jobs.forget_jobs(session, LATER + timedelta(days=1)) == 1
        assert jobs.forget_files(session, LATER + timedelta(days=1)) == 1
        assert jobs.forget_jobs(session, LATER + timedelta(days=1)) == 1
