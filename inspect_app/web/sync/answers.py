"""Answers to phones: JSON that says what it is an answer to, so that nothing else is taken for one."""

from collections.abc import Sequence

from flask import jsonify
from flask.typing import ResponseReturnValue

from checklists.json_values import Json

API = 1


def done(code: int, sha256: str, /, **said: Json) -> ResponseReturnValue:
    """Return what was done with the bytes of this hash."""
    return jsonify(api=API, sha256=sha256, **said), code


def refused(
    code: int, error: str, fields: Sequence[str] = (), retry_after: int | None = None, **said: Json
) -> ResponseReturnValue:
    """Return why nothing was done, and in how many seconds it can be tried again where that helps."""
    response = jsonify(api=API, error=error, **({"fields": list(fields)} if fields else {}), **said)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response, code
