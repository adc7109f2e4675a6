"""Tokens that a browser holds between two pages, so that no address has to: in cookies of their own."""

from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from inspect_app.web.access import current_settings

LINK = "link"
"""The ticket of somebody who opened a one-time link."""
PENDING = "pending"
"""The ticket of somebody who gave the right password and owes a code."""
ENTRY = "entry"
"""The ticket of an inspector who opened a personal link."""
LASTS = timedelta(minutes=30)


def keep(response: Response, name: str, token: str) -> None:
    """Give the browser a token to hold; scripts cannot read it, other sites cannot send it."""
    response.set_cookie(
        _cookie(name),
        token,
        max_age=LASTS,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=current_settings().is_secure,
    )


def held(name: str) -> str:
    """Return the token that this browser holds; nothing where it holds none."""
    return request.cookies.get(_cookie(name), "")


def drop(response: Response, name: str) -> None:
    """Take the token back."""
    response.delete_cookie(
        _cookie(name), path="/", httponly=True, samesite="Lax", secure=current_settings().is_secure
    )


def _cookie(name: str) -> str:
    return f"__Host-inspect-{name}" if current_settings().is_secure else f"inspect_{name}"
