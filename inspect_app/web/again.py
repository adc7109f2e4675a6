"""Forms that came too late, because the sign-in had ended: what was typed stays, to be sent once more."""

import re
from collections.abc import Sequence

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

CSRF_FIELD = "csrf_token"
SECRET_FIELDS = frozenset({"password", "repeated", "old", "code"})
"""What is never written back into a page."""

MOST_CHARACTERS = 200_000
"""A form larger than this is not shown again: pages stay readable on a phone."""

CHOSEN = re.compile(r"[A-Za-z0-9_.:+-]*")
"""What ids, codes, numbers and choices look like: carried along, but nothing that somebody wrote."""

OWN_SITE = frozenset({"same-origin", "none"})

Fields = Sequence[tuple[str, str]]


def came_with_a_dead_login() -> bool:
    """Say whether the browser holds a sign-in that has ended, so that somebody has typed in vain."""
    return bool(g.get("has_dead_login")) and request.method == "POST"


def fields_to_keep() -> Fields | None:
    """Return what was typed into the form at hand; None where it must not, or need not, be shown again."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != CSRF_FIELD]
    names = {name.rpartition("-")[2] for name, _value in fields}
    is_typed = any(value.strip() for _name, value in fields)
    is_short = sum(len(name) + len(value) for name, value in fields) <= MOST_CHARACTERS
    if names & SECRET_FIELDS or not is_typed or not is_short or not _is_from_here():
        return None
    return fields


def show_again(fields: Fields, status: int, *, is_signed_out: bool) -> ResponseReturnValue:
    """Return the page that holds what was typed, and sends it once more when its button is pressed.

    Args:
        is_signed_out: first, somebody has to sign in, in another tab.
    """
    address = request.full_path.rstrip("?")
    shown = render_template(
        "again.html",
        fields=fields,
        written=[value for _name, value in fields if not CHOSEN.fullmatch(value)],
        address=address,
        is_signed_out=is_signed_out,
        has_files=any(file.filename for file in request.files.values()),
    )
    return shown, status


def _is_from_here() -> bool:
    """Say whether the browser says that one of the product's own pages sent this."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in OWN_SITE
