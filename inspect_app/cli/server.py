"""Serves an application until it is stopped, by the server that suits the machine."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from flask import Flask

from inspect_app.cli.address import Address
from inspect_app.db import Database

THREADS = 4
"""Requests that one process answers at a time."""


@dataclass(frozen=True, slots=True)
class Service:
    """What is to be served.

    Attributes:
        database: the application's; its connections must not be shared by two processes.
        workers: processes; 1 on SQLite, whose writers take turns inside one process.
        when_ready: called once requests are accepted.
    """

    app: Flask
    database: Database
    address: Address
    workers: int
    when_ready: Callable[[], None]


class Server(Protocol):
    """A module that knows one server."""

    def serve(self, service: Service) -> None:
        """Answer requests until the process is told to stop; those in flight are finished."""


def run(service: Service) -> None:
    """Serve until stopped: gunicorn where processes can fork, waitress on Windows."""
    name = "waitress_server" if sys.platform == "win32" else "gunicorn_server"
    service.database.writing.dispose()
    cast(Server, import_module(f"inspect_app.cli.{name}")).serve(service)
