"""A server that can be killed at a point, run beside a test."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inspect_app.storage import FolderStore
from tests.inspect_app.cli.running import free_port, surroundings

ROOT = Path(__file__).parents[3]
WORKERS = 4
"""Processes on one database."""

SECRET = "what the histories sign with: long enough, and of many signs"


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it listens, and where it keeps its rows and its photos."""

    address: tuple[str, int]
    database_url: str
    photos: Path
    log: Path

    @property
    def url(self) -> str:
        """Its address as a browser has it."""
        return f"http://{self.address[0]}:{self.address[1]}"

    @property
    def store(self) -> FolderStore:
        """Its photos."""
        return FolderStore(self.photos)


@contextmanager
def serving(database_url: str, folder: Path, workers: int = WORKERS, plant: str = "") -> Iterator[Served]:
    """Run it with so many processes on one database, which is migrated already."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    photos, log = folder / "files", folder / "server.log"
    settings = {
        "INSPECT_DATABASE_URL": database_url,
        "INSPECT_DATA_DIR": str(folder),
        "INSPECT_STORAGE_URL": photos.absolute().as_uri(),
        "INSPECT_SECRET_KEY": SECRET,
    }
    command = [sys.executable, "-m", "tests.faults.phone.crash_server", str(port), str(workers)]
    with log.open("wb") as written:
        server = subprocess.Popen(
            [*command, *([plant] if plant else [])],
            cwd=ROOT,
            env=surroundings() | settings,
            stdout=subprocess.PIPE,
            stderr=written,
            start_new_session=True,
        )
    assert server.stdout is not None
    try:
        if server.stdout.readline().strip() != b"ready":
            raise RuntimeError(log.read_text(encoding="utf-8", errors="replace"))
        yield Served(("127.0.0.1", port), database_url, photos, log)
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.stdout.close()
        server.wait()
