"""The phones of an inspector: a personal link into one, shown once as a picture, and the end of one."""

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.errors import NotFoundError
from inspect_app.models.people import User, UserKind
from inspect_app.permissions import Action
from inspect_app.queries.accounts import user_with_id
from inspect_app.queries.phones import open_entry_of, phone_of, phones_of
from inspect_app.services import entries
from inspect_app.services.entries import HandedOutEntry
from inspect_app.web.access import current_actor, current_settings, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.office import pages
from inspect_app.web.squares import squares_of


@pages.get("/office/people/<uuid:user_id>/phones")
@requires(Action.RUN_ACCOUNTS)
def phones_page(user_id: uuid.UUID) -> ResponseReturnValue:
    """Show which phones an inspector has come in with, and whether a link is open."""
    return _show(_inspector(user_id))


@pages.post("/office/people/<uuid:user_id>/entry")
@requires(Action.RUN_ACCOUNTS)
def hand_out_entry(user_id: uuid.UUID) -> ResponseReturnValue:
    """Make a personal link and show it, this once."""
    inspector = _inspector(user_id)
    return _show(inspector, entries.hand_out_entry(session, current_actor(), inspector, now=utc_now()))


@pages.post("/office/people/<uuid:user_id>/entry/end")
@requires(Action.RUN_ACCOUNTS)
def take_back_entry(user_id: uuid.UUID) -> ResponseReturnValue:
    """End the link that was not used yet."""
    inspector = _inspector(user_id)
    entries.take_back_entry(session, current_actor(), inspector, now=utc_now())
    return _back(inspector)


@pages.post("/office/people/<uuid:user_id>/phones/<uuid:phone_id>/end")
@requires(Action.RUN_ACCOUNTS)
def end_phone(user_id: uuid.UUID, phone_id: uuid.UUID) -> ResponseReturnValue:
    """End a phone: it is signed out, and what it still sends counts by decision alone."""
    inspector = _inspector(user_id)
    phone = phone_of(session, inspector, phone_id)
    entries.end_phone(session, current_actor(), phone, now=utc_now())
    return _back(inspector)


def _inspector(user_id: uuid.UUID) -> User:
    user = user_with_id(session, user_id)
    if user.kind is not UserKind.INSPECTOR:
        raise NotFoundError(f"inspector {user_id}")
    return user


def _back(inspector: User) -> ResponseReturnValue:
    return redirect(url_for("office.phones_page", user_id=inspector.id), code=303)


def _show(inspector: User, handed_out: HandedOutEntry | None = None) -> str:
    address = None if handed_out is None else _address_of(handed_out)
    return render_template(
        "office/phones.html",
        person=inspector,
        handed_out=handed_out,
        address=address,
        squares=None if address is None else squares_of(address),
        open_entry=open_entry_of(session, inspector, now=utc_now()),
        phones=phones_of(session, inspector),
    )


def _address_of(handed_out: HandedOutEntry) -> str:
    """Return the whole address, as a camera reads it."""
    base = current_settings().public_url or request.host_url.rstrip("/")
    return base + url_for("account.open_entry", token=handed_out.token)
