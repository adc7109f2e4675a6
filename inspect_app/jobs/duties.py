"""Duties that come again and again, done once for each period, however many nodes there are."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from inspect_app.config import Settings
from inspect_app.db import Database, reading, transaction
from inspect_app.labels.mails import due_mail, week_mail
from inspect_app.queries.jobs import all_files, was_done
from inspect_app.queries.stored_files import all_named_files
from inspect_app.services import duties, jobs
from inspect_app.services.keeping import erase_expired
from inspect_app.services.originals import erase_originals
from inspect_app.services.reminders import remind, tell_week
from inspect_app.storage import FolderStore, Store, open_store

ROWS_KEPT = timedelta(days=90)
"""How long jobs and duties that are over can be looked up."""

STRAY_PHOTOS_AFTER = timedelta(days=7)
"""How long a photo may lie in the storage without a row: it is put there first, and a backup may be older."""

STRAY_AFTER = timedelta(days=1)
"""How long a file may lie in the storage without a job that has it: longer than any job lasts."""

MORNING = 8
"""The hour at which mails about work are written, where the bank is."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done once in each period.

    Attributes:
        name: known to the database; never used for anything else again.
        period: names the period that a moment, in the bank's time, lies in, such as `2026-08-03`; None where
            nothing is to be done at that moment.
        act: does it, in the transaction that writes down that it was done; what takes long asks for a job.
        afterwards: what may only follow the commit; it is not made up for where a node is killed before it.
    """

    name: str
    period: Callable[[datetime], str | None]
    act: Callable[[Session, Settings, datetime], None]
    afterwards: Callable[[Database, Settings], None] | None = None


def each_day(moment: datetime) -> str:
    """Return the day, as a period from midnight to midnight."""
    return moment.date().isoformat()


def each_week(moment: datetime) -> str:
    """Return the week, as a period from Monday to Sunday."""
    year, week, _day = moment.isocalendar()
    return f"{year}-W{week:02d}"


class Scheduler:
    """Does what is due, for one node; several do no harm."""

    def __init__(self, database: Database, settings: Settings, known: Sequence[Duty]) -> None:
        """Take the duties."""
        self._database = database
        self._settings = settings
        self._known = known

    def do_due(self) -> bool:
        """Do every duty whose period has begun and that nobody has done; there is never more at once."""
        for duty in self._known:
            now = datetime.now(UTC)
            period = duty.period(now.astimezone(self._settings.timezone))
            if period is not None:
                self.do(duty, period, now)
        return False

    def do(self, duty: Duty, period: str, now: datetime) -> bool:
        """Do a duty for a period, unless somebody has done it or does it; say whether it was done here."""
        with reading(self._database) as session:
            if was_done(session, duty.name, period):
                return False
        with transaction(self._database) as session:
            if not duties.begin(session, duty.name, period, now=now):
                return False
            duty.act(session, self._settings, now)
        if duty.afterwards is not None:
            duty.afterwards(self._database, self._settings)
        log.info("duty %s was done for %s", duty.name, period)
        return True


def forget(session: Session, settings: Settings, now: datetime) -> None:
    """Forget what has had its time, and the rows that nobody looks up any more."""
    erase_expired(session, settings.keeping, now=now)
    jobs.forget_jobs(session, now - ROWS_KEPT)
    duties.forget_duties(session, now - ROWS_KEPT)


def erase_strays(database: Database, settings: Settings) -> None:
    """Erase the files that no job has: forgotten ones, and those of workers killed before the row."""
    store = open_store(settings.downloads_url)
    with reading(database) as session:
        had = all_files(session)
    erase_files_but(store, had, datetime.now(UTC) - STRAY_AFTER)


def erase_files_but(store: Store, kept: frozenset[str], put_before: datetime) -> None:
    """Erase the files of a store that were put there before a moment, but for some."""
    for file in list(store.files()):
        if file.sha256 not in kept and file.put_at < put_before:
            store.delete(file.sha256)


def forget_originals(session: Session, settings: Settings, now: datetime) -> None:
    """Forget the original photos whose time is over."""
    erase_originals(session, settings.keeping.originals, now=now)


def sweep_photos(database: Database, settings: Settings) -> None:
    """Erase the photos that no row speaks of: erased originals, replaced copies, those of killed requests."""
    store = open_store(settings.storage_url)
    with reading(database) as session:
        named = all_named_files(session)
    erase_files_but(store, named, datetime.now(UTC) - STRAY_PHOTOS_AFTER)
    if isinstance(store, FolderStore):
        store.erase_halves(datetime.now(UTC) - STRAY_PHOTOS_AFTER)


def remind_branches(session: Session, settings: Settings, now: datetime) -> None:
    """Remind branches of what is overdue, or soon will be."""
    address = _address(settings, "/branch")
    remind(session, lambda user, counts: due_mail(user, counts, address), now=now, timezone=settings.timezone)


def tell_regions(session: Session, settings: Settings, now: datetime) -> None:
    """Tell regions how far the repairs are."""
    address = _address(settings, "/mending")
    tell_week(session, lambda user, week: week_mail(user, week, address), now=now, timezone=settings.timezone)


def _address(settings: Settings, path: str) -> str:
    """Return the whole address of a page; empty where nobody said where the product is reached."""
    return f"{settings.public_url.rstrip('/')}{path}" if settings.public_url else ""


def each_working_morning(moment: datetime) -> str | None:
    """Return the day once its office hours have begun; which days are days off, the duty itself knows."""
    return each_day(moment) if moment.hour >= MORNING else None


def each_monday_morning(moment: datetime) -> str | None:
    """Return the week once the office hours of its Monday have begun."""
    is_begun = moment.isoweekday() > 1 or moment.hour >= MORNING
    return each_week(moment) if is_begun else None


DUTIES = (
    Duty("forget_background", each_day, forget, erase_strays),
    Duty("erase_originals", each_day, forget_originals, sweep_photos),
    Duty("remind_branches", each_working_morning, remind_branches),
    Duty("tell_regions", each_monday_morning, tell_regions),
)
"""Every duty of the product."""
