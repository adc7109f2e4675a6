"""Runs real workers, each `inspect-app worker` in a process of its own, on the database of a test."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from inspect_app.db import Database, reading
from inspect_app.models.jobs import Job, JobState
from tests.inspect_app.cli.running import NO_SETTINGS, surroundings

LEASE_SECONDS = 2


def begin_worker(
    folder: Path, url: str, *arguments: str, environ: Mapping[str, str] = NO_SETTINGS
) -> subprocess.Popen[str]:
    """Begin a worker; it is a node of its own."""
    settings = {
        "INSPECT_DATABASE_URL": url,
        "INSPECT_DATA_DIR": str(folder),
        "INSPECT_SECRET_KEY": "a secret of at least thirty-two characters",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "inspect_app", "worker", "--lease", str(LEASE_SECONDS), *arguments],
        cwd=folder,
        env=surroundings() | settings | dict(environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def working(
    folder: Path, url: str, *arguments: str, number: int = 1, environ: Mapping[str, str] = NO_SETTINGS
) -> Iterator[list[subprocess.Popen[str]]]:
    """Run workers while the block lasts, then end them as an operator does."""
    workers = [begin_worker(folder, url, *arguments, environ=environ) for _worker in range(number)]
    try:
        yield workers
        for worker in workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGTERM)
        for worker in workers:
            worker.wait(timeout=40)
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()


def jobs_in(database: Database) -> list[Job]:
    """Return every job as it is now."""
    with reading(database) as session:
        return list(session.scalars(select(Job).order_by(Job.asked_at, Job.id)))


def holder_of(database: Database, steps: int) -> int | None:
    """Return the process that is doing a job of so many steps; None while nobody does."""
    for job in jobs_in(database):
        if job.state is JobState.RUNNING and f'"steps":{steps}' in job.arguments and job.node:
            return int(job.node.split()[-2])
    return None
