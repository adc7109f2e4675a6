"""One-time links: setting a password with the link that head office handed out."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inspect_app.db import reading, session, the_database
from inspect_app.models.people import User
from inspect_app.queries.accounts import live_link, user_with_id
from inspect_app.services import accounts
from inspect_app.services.passwords import hash_password
from inspect_app.services.tokens import hash_of
from inspect_app.web.access import open_to_all
from inspect_app.web.account import pages, tickets
from inspect_app.web.account.entering import enter
from inspect_app.web.account.forms import NewPasswordForm
from inspect_app.web.clock import utc_now


@pages.get("/account/link/<token>")
@open_to_all
def open_link(token: str) -> ResponseReturnValue:
    """Take the token out of the address at once: no page that could pass it on is ever shown there."""
    response = redirect(url_for("account.link_page"), code=303)
    tickets.keep(response, tickets.LINK, token)
    return response


@pages.get("/account/password")
@open_to_all
def link_page() -> ResponseReturnValue:
    """Ask for a new password; a link that cannot be used says only that, whatever the reason."""
    user = _holder()
    if user is None:
        return _show_dead()
    return render_template("account/password.html", form=NewPasswordForm(user.username), holder=user)


@pages.post("/account/password")
@open_to_all
def set_password() -> ResponseReturnValue:
    """Set the password, use the link up, end every session of the account and sign in."""
    user = _holder()
    if user is None:
        return _show_dead()
    form = NewPasswordForm(user.username)
    if not form.validate_on_submit():
        return render_template("account/password.html", form=form, holder=user), 422
    # Before the write begins: the hash takes a tenth of a second.
    password_hash = hash_password(str(form.password.data))
    used_by = accounts.use_link(session, tickets.held(tickets.LINK), password_hash, now=utc_now())
    response = enter(user_with_id(session, used_by.id))
    tickets.drop(response, tickets.LINK)
    return response


def _holder() -> User | None:
    """Return whose password the link of this browser sets, detached; None where it is none or used up."""
    with reading(the_database()) as reader:
        link = live_link(reader, hash_of(tickets.held(tickets.LINK)), now=utc_now())
        reader.expunge_all()
    return None if link is None else link.user


def _show_dead() -> ResponseReturnValue:
    return render_template("account/dead_link.html"), 404
