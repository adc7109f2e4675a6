"""Duties: done once for each period, however many schedulers there are."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.config import Settings
from inspect_app.db import open_database, reading, transaction
from inspect_app.jobs.duties import DUTIES, Duty, Scheduler, each_day, each_week, erase_files_but
from inspect_app.models.jobs import DutyDone, Job, JobKind, Mail
from inspect_app.models.people import User
from inspect_app.services import jobs, mails
from inspect_app.services.jobs import Made
from inspect_app.services.journal import Actor
from inspect_app.storage import open_store
from tests.inspect_app.made_up_bank import NOW, Bank, count

DAYS = 5
SCHEDULERS = 4


def settings_in(folder: Path) -> Settings:
    """Return settings whose files lie in a folder."""
    return Settings(
        data_dir=folder, database_url="", secret_key="", storage_url=(folder / "files").absolute().as_uri()
    )


def remind(session: Session, _settings: Settings, now: datetime) -> None:
    """Write to everybody who has an address; the key says nothing of the day, but for the duty's own once."""
    for user in session.scalars(select(User).where(User.email.is_not(None))):
        key = f"remind {user.username} {now.date()} {threading.get_ident()}"
        mails.queue(session, user, "提醒", "今天到期", key=key, now=now)


REMINDER = Duty("remind", each_day, remind)


@pytest.mark.fault("W09")
def test_four_schedulers_write_each_mail_once(bank: Bank, tmp_path: Path) -> None:
    with transaction(bank.database) as session:
        for user in session.scalars(select(User)):
            user.email = f"{user.username}@bank.example"
    start = threading.Barrier(SCHEDULERS)
    done: list[str] = []

    def schedule() -> None:
        database = open_database(bank.url)
        scheduler = Scheduler(database, settings_in(tmp_path), [REMINDER])
        for day in range(DAYS):
            start.wait()
            now = NOW + timedelta(days=day)
            if scheduler.do(REMINDER, each_day(now), now):
                done.append(each_day(now))
        database.writing.dispose()

    threads = [threading.Thread(target=schedule) for _scheduler in range(SCHEDULERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == [each_day(NOW + timedelta(days=day)) for day in range(DAYS)]
    with reading(bank.database) as session:
        assert count(session, Mail) == DAYS * count(session, User)


def test_a_duty_that_breaks_is_as_if_it_had_not_begun_and_is_done_by_the_next(
    bank: Bank, tmp_path: Path
) -> None:
    def break_down(session: Session, _settings: Settings, now: datetime) -> None:
        jobs.enqueue(session, Actor.system(), JobKind.REHEARSAL, now=now)
        raise RuntimeError("the node is gone")

    scheduler = Scheduler(bank.database, settings_in(tmp_path), [])
    with pytest.raises(RuntimeError):
        scheduler.do(Duty("remind", each_day, break_down), "2026-08-03", NOW)

    assert scheduler.do(REMINDER, "2026-08-03", NOW)
    with reading(bank.database) as session:
        assert count(session, Job) == 0


def test_a_duty_of_no_period_is_not_done(bank: Bank, tmp_path: Path) -> None:
    never = Duty("remind", lambda _moment: None, remind)

    Scheduler(bank.database, settings_in(tmp_path), [never]).do_due()

    with reading(bank.database) as session:
        assert count(session, DutyDone) == 0


def test_a_week_begins_on_monday_and_keeps_its_number_over_the_turn_of_the_year() -> None:
    weeks = [each_week(datetime(2026, 12, 27 + day)) for day in (0, 1, 4)]  # noqa: DTZ001 - of the bank's clock

    assert weeks == ["2026-W52", "2026-W53", "2026-W53"]
    assert each_week(datetime(2027, 1, 3)) == "2026-W53"  # noqa: DTZ001


def test_old_files_are_erased_and_those_that_a_job_has_are_kept(bank: Bank, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    store = open_store(settings.downloads_url)
    old, new, stray = (store.put(content) for content in (b"old", b"new", b"of a killed worker"))
    with transaction(bank.database) as session:
        for file, ended in ((old, NOW - timedelta(days=8)), (new, NOW - timedelta(days=6))):
            jobs.enqueue(session, Actor.system(), JobKind.REHEARSAL, now=ended)
            claimed = jobs.claim(session, "one", [JobKind.REHEARSAL], now=ended)
            assert claimed is not None
            jobs.finish(session, claimed.lease, Made(file, 3), now=ended)

    assert Scheduler(bank.database, settings, []).do(DUTIES[0], "2026-08-03", NOW)

    # What was put there today may belong to a job that is not over yet.
    assert all(store.has(name) for name in (old, new, stray))
    erase_files_but(
        store, frozenset({new}), max(file.put_at for file in store.files()) + timedelta(seconds=1)
    )
    assert [store.has(name) for name in (old, new, stray)] == [False, True, False]
    with reading(bank.database) as session:
        assert set(session.scalars(select(Job.file))) == {None, new}
