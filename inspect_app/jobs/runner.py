"""The runner: takes a job, does it, and ends it in the transaction of its effect."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from inspect_app.config import Settings
from inspect_app.db import Database, reading, transaction
from inspect_app.errors import NotFoundError
from inspect_app.jobs.loops import MENDED_BY_WAITING, where_it_broke
from inspect_app.jobs.work import SignOfLife, Task, Work
from inspect_app.models.jobs import JobFailure, JobKind
from inspect_app.queries.jobs import any_job_waiting
from inspect_app.services import jobs
from inspect_app.services.jobs import Claimed
from inspect_app.services.leases import LEASE, Lease, LeaseLostError
from inspect_app.storage import StorageError

log = logging.getLogger(__name__)


class Runner:
    """Does one job after the other for one node; several, in several processes, share what waits."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        tasks: Mapping[JobKind, Task],
        node: str,
        lasting: timedelta = LEASE,
    ) -> None:
        """Take what it can do.

        Args:
            node: unique among all runners; it is what a lease names.
            lasting: how long a lease lasts.
        """
        self._database = database
        self._settings = settings
        self._tasks = tasks
        self._node = node
        self._lasting = lasting
        self._lease: Lease | None = None

    def run_next(self) -> bool:
        """Do one job; say whether there was one."""
        with reading(self._database) as session:
            if not any_job_waiting(session, now=datetime.now(UTC)):
                return False
        with transaction(self._database) as session:
            now = datetime.now(UTC)
            jobs.sweep(session, now=now)
            claimed = jobs.claim(session, self._node, self._tasks, now=now, lasting=self._lasting)
        if claimed is None:
            return False
        self._lease = claimed.lease
        try:
            self._do(claimed)
        except LeaseLostError:
            log.info("a %s job was cancelled, or is somebody else's by now", claimed.kind.value)
        finally:
            self._lease = None
        return True

    def hand_back(self) -> None:
        """Let another node do what this one has no time to finish."""
        lease = self._lease
        if lease is None:
            return
        try:
            with transaction(self._database) as session:
                jobs.hand_back(session, lease, now=datetime.now(UTC))
        except LeaseLostError:
            return  # It was ended at the last moment.

    def _do(self, claimed: Claimed) -> None:
        work = Work(claimed, self._database, self._settings, self._lasting)
        try:
            with SignOfLife(work):
                outcome = self._tasks[claimed.kind](work)
            with transaction(self._database) as session:
                now = datetime.now(UTC)
                jobs.finish(session, claimed.lease, outcome.made, now=now)
                outcome.effect(session, now)
        except LeaseLostError:
            raise
        except NotFoundError:
            self._fail(claimed, JobFailure.GONE)
        except MENDED_BY_WAITING as error:
            self._put_off(claimed, JobFailure.DATABASE, error)
        except (OSError, StorageError) as error:
            self._put_off(claimed, JobFailure.STORAGE, error)
        except Exception as error:  # noqa: BLE001 - whatever a task raises ends its job, not the worker
            log.error("a %s job failed: %s", claimed.kind.value, where_it_broke(error))
            self._fail(claimed, JobFailure.FAULT)

    def _fail(self, claimed: Claimed, why: JobFailure) -> None:
        with transaction(self._database) as session:
            jobs.fail(session, claimed.lease, why, now=datetime.now(UTC))

    def _put_off(self, claimed: Claimed, why: JobFailure, error: Exception) -> None:
        log.warning("a %s job waits: %s", claimed.kind.value, where_it_broke(error))
        with transaction(self._database) as session:
            jobs.put_off(session, claimed.lease, why, now=datetime.now(UTC))
