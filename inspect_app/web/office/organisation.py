"""The bank as it stands today: the region tree, its branches, and the people of each."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.models.people import UserKind
from inspect_app.permissions import Action
from inspect_app.queries.directory import (
    MOST_FOUND,
    branches_in,
    branches_matching,
    managers_of,
    managers_of_region,
    people_without_a_place,
    region_tree,
)
from inspect_app.queries.organisation import region_coded, root_region
from inspect_app.web.access import requires
from inspect_app.web.office import pages

KINDS_WITHOUT_A_PLACE = (UserKind.ADMINISTRATOR, UserKind.REVIEWER, UserKind.INSPECTOR)


@pages.get("/office/organisation")
@requires(Action.READ_ORGANISATION)
def organisation_page() -> ResponseReturnValue:
    """Show the tree and one of its regions, or the branches that a search finds."""
    words = request.args.get("q", "").strip()
    code = request.args.get("region", "")
    region = region_coded(session, code) if code else root_region(session)
    if words:
        branches = branches_matching(session, words)
    else:
        branches = [] if region is None else branches_in(session, region)
    is_root = region is not None and region.parent_id is None
    return render_template(
        "office/organisation.html",
        tree=region_tree(session),
        region=region,
        words=words,
        branches=branches,
        is_cut=len(branches) == MOST_FOUND and bool(words),
        managers=managers_of(session, branches),
        regional=[] if region is None or words else managers_of_region(session, region),
        people={
            kind: people_without_a_place(session, kind)
            for kind in KINDS_WITHOUT_A_PLACE
            if is_root and not words
        },
    )
