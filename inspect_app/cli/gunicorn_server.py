"""gunicorn, run inside this process."""

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from inspect_app.cli.server import THREADS, Service


def serve(service: Service) -> None:
    """Answer requests until the process is told to stop."""
    _Gunicorn(service).run()


class _Log(Logger):  # type: ignore[misc]  # gunicorn is not typed
    """Lets the server's own lines go the way of all others; it writes none for requests."""

    def setup(self, cfg: Config) -> None:
        """Take the levels, but no places to write to."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    """Takes its settings from here alone: no file, no environment, no control socket in the user's home."""

    def __init__(self, service: Service) -> None:
        self._service = service
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        service = self._service

        def forget_connections(_arbiter: Arbiter, _worker: Worker) -> None:
            # A connection that was opened before the fork belongs to the parent: dropped, but not closed.
            service.database.writing.dispose(close=False)

        def begin_background(_worker: Worker) -> None:
            # Threads do not live through a fork: each worker has its own.
            service.background.start()

        def end_background(_arbiter: Arbiter, _worker: Worker) -> None:
            service.background.stop()

        def say_ready(_arbiter: Arbiter) -> None:
            service.when_ready()

        for name, value in {
            "bind": str(service.address),
            "workers": service.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "control_socket_disable": True,
            "loglevel": "warning",
            "accesslog": None,
            "logger_class": _Log,
            "proc_name": "inspect-app",
            "post_fork": forget_connections,
            "post_worker_init": begin_background,
            "worker_exit": end_background,
            "when_ready": say_ready,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self._service.app
