"""A one-time link as head office gets it: the whole address, and by mail where that is possible."""

from datetime import datetime

from flask import request, url_for

from inspect_app.db import session
from inspect_app.labels.mails import link_mail
from inspect_app.models.jobs import Mail
from inspect_app.models.people import User
from inspect_app.services import mails
from inspect_app.services.accounts import HandedOut
from inspect_app.services.tokens import hash_of
from inspect_app.web.access import current_settings
from inspect_app.web.background import ring_after_commit


def address_of(link: HandedOut) -> str:
    """Return the whole address, as it is typed by who gets it."""
    base = current_settings().public_url or request.host_url.rstrip("/")
    return base + url_for("account.open_link", token=link.token)


def send_link(user: User, link: HandedOut, *, now: datetime) -> Mail | None:
    """Send a link to its owner by mail; None where there is no address to send it to."""
    told = link_mail(user, link.purpose, address_of(link), link.expires_at, current_settings().timezone)
    key = f"link {hash_of(link.token)}"
    until = link.expires_at
    mail = mails.queue(session, user, told.subject, told.text, key=key, now=now, useless_from=until)
    ring_after_commit()
    return mail
