"""Serves an application until it is stopped, by the server that suits the machine."""

import atexit
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from flask import Flask

from inspect_app.cli.address import Address
from inspect_app.db import Database
from inspect_app.jobs import Background
from inspect_app.metrics import share_counts
from inspect_app.web.statics import forget

THREADS = 4
"""Requests that one process answers at a time."""


@dataclass(frozen=True, slots=True)
class Service:
    """What is to be served.

    Attributes:
        database: the application's; its connections must not be shared by two processes.
        background: what each process does besides answering.
        workers: processes; 1 on SQLite, whose writers take turns inside one process.
        when_ready: called once requests are accepted.
    """

    app: Flask
    database: Database
    background: Background
    address: Address
    workers: int
    when_ready: Callable[[], None]


class Server(Protocol):
    """A module that knows one server."""

    def serve(self, service: Service) -> None:
        """Answer requests until the process is told to stop; those in flight are finished."""


def count_together(workers: int) -> None:
    """Let several processes add up what they count, in a folder that lasts as long as this one."""
    if workers > 1:
        folder = tempfile.mkdtemp(prefix="inspect-metrics-")
        atexit.register(forget, Path(folder), os.getpid())
        share_counts(folder)


def run(service: Service) -> None:
    """Serve until stopped: gunicorn where processes can fork, waitress on Windows."""
    name = "waitress_server" if sys.platform == "win32" else "gunicorn_server"
    service.database.writing.dispose()
    cast(Server, import_module(f"inspect_app.cli.{name}")).serve(service)
