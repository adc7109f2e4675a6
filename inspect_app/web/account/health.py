"""For those who run the product: whether it is alive, what it lacks to be ready, and its figures."""

import hmac
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import cast

from flask import abort, current_app, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from inspect_app.bells import bell_at
from inspect_app.db import reading, the_database
from inspect_app.metrics import Metrics, Standing
from inspect_app.migrations import is_current
from inspect_app.queries.operations import standing_of
from inspect_app.storage import StorageError, open_store
from inspect_app.web.access import current_settings, open_to_all
from inspect_app.web.account import pages

OK = "ok"
PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
"""What a reverse proxy adds: a request with one of these was not asked by this machine."""


@pages.get("/healthz")
@open_to_all
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status=OK)


@pages.get("/readyz")
@open_to_all
def readyz() -> ResponseReturnValue:
    """Say of each part whether it can be used; what it lacks, in a word, where it cannot."""
    found = {part: look() for part, look in PARTS.items()}
    is_ready = all(said == OK for said in found.values())
    return jsonify(status=OK if is_ready else "unavailable", **found), 200 if is_ready else 503


@pages.get("/metrics")
@open_to_all
def metrics() -> ResponseReturnValue:
    """Return the figures to a monitor; to everybody else this address does not exist."""
    if not (_asks_on_this_machine() or _knows_the_token()):
        abort(404)
    counted = cast(Metrics, current_app.extensions["inspect_metrics"])
    response = make_response(counted.text(_standing()))
    response.content_type = CONTENT_TYPE_LATEST
    return response


def _database() -> str:
    try:
        return OK if is_current(the_database()) else "not migrated"
    except SQLAlchemyError:
        return "unreachable"


def _storage() -> str:
    try:
        open_store(current_settings().storage_url).require_usable()
    except StorageError:
        return "not writable"
    return OK


def _queue() -> str:
    return OK if bell_at(current_settings().queue_url).is_heard() else "unreachable"


PARTS: Mapping[str, Callable[[], str]] = {"database": _database, "storage": _storage, "queue": _queue}
"""What the product needs to answer, each with who looks at it."""


def _standing() -> Standing | None:
    try:
        with reading(the_database()) as session:
            return standing_of(session)
    except SQLAlchemyError:
        return None


def _asks_on_this_machine() -> bool:
    if any(name in request.headers for name in PASSED_ON):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _knows_the_token() -> bool:
    token = current_settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return token is not None and hmac.compare_digest(given.encode(), token.encode())
