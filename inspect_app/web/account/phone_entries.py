"""How an inspector comes in on a phone: by the office's link, or by a short code for the app beside it."""

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import reading, session, the_database
from inspect_app.errors import NotFoundError
from inspect_app.queries.accounts import user_with_id
from inspect_app.queries.phones import live_entry
from inspect_app.services import entries
from inspect_app.services.people import give_try_back
from inspect_app.services.tokens import hash_of
from inspect_app.web.access import open_to_all
from inspect_app.web.account import pages, tickets
from inspect_app.web.account.forms import PhoneCodeForm
from inspect_app.web.clock import utc_now
from inspect_app.web.sessions import sign_in
from inspect_app.web.throttling import address, take_try, too_often

TRIED_AT = "/in/code"
"""Under which tried codes are counted, apart for each address: they are tried at no account."""


@pages.get("/in/<token>")
@open_to_all
def open_entry(token: str) -> ResponseReturnValue:
    """Take the token out of the address at once; nothing is used up by looking, as programs do ahead."""
    response = redirect(url_for("account.entry_page"), code=303)
    tickets.keep(response, tickets.ENTRY, token)
    return response


@pages.get("/in")
@open_to_all
def entry_page() -> ResponseReturnValue:
    """Let somebody come in who holds a link that can be used; of another it says only that."""
    with reading(the_database()) as reader:
        entry = live_entry(reader, hash_of(tickets.held(tickets.ENTRY)), now=utc_now())
    return render_template("account/entry.html", is_live=entry is not None), 200 if entry else 404


@pages.post("/in")
@open_to_all
def come_in_by_link() -> ResponseReturnValue:
    """Use the link up, sign the phone in, and show the code for its own app."""
    try:
        code = _come_in(tickets.held(tickets.ENTRY))
    except NotFoundError:
        return render_template("account/entry.html", is_live=False), 404
    page = render_template("account/entered.html", code=code, minutes=entries.CODE_LASTS.seconds // 60)
    response = make_response(page)
    tickets.drop(response, tickets.ENTRY)
    return response


@pages.get("/in/code")
@open_to_all
def code_entry_page() -> ResponseReturnValue:
    """Ask for the short code."""
    return render_template("account/entry_code.html", form=PhoneCodeForm())


@pages.post("/in/code")
@open_to_all
def come_in_by_code() -> ResponseReturnValue:
    """Use a short code up, and sign the app in; whoever guesses is stopped as at the sign-in."""
    form = PhoneCodeForm()
    if not form.validate_on_submit():
        return render_template("account/entry_code.html", form=form), 422
    attempt = take_try(f"{TRIED_AT} {address()}")
    if attempt is None:
        return render_template("account/entry_code.html", form=form, problem=too_often()), 429
    try:
        _come_in(entries.typed_code(str(form.code.data)))
    except NotFoundError:
        problem = _("短码不对，或者已经用过、过了时间。")
        return render_template("account/entry_code.html", form=form, problem=problem), 422
    give_try_back(session, attempt)
    return redirect(url_for("inspector.visits_page"), code=303)


@pages.get("/in/ended")
@open_to_all
def ended_phone_page() -> ResponseReturnValue:
    """Say that the office ended this phone, and let what is on it be wiped."""
    return render_template("account/ended_phone.html")


def _come_in(token: str) -> str:
    """Use a way in up and sign this browser in for long; return a code for an app beside it."""
    now = utc_now()
    user = user_with_id(session, entries.use_entry(session, token, now=now).id)
    session_hash = sign_in(session, user, entries.PHONE_LASTS)
    entries.bind_phone(session, user, session_hash, now=now)
    return entries.show_code(session, user, now=now)
