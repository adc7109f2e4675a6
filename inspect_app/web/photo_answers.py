"""Photos handed out: as pictures and nothing else, kept by nobody on the way, absent where they are gone."""

from flask import current_app
from flask.typing import ResponseReturnValue

from inspect_app.errors import NotFoundError
from inspect_app.web.stores import the_store

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
NAME = "photo.jpg"


def show_stored_photo(sha256: str | None) -> ResponseReturnValue:
    """Return a stored photo, for this user alone and this time alone.

    Raises:
        NotFoundError: it was erased, or its file is not there.
    """
    if sha256 is None:
        raise NotFoundError("an erased photo")
    try:
        content = the_store().read(sha256)
    except FileNotFoundError as error:
        raise NotFoundError("a photo without its file") from error
    response = current_app.response_class(content, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers.set("Content-Disposition", "inline", filename=NAME)
    return response
