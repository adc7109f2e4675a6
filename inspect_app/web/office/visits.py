"""The visits of a wave: the list, one visit, who goes there, and taking it back."""

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.models.inspections import Revision
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.permissions import Action, is_allowed
from inspect_app.queries.correcting import CORRECTABLE
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.queries.journal import events_of
from inspect_app.queries.progress import region_names
from inspect_app.queries.ranking_values import region_codes
from inspect_app.queries.rankings import branch_in_rankings, latest_ranking
from inspect_app.queries.visit_listing import (
    VisitFilter,
    available_inspectors,
    inspector_of_visit,
    inspector_with_id,
    list_visits,
)
from inspect_app.queries.visits import visit_of_office
from inspect_app.queries.waves import wave_coded
from inspect_app.services import late_visits, rankings, visits
from inspect_app.web.access import current_actor, current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.office import pages
from inspect_app.web.office.forms import AssignForm, ReasonForm
from inspect_app.workflow import can_step

FIRST_PAGE, LAST_PAGE = 1, 100_000


@pages.get("/office/waves/<code>/visits")
@requires(Action.READ_WAVE)
def visits_page(code: str) -> ResponseReturnValue:
    """List a wave's visits; region, state and page stand in the address."""
    wave = wave_coded(session, code)
    wanted = VisitFilter(request.args.get("region") or None, _state(request.args.get("state", "")))
    names = region_names(session, wave)
    return render_template(
        "office/visits.html",
        wave=wave,
        wanted=wanted,
        listing=list_visits(session, wave, wanted, _page()),
        names=names,
        states=list(VisitState),
        region_of=lambda path: names.get(region_codes(path)[-1], region_codes(path)[-1]),
        may_assign=_may_assign(),
    )


def _page() -> int:
    """Return the page that the address asks for; no listing has more than the last of these."""
    return min(max(FIRST_PAGE, request.args.get("page", FIRST_PAGE, type=int)), LAST_PAGE)


@pages.get("/office/visits/<uuid:visit_id>")
@requires(Action.READ_WAVE)
def visit_page(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Show one visit with its history."""
    return _show(visit_of_office(session, visit_id))


@pages.post("/office/visits/<uuid:visit_id>/assign")
@requires(Action.ASSIGN_VISIT)
def assign_visit(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Give a visit to an inspector."""
    visit = visit_of_office(session, visit_id)
    form = _assign_form(visit)
    if not form.validate_on_submit():
        return _show(visit, assign=form), 422
    inspector = inspector_with_id(session, form.inspector.data)
    visits.assign_visit(session, current_actor(), visit, inspector, now=utc_now())
    return _to_visit(visit)


@pages.post("/office/visits/<uuid:visit_id>/cancel")
@requires(Action.ASSIGN_VISIT)
def cancel_visit(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Call off a visit that was not made."""
    visit = visit_of_office(session, visit_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _show(visit, reason=form), 422
    visits.cancel_visit(session, current_actor(), visit, str(form.reason.data), now=utc_now())
    return _to_visit(visit)


@pages.post("/office/visits/<uuid:visit_id>/void")
@requires(Action.VOID_VISIT)
def void_visit(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Take back a visit that branches have seen; a ranking that counted it is restated."""
    visit = visit_of_office(session, visit_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _show(visit, reason=form), 422
    rankings.void_visit(session, current_actor(), visit, str(form.reason.data), now=utc_now())
    return _to_visit(visit)


@pages.post("/office/visits/<uuid:visit_id>/take-in")
@requires(Action.TAKE_IN_VISIT)
def take_in_visit(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Let an approved visit count that came after its wave had closed; a published ranking is restated."""
    visit = visit_of_office(session, visit_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _show(visit, reason=form), 422
    timezone = current_settings().timezone
    reason = str(form.reason.data)
    late_visits.take_in(session, current_actor(), visit, reason, now=utc_now(), timezone=timezone)
    return _to_visit(visit)


def _show(visit: Visit, assign: AssignForm | None = None, reason: ReasonForm | None = None) -> str:
    wave, may_assign = visit.wave, _may_assign()
    is_open = wave.state is WaveState.OPEN
    revision = newest_revision_of_visit(session, visit)
    can_void = can_step(visit.state, VisitState.VOIDED) and is_allowed(current_user().kind, Action.VOID_VISIT)
    return render_template(
        "office/visit.html",
        visit=visit,
        wave=wave,
        inspector=inspector_of_visit(session, visit) if may_assign else None,
        events=events_of(session, "visit", str(visit.id)),
        revision=revision,
        ranking=latest_ranking(session, wave.id),
        assign=assign or _assign_form(visit),
        reason=reason or ReasonForm(),
        may_assign=may_assign,
        can_assign=may_assign and is_open and can_step(visit.state, VisitState.ASSIGNED),
        can_cancel=may_assign
        and can_step(visit.state, VisitState.CANCELLED)
        and visit.counting_inspection_id is None,
        can_void=can_void,
        can_take_in=_can_take_in(visit, revision),
        can_correct=visit.state in CORRECTABLE and is_allowed(current_user().kind, Action.CORRECT_VISIT),
        corrected=request.args.get("corrected", type=int),
        ranked=branch_in_rankings(session, visit),
        may_review=is_allowed(current_user().kind, Action.REVIEW_INSPECTION),
    )


def _can_take_in(visit: Visit, revision: Revision | None) -> bool:
    """Say whether the visit is approved, came late, and does not count yet."""
    if revision is None or visit.state is not VisitState.APPROVED:
        return False
    is_waiting = revision.inspection.is_late and revision.inspection.taken_in_because is None
    return is_waiting and is_allowed(current_user().kind, Action.TAKE_IN_VISIT)


def _assign_form(visit: Visit) -> AssignForm:
    form = AssignForm()
    form.inspector.choices = [
        (
            str(one.user.id),
            _("%(name)s · 本期 %(count)d 份", name=one.user.display_name, count=one.visits),
        )
        for one in available_inspectors(session, visit.wave)
    ]
    return form


def _may_assign() -> bool:
    """Say whether this user plans who goes where; nobody else reads the names of inspectors here."""
    return is_allowed(current_user().kind, Action.ASSIGN_VISIT)


def _state(text: str) -> VisitState | None:
    return VisitState(text) if text in set(VisitState) else None


def _to_visit(visit: Visit) -> ResponseReturnValue:
    return redirect(url_for("office.visit_page", visit_id=visit.id), code=303)
