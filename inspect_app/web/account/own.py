"""The own account: who one is here, the password, the language, ending every session."""

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.permissions import Action, is_allowed
from inspect_app.queries.accounts import has_second_step, spare_codes_left, user_with_id
from inspect_app.services import accounts
from inspect_app.services.passwords import hash_password, is_password
from inspect_app.services.people import give_try_back
from inspect_app.web.access import current_user, home_of, requires
from inspect_app.web.account import pages
from inspect_app.web.account.forms import ChangePasswordForm, ConfirmedForm, LanguageForm
from inspect_app.web.clock import utc_now
from inspect_app.web.languages import COOKIE
from inspect_app.web.sessions import sign_in, sign_out
from inspect_app.web.throttling import take_try, too_often


@pages.get("/account")
@requires(Action.USE_ACCOUNT)
def own_page() -> ResponseReturnValue:
    """Show who one is here and what can be changed about it."""
    return show_own()


@pages.post("/account/change-password")
@requires(Action.USE_ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Change the password by the old one; every other session ends, this browser stays signed in."""
    form, me = ChangePasswordForm(current_user().username), current_user()
    if not form.validate_on_submit():
        return show_own(form), 422
    attempt = take_try(me.username)
    if attempt is None:
        return show_own(form, problem=too_often()), 429
    if not is_password(me.password_hash, str(form.old.data)):
        return show_own(form, problem=_("现在的密码不对。")), 422
    password_hash = hash_password(str(form.password.data))
    give_try_back(session, attempt)
    user = user_with_id(session, me.id)
    accounts.change_password(session, user, password_hash, now=utc_now())
    sign_in(session, user)
    return redirect(url_for("account.own_page", done="password"), code=303)


@pages.post("/account/sign-out-everywhere")
@requires(Action.USE_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of this user, that of this browser too."""
    accounts.sign_out_everywhere(session, user_with_id(session, current_user().id), now=utc_now())
    sign_out(session)
    return redirect(url_for("account.login_page"), code=303)


@pages.post("/account/language")
@requires(Action.USE_ACCOUNT)
def keep_language() -> ResponseReturnValue:
    """Keep the language of the account; what this browser had chosen gives way."""
    form = LanguageForm()
    if not form.validate_on_submit():
        return show_own(), 422
    accounts.choose_language(session, user_with_id(session, current_user().id), str(form.language.data))
    response = make_response(redirect(url_for("account.own_page", done="language"), code=303))
    response.delete_cookie(COOKIE)
    return response


def show_own(
    password: ChangePasswordForm | None = None,
    ending: ConfirmedForm | None = None,
    problem: str = "",
    ending_problem: str = "",
) -> str:
    """Return the page of the own account, with the forms as far as they are filled in."""
    me = current_user()
    return render_template(
        "account/own.html",
        form=password or ChangePasswordForm(me.username),
        ending=ending or ConfirmedForm(),
        language=LanguageForm(formdata=None, language=me.language),
        problem=problem,
        ending_problem=ending_problem,
        may_have_second_step=is_allowed(me.kind, Action.USE_SECOND_STEP),
        has_second_step=has_second_step(session, me),
        spare_codes=spare_codes_left(session, me),
        home=home_of(me),
    )
