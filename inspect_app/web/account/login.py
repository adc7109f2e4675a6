"""Signing in and out, choosing a language, and the address that leads everybody to their first page."""

from datetime import timedelta

from flask import g, make_response, redirect, render_template, request, url_for
from flask import session as visitor
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import reading, session, the_database, transaction
from inspect_app.models.people import User
from inspect_app.queries.people import failures_since, user_named
from inspect_app.services import people
from inspect_app.services.passwords import is_password
from inspect_app.web.access import (
    current_settings,
    current_user,
    home_of,
    is_signed_in,
    open_to_all,
    wanted_page,
)
from inspect_app.web.account import pages
from inspect_app.web.account.forms import LoginForm
from inspect_app.web.clock import utc_now
from inspect_app.web.languages import COOKIE, NAMES
from inspect_app.web.sessions import WANTED, sign_in, sign_out

MOST_TRIES_OF_AN_ACCOUNT = 10
MOST_TRIES_OF_AN_ADDRESS = 100
THROTTLED_FOR = timedelta(hours=1)
A_YEAR = timedelta(days=365)


@pages.get("/")
@open_to_all
def front_page() -> ResponseReturnValue:
    """Lead a user to their first page, a visitor to the sign-in."""
    if is_signed_in():
        return redirect(home_of(current_user()), code=303)
    return redirect(url_for("demo.entry_page" if current_settings().demo else "account.login_page"), code=303)


@pages.get("/login")
@open_to_all
def login_page() -> ResponseReturnValue:
    """Show the sign-in form."""
    if is_signed_in():
        return redirect(home_of(current_user()), code=303)
    return render_template("account/login.html", form=LoginForm())


@pages.post("/login")
@open_to_all
def log_in() -> ResponseReturnValue:
    """Sign in; which of name and password was wrong is not told."""
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("account/login.html", form=form), 422
    account, address = str(form.username.data).strip(), request.remote_addr or ""
    if _has_tried_too_often(account, address):
        return render_template("account/login.html", form=form, problem=_too_often()), 429
    user = _user_of(account, str(form.password.data))
    if user is None:
        _note_failure(account, address)
        return render_template("account/login.html", form=form, problem=_("用户名或密码不对。")), 422
    goal = wanted_page(visitor.pop(WANTED, None), user)
    sign_in(session, user)
    return redirect(goal, code=303)


@pages.post("/logout")
@open_to_all
def log_out() -> ResponseReturnValue:
    """End this browser's session, whoever it belongs to."""
    sign_out(session)
    return redirect(url_for("account.login_page"), code=303)


@pages.post("/language")
@open_to_all
def choose_language() -> ResponseReturnValue:
    """Keep the language in this browser and go back to where it was chosen."""
    language = request.form.get("language", "")
    response = make_response(redirect(_page_before(), code=303))
    if language in NAMES:
        response.set_cookie(COOKIE, language, max_age=A_YEAR, samesite="Lax", httponly=True)
    return response


def _page_before() -> str:
    """Return the page of this product that the browser says it comes from; else the front page."""
    before, here = request.referrer or "", request.host_url
    path = before.removeprefix(here)
    return (
        f"/{path}" if path != before and not path.startswith(("/", "\\")) else url_for("account.front_page")
    )


def _has_tried_too_often(account: str, address: str) -> bool:
    with reading(the_database()) as reader:
        failures = failures_since(reader, account, address, utc_now() - THROTTLED_FOR)
    return failures.account >= MOST_TRIES_OF_AN_ACCOUNT or failures.address >= MOST_TRIES_OF_AN_ADDRESS


def _too_often() -> str:
    return _("试的次数太多了。请过一小时再试，或请总行的管理员帮您重设密码。")


def _user_of(account: str, password: str) -> User | None:
    """Return the active user of this name if the password is theirs; the same work for a name nobody has."""
    with reading(the_database()) as reader:
        user = user_named(reader, account)
        reader.expunge_all()
    known = user is not None and user.is_active
    return user if is_password(user.password_hash if user and known else None, password) else None


def _note_failure(account: str, address: str) -> None:
    """Write a failed attempt down at once: the request itself will be rolled back."""
    with transaction(the_database()) as writer:
        people.record_login_failure(writer, account, address, now=utc_now())


@pages.app_context_processor
def who_is_here() -> dict[str, object]:
    """Tell every template who is signed in."""
    login = g.get("login")
    return {"me": login.user if login is not None else None, "is_demo": current_settings().demo}
