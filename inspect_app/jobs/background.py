"""The background work of one process: what it does of it, begun after a fork and ended with it."""

import os
import secrets
import socket
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from inspect_app.bells import Bell
from inspect_app.config import Settings
from inspect_app.db import Database
from inspect_app.jobs.duties import DUTIES, Duty, Scheduler
from inspect_app.jobs.loops import Loop
from inspect_app.jobs.posting import Post
from inspect_app.jobs.rehearsals import rehearse
from inspect_app.jobs.runner import Runner
from inspect_app.jobs.sealer import Sealer
from inspect_app.jobs.work import Task
from inspect_app.jobs.workbooks import make_workbook
from inspect_app.mail_server import read_mail_server
from inspect_app.models.jobs import JobKind
from inspect_app.services.leases import LEASE

TASKS: Mapping[JobKind, Task] = {
    JobKind.RANKING_WORKBOOK: make_workbook,
    JobKind.REHEARSAL: rehearse,
}
"""Who does which kind of job."""

REST_SECONDS = 1.0
"""How long jobs and mails wait at most where no bell is heard: one question to the database each time."""

SCHEDULER_RESTS_SECONDS = 30.0
LONGEST_STOP_SECONDS = 20.0
"""How long a stopping process lets a job go on before it hands it back; gunicorn waits for thirty."""


class Share(StrEnum):
    """How much of the background work a process does: only the sealing, or everything."""

    SEALING = "sealing"
    EVERYTHING = "everything"


class Background:
    """Threads that seal, do jobs, send mails and see to duties. Any number of processes share the work."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        bell: Bell,
        share: Share,
        *,
        threads: int = 1,
        lasting: timedelta = LEASE,
        tasks: Mapping[JobKind, Task] = TASKS,
        duties: Sequence[Duty] = DUTIES,
    ) -> None:
        """Take what is to be done; nothing begins before `start`, which comes after any fork.

        Args:
            threads: jobs that are done at a time.
            lasting: how long a lease lasts.
        """
        self._settings = settings
        self._database = database
        self._bell = bell
        self._share = share
        self._threads = threads
        self._lasting = lasting
        self._tasks = tasks
        self._duties = duties
        self._sealer = Sealer(database)
        self._runners: list[Runner] = []
        self._loops: list[Loop] = []

    def start(self) -> None:
        """Begin."""
        self._sealer.start()
        if self._share is Share.SEALING:
            return
        self._bell.begin()
        self._loops = [*self._job_loops(), *self._mail_loops(), self._scheduler_loop()]
        for loop in self._loops:
            loop.start()

    def stop(self, within_seconds: float = LONGEST_STOP_SECONDS) -> None:
        """Let what is under way be finished; hand back what takes longer."""
        self._bell.end()
        for loop in self._loops:
            loop.ask_to_stop()
        end = time.monotonic() + within_seconds
        for loop in self._loops:
            loop.wait_for_end(max(0.0, end - time.monotonic()))
        for runner in self._runners:
            runner.hand_back()
        self._sealer.stop()

    def _job_loops(self) -> list[Loop]:
        self._runners = [
            Runner(self._database, self._settings, self._tasks, new_node(), self._lasting)
            for _thread in range(self._threads)
        ]
        return [Loop("jobs", one.run_next, REST_SECONDS, self._bell.ear()) for one in self._runners]

    def _mail_loops(self) -> list[Loop]:
        if self._settings.smtp_url is None:
            return []
        post = Post(self._database, read_mail_server(self._settings.smtp_url), new_node(), self._lasting)
        return [Loop("mails", post.send_next, REST_SECONDS, self._bell.ear())]

    def _scheduler_loop(self) -> Loop:
        scheduler = Scheduler(self._database, self._settings, self._duties)
        return Loop("duties", scheduler.do_due, SCHEDULER_RESTS_SECONDS, self._bell.ear())


def serving_share(settings: Settings, database: Database, bell: Bell) -> Background:
    """Return the background work of a serving process: all of it, but where there are workers for it."""
    share = Share.SEALING if bell.is_heard_elsewhere else Share.EVERYTHING
    # Two, so that what is short need not wait for what is long.
    return Background(settings, database, bell, share, threads=2)


def new_node() -> str:
    """Return a name that no other process or thread has: for people the machine and process, then chance."""
    return f"{socket.gethostname()[:40]} {os.getpid()} {secrets.token_hex(4)}"
