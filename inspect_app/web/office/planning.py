"""Planning a wave: the form, and the checklist that is put into use for it."""

from datetime import date
from typing import cast

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from checklists.checklist import Checklist
from checklists.edition_loading import shipped_edition
from inspect_app.db import session
from inspect_app.permissions import Action
from inspect_app.queries.organisation import all_branches
from inspect_app.queries.waves import has_wave
from inspect_app.services.handbooks import store_checklist, store_edition
from inspect_app.services.waves import WavePlan, plan_wave
from inspect_app.web.access import current_actor, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.office import pages
from inspect_app.web.office.forms import USUAL_SETTLING_DAYS, WaveForm
from inspect_app.web.office.shipped import drawn


@pages.get("/office/new-wave")
@requires(Action.RUN_WAVE)
def new_wave_page() -> ResponseReturnValue:
    """Show the form."""
    return _show(WaveForm())


@pages.post("/office/new-wave")
@requires(Action.RUN_WAVE)
def add_wave() -> ResponseReturnValue:
    """Plan a wave over all branches, and put its checklist into use."""
    form = WaveForm()
    if not form.validate_on_submit():
        return _show(form), 422
    if has_wave(session, form.code.data or ""):
        form.code.errors = [_("已经有一个期次用了这个代码。")]
        return _show(form), 422
    if not all_branches(session):
        return _show(form, _("机构里还没有网点，先把网点加进来。")), 422
    now, checklist = utc_now(), drawn(form.recipe.data)
    store_edition(session, shipped_edition(), now=now)
    store_checklist(session, checklist, now=now)
    wave = plan_wave(session, current_actor(), _plan(form, checklist), now=now)
    return redirect(url_for("office.wave_page", code=wave.code), code=303)


def _plan(form: WaveForm, checklist: Checklist) -> WavePlan:
    """Return what a valid form plans: over all branches, with one checklist."""
    return WavePlan(
        code=form.code.data or "",
        name=(form.name.data or "").strip(),
        mode=checklist.mode,
        opens_on=cast(date, form.opens_on.data),
        closes_on=cast(date, form.closes_on.data),
        checklists=(checklist.hash,),
        visits_wanted=form.visits_wanted.data or 1,
        min_visits=form.min_visits.data or 1,
        rank_by=form.rank_by.data,
        disclosure_days=form.disclosure_days.data or 0,
        settling_days=USUAL_SETTLING_DAYS if form.settling_days.data is None else form.settling_days.data,
    )


def _show(form: WaveForm, problem: str = "") -> str:
    return render_template(
        "office/new_wave.html", form=form, problem=problem, branches=len(all_branches(session))
    )
