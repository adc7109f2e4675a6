"""Handing out files: every one under a name of its own, in whatever script, and never shown in place."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePath

from flask import current_app, send_file, stream_with_context
from flask.typing import ResponseReturnValue

# Written out: what a machine knows of file endings differs from machine to machine.
KINDS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".jsonl": "application/x-ndjson",
    ".json": "application/json",
}


def download(name: str, content: bytes) -> ResponseReturnValue:
    """Return a file to be saved.

    Args:
        name: the file's name as people read it, with its ending; browsers get it as RFC 6266 says.
    """
    return send_file(
        BytesIO(content),
        mimetype=KINDS.get(PurePath(name).suffix, "application/octet-stream"),
        as_attachment=True,
        download_name=name,
        etag=False,
        max_age=0,
    )


def download_lines(name: str, lines: Iterator[str]) -> ResponseReturnValue:
    """Return a file to be saved that is too long to be held in memory: each line is sent as it comes.

    Args:
        name: the file's name as people read it, with its ending.
    """
    kind = KINDS.get(PurePath(name).suffix, "application/octet-stream")
    response = current_app.response_class(stream_with_context(lines), mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
