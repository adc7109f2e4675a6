"""One deficiency of the own branch: what was seen, what the standard says, what it cost."""

import uuid

from flask import render_template
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.permissions import Action
from inspect_app.queries.branch_views import deficiency_of_branch, visit_of_branch
from inspect_app.queries.drilldown import FlowSeen, ItemSeen, SituationSeen, read_visit
from inspect_app.web.access import current_settings, current_user, requires
from inspect_app.web.branch import pages
from inspect_app.web.branch.due import due
from inspect_app.web.branch.own import names_of_roles, own_branch
from inspect_app.web.clock import utc_now


@pages.get("/branch/deficiencies/<uuid:deficiency_id>")
@requires(Action.READ_BRANCH_RESULT)
def deficiency_page(deficiency_id: uuid.UUID) -> ResponseReturnValue:
    """Show one deficiency with its standard and how its points came about."""
    found = deficiency_of_branch(session, current_user(), deficiency_id)
    timezone = current_settings().timezone
    reading = visit_of_branch(session, current_user(), found.visit_id, timezone)
    flows = read_visit(reading.checklist, reading.answers, reading.breakdown)
    flow, situation, item = place_of(flows, found.item.code)
    return render_template(
        "branch/deficiency.html",
        branch=own_branch(),
        found=found,
        reading=reading,
        flows=flows,
        flow=flow,
        situation=situation,
        item=item,
        due=due(found.due_on, utc_now().astimezone(timezone).date()),
        role_names=names_of_roles(found.wave_id),
    )


def place_of(flows: tuple[FlowSeen, ...], code: str) -> tuple[FlowSeen, SituationSeen, ItemSeen]:
    """Return the item with this code, and the situation and the flow that it stands in."""
    return next(
        (flow, situation, one)
        for flow in flows
        for situation in flow.situations
        for one in situation.items
        if one.item.code == code
    )
