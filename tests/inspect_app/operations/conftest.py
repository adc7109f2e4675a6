"""What the tests of operations share: the log of this process, kept apart."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inspect_app.config import Settings
from inspect_app.logs import begin_log


@pytest.fixture
def log(tmp_path: Path) -> Iterator[io.StringIO]:
    """Return what this process writes to its log, as JSON; afterwards everything is as it was."""
    root = logging.getLogger()
    handlers, level, raises = root.handlers[:], root.level, logging.raiseExceptions
    written = io.StringIO()
    begin_log(Settings(tmp_path, "", "", "", log="json"), written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = raises


class WholeAnswers(FlaskClient):
    """A client that takes every answer to its end, as a server hands it out: only then it is told."""

    def open(self, *args: object, **named: object) -> TestResponse:
        """Ask, and take everything."""
        return super().open(*args, **{**named, "buffered": True})  # type: ignore[arg-type]  # as werkzeug has them


def whole(app: Flask) -> Flask:
    """Let the clients of an application take every answer to its end."""
    app.test_client_class = WholeAnswers
    return app
