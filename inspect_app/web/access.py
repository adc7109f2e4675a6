"""Who asks, and whether they may: every page says which action it is, or that it is open to all."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from inspect_app.config import Settings
from inspect_app.errors import NotFoundError
from inspect_app.models.people import User, UserKind
from inspect_app.permissions import Action, is_allowed
from inspect_app.services.journal import Actor
from inspect_app.web.again import came_with_a_dead_login, fields_to_keep, show_again
from inspect_app.web.sessions import WANTED

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

HOMES = {
    UserKind.ADMINISTRATOR: "office.waves_page",
    UserKind.REVIEWER: "office.review_queue_page",
    UserKind.INSPECTOR: "inspector.visits_page",
    UserKind.REGIONAL_MANAGER: "region.newest_ranking_page",
    UserKind.BRANCH_MANAGER: "branch.home_page",
}
"""The first page of each kind of user, by endpoint."""


class UndeclaredPageError(RuntimeError):
    """A page says neither which action it is nor that it is open to all; the product does not start."""


def current_user() -> User:
    """Return who is signed in.

    Raises:
        NotFoundError: nobody is; a page that asks is not open to all.
    """
    if g.login is None:
        raise NotFoundError("nobody is signed in")
    return cast(User, g.login.user)


def current_actor() -> Actor:
    """Return who is signed in, as the journal writes it down: of inspectors only that it was one."""
    user = current_user()
    return Actor.inspector() if user.kind is UserKind.INSPECTOR else Actor.user(user)


def is_signed_in() -> bool:
    """Say whether somebody is signed in."""
    return g.get("login") is not None


def current_settings() -> Settings:
    """Return the settings of the running application."""
    return cast(Settings, current_app.extensions["inspect_settings"])


def requires(action: Action) -> Callable[[View], View]:
    """Let a page be seen only by those who may do this; to others it looks as if it did not exist."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not is_signed_in():
                return send_to_login()
            if not is_allowed(current_user().kind, action):
                abort(404)
            return view(*args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]  # read by `refuse_undeclared_pages`
        return cast(View, guarded)

    return guard


def open_to_all(view: View) -> View:
    """Say that a page needs nobody to be signed in."""
    view.action = None  # type: ignore[attr-defined]  # read by `refuse_undeclared_pages`
    return view


def refuse_undeclared_pages(app: Flask) -> None:
    """Stop the start where a page has not said who may see it."""
    undeclared = [name for name, view in app.view_functions.items() if not hasattr(view, "action")]
    if undeclared:
        raise UndeclaredPageError(f"pages without @requires or @open_to_all: {', '.join(sorted(undeclared))}")


def send_to_login() -> ResponseReturnValue:
    """Send a visitor to sign in, remembering the page that was wanted where it only shows something.

    What somebody typed whose sign-in has ended meanwhile is shown again instead; a phone that the office has
    ended is told so.
    """
    fields = fields_to_keep() if came_with_a_dead_login() else None
    if fields is not None:
        return show_again(fields, 409, is_signed_out=True)
    if g.get("is_ended_phone"):
        return redirect(url_for("account.ended_phone_page"), code=303)
    if request.method == "GET" and _is_for_a_person():
        session[WANTED] = request.full_path.rstrip("?")
    return redirect(url_for("account.login_page"), code=303)


def _is_for_a_person() -> bool:
    """Say whether a page was asked for to be looked at, and not by a script, a picture or a style."""
    mode = request.headers.get("Sec-Fetch-Mode")
    if mode is not None:
        return mode == "navigate"
    accepted = request.headers.get("Accept")
    return accepted is None or "text/html" in accepted


def home_of(user: User) -> str:
    """Return the address of a user's first page."""
    return url_for(HOMES[user.kind])


def wanted_page(path: str | None, user: User) -> str:
    """Return the page wanted before signing in, if it is one of the user's; else their first page."""
    if not path:
        return home_of(user)
    place, _, query = path.partition("?")
    addresses = current_app.create_url_adapter(request)
    try:
        endpoint, values = addresses.match(place, method="GET") if addresses else ("", {})
    except HTTPException:
        return home_of(user)
    action = getattr(current_app.view_functions.get(endpoint), "action", None)
    if action is None or not is_allowed(user.kind, action):
        return home_of(user)
    return url_for(endpoint, **values) + (f"?{query}" if query else "")
