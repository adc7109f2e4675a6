"""waitress, for Windows."""

import signal
from types import FrameType

from waitress import serve as serve_by_waitress

from inspect_app.cli.server import THREADS, Service


def serve(service: Service) -> None:
    """Answer requests until the process is told to stop."""
    # Without a handler waitress dies at once and loses the requests in flight.
    signal.signal(signal.SIGTERM, _stop)
    service.background.start()
    service.when_ready()
    try:
        serve_by_waitress(
            service.app, host=service.address.host, port=service.address.port, threads=THREADS, ident=None
        )
    finally:
        service.background.stop()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
