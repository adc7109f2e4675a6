"""How somebody gets in once the password is right: at once, or by way of the second step."""

from flask import redirect, url_for
from flask import session as visitor
from werkzeug.wrappers import Response

from inspect_app.db import session
from inspect_app.models.people import User
from inspect_app.queries.accounts import has_second_step
from inspect_app.services import second_steps
from inspect_app.web.access import wanted_page
from inspect_app.web.account import tickets
from inspect_app.web.clock import utc_now
from inspect_app.web.sessions import WANTED, sign_in, sign_out


def enter(user: User) -> Response:
    """Sign a user in and lead them on; where they have a second step, ask for the code first."""
    if not has_second_step(session, user):
        return come_in(user)
    sign_out(session)
    response = redirect(url_for("account.code_page"), code=303)
    tickets.keep(response, tickets.PENDING, second_steps.owe(session, user, now=utc_now()))
    return response


def come_in(user: User) -> Response:
    """Sign a user in and lead them to the page that they wanted."""
    goal = wanted_page(visitor.pop(WANTED, None), user)
    sign_in(session, user)
    return redirect(goal, code=303)
