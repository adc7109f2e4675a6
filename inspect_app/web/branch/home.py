"""The first page of a branch: what is due, and where the branch stands."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.permissions import Action
from inspect_app.queries.branch_views import deficiencies_of_branch
from inspect_app.web.access import current_settings, current_user, requires
from inspect_app.web.branch import pages
from inspect_app.web.branch.due import due, due_sentence
from inspect_app.web.branch.own import (
    chosen_wave,
    names_of_roles,
    own_branch,
    own_results,
    result_in,
    trend_to,
)
from inspect_app.web.clock import utc_now

SHOWN = 8
"""How many deficiencies the page shows before it is asked for all."""


@pages.get("/branch")
@requires(Action.READ_BRANCH_RESULT)
def home_page() -> ResponseReturnValue:
    """Show what is to be mended of a wave, the most pressing first, and the own place in it."""
    results = own_results()
    result = result_in(results, chosen_wave())
    if result is None:
        return render_template("branch/nothing_yet.html", branch=own_branch())
    today = utc_now().astimezone(current_settings().timezone).date()
    found = [
        one for one in deficiencies_of_branch(session, current_user()) if one.wave_id == result.place.wave_id
    ]
    shown = found if "all" in request.args else found[:SHOWN]
    return render_template(
        "branch/home.html",
        branch=own_branch(),
        results=results,
        result=result,
        count=len(found),
        shown=[(one, due(one.due_on, today)) for one in shown],
        sentence=due_sentence([one.due_on for one in found], today),
        spark=trend_to(results, result),
        role_names=names_of_roles(result.place.wave_id),
    )
