"""Signing in and out, choosing a language, and the address that leads everybody to their first page."""

from datetime import timedelta

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import reading, session, the_database, transaction
from inspect_app.models.people import User, UserKind
from inspect_app.queries.accounts import pending_login, user_with_id
from inspect_app.queries.people import user_named
from inspect_app.services import second_steps
from inspect_app.services.hidden_secrets import UnreadableSecretError
from inspect_app.services.passwords import is_password
from inspect_app.services.people import give_try_back
from inspect_app.services.tokens import hash_of
from inspect_app.web.access import (
    current_settings,
    current_user,
    home_of,
    is_signed_in,
    open_to_all,
)
from inspect_app.web.account import pages, tickets
from inspect_app.web.account.entering import come_in, enter
from inspect_app.web.account.forms import CodeForm, LoginForm
from inspect_app.web.clock import utc_now
from inspect_app.web.languages import COOKIE, NAMES
from inspect_app.web.sessions import sign_out
from inspect_app.web.throttling import take_try, too_often

A_YEAR = timedelta(days=365)
WIPED = '"cache", "storage"'
"""What a browser forgets of this product when an inspector leaves: pages, programs, answers, photos."""


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
    account = str(form.username.data).strip()
    attempt = take_try(account)
    if attempt is None:
        return render_template("account/login.html", form=form, problem=too_often()), 429
    user = _user_of(account, str(form.password.data))
    if user is None:
        return render_template("account/login.html", form=form, problem=_("用户名或密码不对。")), 422
    give_try_back(session, attempt)
    return enter(user_with_id(session, user.id))


@pages.get("/login/code")
@open_to_all
def code_page() -> ResponseReturnValue:
    """Ask for the code that follows the password."""
    with reading(the_database()) as reader:
        if pending_login(reader, hash_of(tickets.held(tickets.PENDING)), now=utc_now()) is None:
            return redirect(url_for("account.login_page"), code=303)
    return render_template("account/code.html", form=CodeForm())


@pages.post("/login/code")
@open_to_all
def give_code() -> ResponseReturnValue:
    """Take the code; a wrong one counts like a wrong password."""
    token, form = tickets.held(tickets.PENDING), CodeForm()
    with reading(the_database()) as reader:
        pending = pending_login(reader, hash_of(token), now=utc_now())
        reader.expunge_all()
    if pending is None:
        return redirect(url_for("account.login_page"), code=303)
    if not form.validate_on_submit():
        return render_template("account/code.html", form=form), 422
    account = pending.user.username
    attempt = take_try(account)
    if attempt is None:
        return render_template("account/code.html", form=form, problem=too_often()), 429
    problem = _what_keeps_out(pending.user, str(form.code.data))
    if problem:
        return render_template("account/code.html", form=form, problem=problem), 422
    give_try_back(session, attempt)
    second_steps.settle(session, token)
    response = come_in(user_with_id(session, pending.user_id))
    tickets.drop(response, tickets.PENDING)
    return response


def _what_keeps_out(user: User, code: str) -> str:
    """Use a code up at once, in a transaction of its own, whatever comes after; say what is wrong with it."""
    installation = current_settings().secret_key
    try:
        with transaction(the_database()) as writer:
            me = user_with_id(writer, user.id)
            is_taken = second_steps.take_code(writer, me, code, installation, now=utc_now())
    except UnreadableSecretError:
        return _(
            "服务器换过密钥，认不出设备上的验证码了。请用一个备用码登录，停用两步登录再重新启用；"
            "没有备用码，请管理员在您的账号页上停用两步登录。"
        )
    return "" if is_taken else _("验证码不对，或者已经用过。")


@pages.post("/logout")
@open_to_all
def log_out() -> ResponseReturnValue:
    """End this browser's session, whoever it belongs to; on a phone, wipe what the pages kept there."""
    may_hold_visits = not is_signed_in() or current_user().kind is UserKind.INSPECTOR
    sign_out(session)
    response = redirect(url_for("account.login_page"), code=303)
    if may_hold_visits:
        response.headers["Clear-Site-Data"] = WIPED
    return response


@pages.post("/language")
@open_to_all
def choose_language() -> ResponseReturnValue:
    """Keep the language in this browser and go back to where it was chosen."""
    language = request.form.get("language", "")
    response = make_response(redirect(_page_before(), code=303))
    if language in NAMES:
        secure = current_settings().is_secure
        response.set_cookie(COOKIE, language, max_age=A_YEAR, samesite="Lax", httponly=True, secure=secure)
    return response


def _page_before() -> str:
    """Return the page of this product that the browser says it comes from; else the front page."""
    before, here = request.referrer or "", request.host_url
    path = before.removeprefix(here)
    return (
        f"/{path}" if path != before and not path.startswith(("/", "\\")) else url_for("account.front_page")
    )


def _user_of(account: str, password: str) -> User | None:
    """Return the active user of this name if the password is theirs; the same work for a name nobody has."""
    with reading(the_database()) as reader:
        user = user_named(reader, account)
        reader.expunge_all()
    known = user is not None and user.is_active
    return user if is_password(user.password_hash if user and known else None, password) else None


@pages.app_context_processor
def who_is_here() -> dict[str, object]:
    """Tell every template who is signed in."""
    login = g.get("login")
    return {"me": login.user if login is not None else None, "is_demo": current_settings().demo}
