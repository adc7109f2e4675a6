"""Handing out files: every one under a name of its own, in whatever script, and never shown in place."""

from io import BytesIO
from mimetypes import guess_type

from flask import send_file
from flask.typing import ResponseReturnValue


def download(name: str, content: bytes) -> ResponseReturnValue:
    """Return a file to be saved.

    Args:
        name: the file's name as people read it, with its ending; browsers get it as RFC 6266 says.
    """
    kind = guess_type(name)[0] or "application/octet-stream"
    return send_file(
        BytesIO(content), mimetype=kind, as_attachment=True, download_name=name, etag=False, max_age=0
    )
