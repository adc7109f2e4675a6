"""Every request leaves one line in the log and one mark in the figures: the route, and never the address."""

import logging
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, cast

from flask import Flask, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from inspect_app.config import Settings
from inspect_app.metrics import Metrics

TOLD = "inspect_app.told"
"""Where a request keeps what will be told of it."""
ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
STATIC = "/static/"
NO_ROUTE = "none"
VISITOR = "visitor"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Told:
    """What is told of one request.

    Attributes:
        route: the rule that its address follows, variable parts as they are named: `/m/<uuid:visit_id>`.
        user: the kind of user who asks.
    """

    id: str
    method: str
    begun: float
    route: str = NO_ROUTE
    user: str = VISITOR
    status: int = 500


class TellRequests:
    """Stands outermost, so that what is answered without the application's help is told, too."""

    def __init__(self, app: Any, metrics: Metrics, settings: Settings) -> None:
        """Take what answers; a proxy's number for a request is believed where there is a trusted proxy."""
        self._app = app
        self._metrics = metrics
        self._believes = settings.trusted_proxies > 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer, and tell of it when the last byte has gone."""
        told = environ[TOLD] = self._begin(environ)
        clear_contextvars()
        bind_contextvars(request=told.id)

        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            told.status = int(status[:3])
            return start_response(status, [*headers, ("X-Request-ID", told.id)], *failure)

        try:
            answer = self._app(environ, start)
        except BaseException:
            log.exception("failure", extra={"route": told.route, "method": told.method})
            self._tell(told)
            raise
        return _Answer(answer, lambda: self._tell(told))

    def _begin(self, environ: dict[str, Any]) -> Told:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        own = given if self._believes and ID.fullmatch(given) else secrets.token_hex(8)
        method = environ["REQUEST_METHOD"]
        told = Told(own, method if method in METHODS else "OTHER", perf_counter())
        if environ.get("PATH_INFO", "").startswith(STATIC):
            told.route = STATIC
        return told

    def _tell(self, told: Told) -> None:
        seconds = perf_counter() - told.begun
        self._metrics.count_request(told.route, told.method, told.status, seconds)
        log.info(
            "request",
            extra={
                "method": told.method,
                "route": told.route,
                "status": told.status,
                "milliseconds": round(1000 * seconds, 1),
                "user": told.user,
            },
        )
        clear_contextvars()


class _Answer:
    """The body of an answer; says once when it has gone out, or when nobody wants the rest."""

    def __init__(self, body: Iterable[bytes], tell: Callable[[], None]) -> None:
        self._body = body
        self._pieces = iter(body)
        self._tell: Callable[[], None] | None = tell

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self._end()
            raise

    def close(self) -> None:
        """Let go of what the body holds."""
        close = getattr(self._body, "close", None)
        try:
            if close is not None:
                close()
        finally:
            self._end()

    def _end(self) -> None:
        if self._tell is not None:
            tell, self._tell = self._tell, None
            tell()


class Application(Flask):
    """A Flask whose failures are told without their values."""

    # The argument is Flask's.
    def log_exception(self, exc_info: Any) -> None:
        """Tell of a failure: where in the program, and by which route, but not which address it was."""
        told = request.environ.get(TOLD)
        route = told.route if isinstance(told, Told) else NO_ROUTE
        log.error("failure", exc_info=exc_info, extra={"route": route, "method": request.method})


def tell_requests(app: Flask, settings: Settings) -> None:
    """Let everything that is asked of the application be told; the last thing that is put around it."""
    metrics = Metrics()
    app.extensions["inspect_metrics"] = metrics
    app.before_request_funcs.setdefault(None, []).insert(0, note_who_asks_for_what)
    app.wsgi_app = TellRequests(app.wsgi_app, metrics, settings)  # type: ignore[method-assign]


def note_who_asks_for_what() -> None:
    """Write down the route of the request at hand, and the kind of user."""
    told = cast(Told | None, request.environ.get(TOLD))
    if told is None:
        return
    told.route = NO_ROUTE if request.url_rule is None else request.url_rule.rule
    login = g.get("login")
    told.user = VISITOR if login is None else login.user.kind.value
