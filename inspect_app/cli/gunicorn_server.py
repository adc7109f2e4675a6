"""gunicorn, run inside this process."""

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from inspect_app.cli.server import THREADS, Service
from inspect_app.jobs import Sealer


def serve(service: Service) -> None:
    """Answer requests until the process is told to stop."""
    _Gunicorn(service).run()


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    """Takes its settings from here alone: no file, no environment, no control socket in the user's home."""

    def __init__(self, service: Service) -> None:
        self._service = service
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        service, sealer = self._service, Sealer(self._service.database)

        def forget_connections(_arbiter: Arbiter, _worker: Worker) -> None:
            # A connection that was opened before the fork belongs to the parent: dropped, but not closed.
            service.database.writing.dispose(close=False)

        def begin_sealing(_worker: Worker) -> None:
            # Threads do not live through a fork: each worker has a sealer of its own.
            sealer.start()

        def end_sealing(_arbiter: Arbiter, _worker: Worker) -> None:
            sealer.stop()

        def say_ready(_arbiter: Arbiter) -> None:
            service.when_ready()

        for name, value in {
            "bind": str(service.address),
            "workers": service.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "inspect-app",
            "post_fork": forget_connections,
            "post_worker_init": begin_sealing,
            "worker_exit": end_sealing,
            "when_ready": say_ready,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self._service.app
