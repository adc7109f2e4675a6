"""The second step of the own account: beginning it with a picture for the device, and ending it."""

from collections.abc import Sequence

import pyotp
import segno
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.models.accounts import SecondStep
from inspect_app.permissions import Action
from inspect_app.queries.accounts import second_step_of, user_with_id
from inspect_app.services import second_steps
from inspect_app.services.hidden_secrets import UnreadableSecretError
from inspect_app.services.journal import Actor
from inspect_app.services.passwords import is_password
from inspect_app.services.people import give_try_back
from inspect_app.web.access import current_settings, current_user, requires
from inspect_app.web.account import pages
from inspect_app.web.account.forms import CodeForm, ConfirmedForm
from inspect_app.web.account.own import show_own
from inspect_app.web.clock import utc_now
from inspect_app.web.throttling import has_tried_too_often, take_try, too_often

ISSUER = "Inspect"
QUIET_ZONE = 4
"""Light squares around the picture, which scanners need."""


@pages.post("/account/second-step/begin")
@requires(Action.USE_SECOND_STEP)
def begin_second_step() -> ResponseReturnValue:
    """Make a new secret and show it."""
    user, installation = user_with_id(session, current_user().id), current_settings().secret_key
    second_steps.begin(session, user, installation, now=utc_now())
    return redirect(url_for("account.second_step_page"), code=303)


@pages.get("/account/second-step")
@requires(Action.USE_SECOND_STEP)
def second_step_page() -> ResponseReturnValue:
    """Show the secret as a picture and as text, until the first code has confirmed it."""
    step = second_step_of(session, current_user())
    if step is None or step.confirmed_at is not None:
        return redirect(url_for("account.own_page"), code=303)
    return _show(step, CodeForm())


@pages.post("/account/second-step/confirm")
@requires(Action.USE_SECOND_STEP)
def confirm_second_step() -> ResponseReturnValue:
    """Take the first code, and show the spare codes for the only time."""
    form, me = CodeForm(), current_user()
    if has_tried_too_often(me.username):
        return render_template("account/second_step.html", form=form, problem=too_often()), 429
    user = user_with_id(session, me.id)
    if not form.validate_on_submit():
        return _show_again(form)
    installation = current_settings().secret_key
    try:
        codes = second_steps.confirm(session, user, str(form.code.data), installation, now=utc_now())
    except UnreadableSecretError:
        return redirect(url_for("account.own_page"), code=303)
    if codes is None:
        return _show_again(form, _("验证码不对。看看设备上的时间准不准，再填一次。"))
    return render_template("account/spare_codes.html", codes=codes)


@pages.post("/account/second-step/end")
@requires(Action.USE_SECOND_STEP)
def end_second_step() -> ResponseReturnValue:
    """End the second step by the password."""
    form, me = ConfirmedForm(), current_user()
    if not form.validate_on_submit():
        return show_own(ending=form), 422
    attempt = take_try(me.username)
    if attempt is None:
        return show_own(ending=form, ending_problem=too_often()), 429
    if not is_password(me.password_hash, str(form.password.data)):
        return show_own(ending=form, ending_problem=_("现在的密码不对。")), 422
    give_try_back(session, attempt)
    second_steps.end(session, Actor.user(me), user_with_id(session, me.id), now=utc_now())
    return redirect(url_for("account.own_page", done="ended"), code=303)


def _show_again(form: CodeForm, problem: str = "") -> ResponseReturnValue:
    step = second_step_of(session, current_user())
    if step is None:
        return redirect(url_for("account.own_page"), code=303)
    return _show(step, form, problem, status=422)


def _show(step: SecondStep, form: CodeForm, problem: str = "", *, status: int = 200) -> ResponseReturnValue:
    try:
        secret = second_steps.secret_of(step, current_settings().secret_key)
    except UnreadableSecretError:
        # Begun before the installation got another secret: it is begun anew from there.
        return redirect(url_for("account.own_page"), code=303)
    address = pyotp.TOTP(secret).provisioning_uri(name=current_user().username, issuer_name=ISSUER)
    # Drawn here: the secret never leaves the page.
    squares = [tuple(row) for row in segno.make(address, error="m").matrix_iter(border=QUIET_ZONE)]
    page = render_template(
        "account/second_step.html",
        form=form,
        problem=problem,
        size=len(squares),
        outline=_outline(squares),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    )
    return page, status


def _outline(squares: Sequence[Sequence[int]]) -> str:
    """Return the dark squares as one SVG path, a unit each."""
    return "".join(
        f"M{column} {row}h1v1h-1z"
        for row, cells in enumerate(squares)
        for column, is_dark in enumerate(cells)
        if is_dark
    )
