"""The log: one line for what happened, as JSON or to be read; who and what is inspected is never in it."""

import logging
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from inspect_app.config import Settings

OWN = "inspect_app"
HIDDEN = "…"

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def begin_log(settings: Settings, stream: TextIO = sys.stderr) -> None:
    """Let everything that this process has to tell become lines of one form; what was set up before ends."""
    is_readable = settings.log == "text" or (settings.log is None and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.addFilter(hide_values)
    handler.setFormatter(_as_text(stream) if is_readable else _as_json())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    # A disk that is full must not make a line for each line that could not be written.
    logging.raiseExceptions = False


def hide_values(record: logging.LogRecord) -> bool:
    """Keep of other packages' lines sentence and numbers: their values come from requests and rows."""
    if record.name.partition(".")[0] == OWN:
        return True
    if isinstance(record.args, tuple):
        record.args = tuple(value if isinstance(value, int | float) else HIDDEN for value in record.args)
    before, whose, _ = str(record.msg).partition("ip=")
    if whose:  # gunicorn puts what it could not read, and from whom it came, into the sentence itself.
        record.msg, record.args = before + HIDDEN, ()
    return True


def tell_failure(_logger: object, _name: str, event: EventDict) -> EventDict:
    """Put the failure into words that hold no value: kinds and places, but none of the messages.

    The message of an exception quotes what it stumbled over, which may be a row or a request.
    """
    error = _exception_of(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = "\n".join(described(error))
    return event


def described(error: BaseException) -> Iterator[str]:
    """Yield the lines that tell of an exception: what it came from first, each with places and kind."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from described(cause)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
    yield f"{type(error).__module__}.{type(error).__qualname__}{_code_of(error)}"


def _exception_of(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _code_of(error: BaseException) -> str:
    """Return by which code a database names its fault: the one thing in its message that is no value."""
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return f" [{code}]" if isinstance(code, str) else ""


def _short(place: str) -> str:
    """Return a file's place from its package on: where the product is installed is nobody's concern."""
    for root in ("/site-packages/", f"/{OWN}/"):
        before, found, rest = place.replace("\\", "/").rpartition(root)
        if found and before:
            return rest if root == "/site-packages/" else f"{OWN}/{rest}"
    return place


def _as_json() -> logging.Formatter:
    return _formatter(structlog.processors.JSONRenderer(ensure_ascii=False))


def _as_text(stream: TextIO) -> logging.Formatter:
    return _formatter(structlog.dev.ConsoleRenderer(colors=stream.isatty(), timestamp_key="at"))


def _formatter(renderer: Any) -> logging.Formatter:
    steps: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.stdlib.ExtraAdder(),
        structlog.contextvars.merge_contextvars,
        tell_failure,
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=steps,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
