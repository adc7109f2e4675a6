"""One job under way: what its task knows, how it tells how far it is, and its signs of life."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from uuid import UUID

from sqlalchemy.orm import Session

from inspect_app.config import Settings
from inspect_app.db import Database, transaction
from inspect_app.jobs.loops import MENDED_BY_WAITING
from inspect_app.services import jobs
from inspect_app.services.jobs import Claimed, Made
from inspect_app.services.leases import Lease, LeaseLostError

LONGEST_JOB = timedelta(hours=1)
"""From then on a job gives no sign of life: whatever hangs in it, another node may try."""

log = logging.getLogger(__name__)


def nothing_more(_session: Session, _now: datetime) -> None:
    """Change nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task came to.

    Attributes:
        made: the file it made and put into the storage, if any.
        effect: what it changes in the database, in the transaction that ends the job: once or not at all.
    """

    made: Made | None = None
    effect: Callable[[Session, datetime], None] = nothing_more


class Work:
    """A job as its task sees it. A task holds no transaction open while it computes."""

    def __init__(self, claimed: Claimed, database: Database, settings: Settings, lasting: timedelta) -> None:
        """Take the job that was claimed, and where it is to be done."""
        self.arguments = claimed.arguments
        self.user_id: UUID | None = claimed.user_id
        self.database = database
        self.settings = settings
        self.lease: Lease = claimed.lease
        self.lasting = lasting

    def report(self, done: int, of: int) -> None:
        """Tell how many of how many steps are done.

        Raises:
            LeaseLostError: the job was cancelled or given to somebody else, and is to be left as it is.
        """
        with transaction(self.database) as session:
            jobs.report_progress(session, self.lease, done, of)


Task = Callable[[Work], Outcome]
"""Does one kind of job. What it raises ends the job as failed; `NotFoundError` says that there is no need."""


class SignOfLife:
    """Extends the lease of a job while the block lasts, and stops where the job is no longer this node's."""

    def __init__(self, work: Work) -> None:
        """Take the job."""
        self._work = work
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sign-of-life", daemon=True)

    def __enter__(self) -> None:
        """Begin."""
        self._thread.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _place: TracebackType | None
    ) -> None:
        """End."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        work, end = self._work, datetime.now(UTC) + LONGEST_JOB
        while not self._over.wait(work.lasting.total_seconds() / 3) and datetime.now(UTC) < end:
            try:
                with transaction(work.database) as session:
                    jobs.extend(session, work.lease, now=datetime.now(UTC), lasting=work.lasting)
            except LeaseLostError:
                return
            except MENDED_BY_WAITING as error:
                log.warning("a job gives no sign of life at the moment: %s", type(error).__name__)
