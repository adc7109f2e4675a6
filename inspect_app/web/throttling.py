"""How often somebody may guess: ten times an hour at one account, a hundred times from one address."""

from datetime import timedelta

from flask import request
from flask_babel import gettext as _

from inspect_app.db import reading, the_database, transaction
from inspect_app.queries.people import failures_since
from inspect_app.services import people
from inspect_app.web.clock import utc_now

MOST_TRIES_OF_AN_ACCOUNT = 10
MOST_TRIES_OF_AN_ADDRESS = 100
THROTTLED_FOR = timedelta(hours=1)


def has_tried_too_often(account: str) -> bool:
    """Say whether too many attempts at an account, or from this address, failed within the hour."""
    with reading(the_database()) as reader:
        failures = failures_since(reader, account, address(), utc_now() - THROTTLED_FOR)
    return failures.account >= MOST_TRIES_OF_AN_ACCOUNT or failures.address >= MOST_TRIES_OF_AN_ADDRESS


def too_often() -> str:
    """Return the sentence for whoever tried too often."""
    return _("试的次数太多了。请过一小时再试，或请总行的管理员帮您重设密码。")


def note_failure(account: str) -> None:
    """Write a failed attempt down at once: the request itself will be rolled back."""
    with transaction(the_database()) as writer:
        people.record_login_failure(writer, account, address(), now=utc_now())


def address() -> str:
    """Return where the request comes from, as the trusted proxies tell it."""
    return request.remote_addr or ""
