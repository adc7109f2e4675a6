"""One deficiency of the own branch: what was seen, the standard, what it cost, what was answered."""

import uuid
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.permissions import Action
from inspect_app.queries.branch_views import deficiencies_of_branch, deficiency_of_branch, visit_of_branch
from inspect_app.queries.corrective_actions import StoredDraft, draft_of, history_of
from inspect_app.queries.drilldown import FlowSeen, ItemSeen, SituationSeen, read_visit
from inspect_app.queries.released_photos import released_photos_of_visit
from inspect_app.queries.repairs import earlier_waves
from inspect_app.queries.shortcomings import Shortcoming
from inspect_app.web.access import current_settings, current_user, requires
from inspect_app.web.branch import pages
from inspect_app.web.branch.disputes import appeals_about, window_of
from inspect_app.web.branch.due import due, today_at_bank
from inspect_app.web.branch.forms import ActionForm
from inspect_app.web.branch.own import names_of_roles, own_branch, posts_of


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form of a page.

    Attributes:
        photos: those kept for this answer.
        also: which further deficiencies are answered together with it.
        draft: as it was stored when the page was made; None where there is none.
        problems: sentences about the whole of it.
    """

    form: ActionForm
    photos: tuple[uuid.UUID, ...] = ()
    also: tuple[uuid.UUID, ...] = ()
    draft: StoredDraft | None = None
    problems: tuple[str, ...] = ()


@pages.get("/branch/deficiencies/<uuid:deficiency_id>")
@requires(Action.READ_BRANCH_RESULT)
def deficiency_page(deficiency_id: uuid.UUID) -> ResponseReturnValue:
    """Show one deficiency with its standard, how its points came about, and what was answered to it."""
    found = deficiency_of_branch(session, current_user(), deficiency_id)
    return show_deficiency(found, written_before(found))


def show_deficiency(found: Shortcoming, written: Written) -> str:
    """Return the page of a deficiency with what stands in its form."""
    user = current_user()
    reading = visit_of_branch(session, user, found.visit_id, current_settings().timezone)
    flows = read_visit(reading.checklist, reading.answers, reading.breakdown)
    flow, situation, item = place_of(flows, found.item.code)
    today, is_open = today_at_bank(), found.state is DeficiencyState.OPEN
    return render_template(
        "branch/deficiency.html",
        branch=own_branch(),
        found=found,
        reading=reading,
        flows=flows,
        flow=flow,
        situation=situation,
        item=item,
        due=due(found.due_on, today),
        today=today,
        role_names=names_of_roles(found.wave_id),
        written=written,
        form=written.form,
        seen_photos=released_photos_of_visit(session, user, found.visit_id).get(found.item.code, ()),
        rounds=history_of(session, user, found.deficiency_id),
        others=others_open(found) if is_open else (),
        repeats=earlier_waves(session, user, [found.deficiency_id]).get(found.deficiency_id, ()),
        appeals=appeals_about(found),
        window=window_of(found.wave_id) if is_open else None,
    )


def written_before(found: Shortcoming) -> Written:
    """Return what the form of a deficiency begins with: its draft, else the answer that was sent back."""
    user, roles = current_user(), posts_of(found.wave_id)
    draft = draft_of(session, user, found.deficiency_id)
    rounds = history_of(session, user, found.deficiency_id)
    last = rounds[-1].action if rounds else None
    written = last if draft is None else draft.plan
    if written is None:
        return Written(ActionForm(roles, formdata=None, owner_role=found.role))
    known = {name: getattr(written, name) for name in ActionForm.FIELDS}
    also = () if draft is None else draft.plan.also
    return Written(ActionForm(roles, formdata=None, **known), written.photos, also, draft)


def others_open(found: Shortcoming) -> tuple[Shortcoming, ...]:
    """Return what else waits for an answer: the same item first, then the same post."""
    others = (
        one
        for one in deficiencies_of_branch(session, current_user())
        if one.deficiency_id != found.deficiency_id
    )
    return tuple(sorted(others, key=lambda one: (one.item.code != found.item.code, one.role != found.role)))


def place_of(flows: tuple[FlowSeen, ...], code: str) -> tuple[FlowSeen, SituationSeen, ItemSeen]:
    """Return the item with this code, and the situation and the flow that it stands in."""
    return next(
        (flow, situation, one)
        for flow in flows
        for situation in flow.situations
        for one in situation.items
        if one.item.code == code
    )
