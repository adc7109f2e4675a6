"""Handing out files: every one under a name of its own, in whatever script, and never shown in place."""

from io import BytesIO
from pathlib import PurePath

from flask import send_file
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
