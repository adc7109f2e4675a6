"""How often somebody may guess: ten times an hour at one account, a hundred times from one address."""

import uuid
from datetime import timedelta

from flask import request
from flask_babel import gettext as _

from inspect_app.db import reading, the_database, transaction
from inspect_app.queries.people import Failures, failures_since, take_turns_trying
from inspect_app.services import people
from inspect_app.web.clock import utc_now

MOST_TRIES_OF_AN_ACCOUNT = 10
MOST_TRIES_OF_AN_ADDRESS = 100
THROTTLED_FOR = timedelta(hours=1)


def has_tried_too_often(account: str) -> bool:
    """Say whether too many attempts at an account, or from this address, failed within the hour."""
    with reading(the_database()) as reader:
        return _is_too_much(failures_since(reader, account, address(), utc_now() - THROTTLED_FOR))


def take_try(account: str) -> uuid.UUID | None:
    """Write an attempt down as failed before it is made; None where there were too many of them already.

    So of many made at once no more get through than of as many made one after the other. In a transaction of
    its own: the request itself may be rolled back. Who succeeds gives it back (`people.give_try_back`).
    """
    now = utc_now()
    with transaction(the_database()) as writer:
        take_turns_trying(writer, account, address())
        if _is_too_much(failures_since(writer, account, address(), now - THROTTLED_FOR)):
            return None
        return people.record_login_failure(writer, account, address(), now=now)


def too_often() -> str:
    """Return the sentence for whoever tried too often."""
    return _("试的次数太多了。请过一小时再试，或请总行的管理员帮您重设密码。")


def address() -> str:
    """Return where the request comes from, as the trusted proxies tell it."""
    return request.remote_addr or ""


def _is_too_much(failures: Failures) -> bool:
    return failures.account >= MOST_TRIES_OF_AN_ACCOUNT or failures.address >= MOST_TRIES_OF_AN_ADDRESS
