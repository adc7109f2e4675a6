"""Whether the product is alive and ready, for those who run it."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from inspect_app.db import the_database
from inspect_app.migrations import is_current
from inspect_app.web.access import open_to_all
from inspect_app.web.account import pages


@pages.get("/healthz")
@open_to_all
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status="ok")


@pages.get("/readyz")
@open_to_all
def readyz() -> ResponseReturnValue:
    """Say whether the database can be reached and has the shape that this version needs."""
    try:
        ready = is_current(the_database())
    except SQLAlchemyError:
        return jsonify(status="unavailable", database="unreachable"), 503
    if not ready:
        return jsonify(status="unavailable", database="not migrated"), 503
    return jsonify(status="ok", database="ok")
