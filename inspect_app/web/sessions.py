"""Who is signed in: the cookie holds a random token, everything else is a row of the database."""

import hashlib
import secrets
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, g
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from sqlalchemy.orm import Session

from inspect_app.config import Settings
from inspect_app.db import reading, the_database
from inspect_app.models.people import LoginSession, User
from inspect_app.queries.people import live_session
from inspect_app.queries.phones import phone_with_session
from inspect_app.services import entries, people
from inspect_app.services.tokens import hash_of, new_token
from inspect_app.web.clock import utc_now

LASTS = timedelta(hours=12)
CSRF = "csrf_token"
WANTED = "wanted"


class ServerSessions(SecureCookieSessionInterface):
    """Sessions of signed-in users live in the database and end there.

    A visitor who is not signed in has a small signed cookie, for the CSRF token of the sign-in form alone.
    """

    def __init__(self, settings: Settings) -> None:
        self.cookie = "__Host-inspect" if settings.is_secure else "inspect"

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Find who is signed in; the row is read before and apart from the request's own transaction."""
        token = request.cookies.get(self.cookie)
        g.login = None if token is None else find_login(token)
        g.has_dead_login = token is not None and g.login is None
        g.is_ended_phone = token is not None and g.login is None and is_ended_phone(token)
        if g.login is None:
            return super().open_session(app, request)
        return SignedIn({CSRF: g.login.csrf_token})

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep a visitor's cookie; a signed-in user's session is kept in the database already."""
        if not isinstance(session, SignedIn):
            super().save_session(app, session, response)
        change: str | None = g.pop("token", None)
        if change is None:
            return
        flags: MutableMapping[str, Any] = {"secure": app.config["SESSION_COOKIE_SECURE"], "path": "/"}
        if change and response.status_code < 400:
            lasts = g.get("token_lasts", LASTS)
            response.set_cookie(self.cookie, change, max_age=lasts, httponly=True, samesite="Lax", **flags)
        elif not change:
            response.delete_cookie(self.cookie, httponly=True, samesite="Lax", **flags)


class SignedIn(SecureCookieSession):
    """What Flask calls the session, of someone whose session is a row of the database."""


def find_login(token: str) -> LoginSession | None:
    """Return the living session of this token with its user, detached; None where there is none."""
    with reading(the_database()) as session:
        return live_session(session, hash_of(token), now=utc_now())


def is_ended_phone(token: str) -> bool:
    """Say whether this is the token of a phone that the office has ended."""
    with reading(the_database()) as session:
        phone = phone_with_session(session, hash_of(token))
        return phone is not None and phone.ended_by_id is not None


def sign_in(session: Session, user: User, lasts: timedelta = LASTS) -> str:
    """Open a session for this browser under a new token; the one it had before is worth nothing any more.

    Returns:
        What the database keeps of the token.
    """
    if g.login is not None:
        people.close_session(session, g.login.token_hash)
    token = new_token()
    csrf = hashlib.sha1(secrets.token_bytes(64), usedforsecurity=False).hexdigest()
    people.open_session(session, user, hash_of(token), csrf, now=utc_now(), lasts=lasts)
    g.token, g.token_lasts = token, lasts
    return hash_of(token)


def sign_out(session: Session) -> None:
    """End this browser's session, here and in the database."""
    if g.login is not None:
        entries.sign_out_phone(session, g.login.token_hash, now=utc_now())
        people.close_session(session, g.login.token_hash)
    g.token = ""
