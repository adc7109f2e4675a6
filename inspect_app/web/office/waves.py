"""The waves: all of them, and one with how far it is, what keeps it waiting and what comes next."""

from datetime import date, datetime, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.models.visits import VisitState
from inspect_app.models.waves import Wave, WaveState
from inspect_app.permissions import Action, is_allowed
from inspect_app.queries.calendar import AppealWindow, appeal_window
from inspect_app.queries.counting import undecided_visits
from inspect_app.queries.disputes import open_appeals_of_wave
from inspect_app.queries.progress import (
    progress_by_region,
    progress_of_waves,
    received_by_day,
    returned_before,
    visits_with_two_inspections,
)
from inspect_app.queries.rankings import rankings_of_wave, waves_with_rankings
from inspect_app.queries.waves import targets_of, visit_counts, wave_coded
from inspect_app.web.access import current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.office import pages
from inspect_app.web.office.wave_view import (
    bar_of,
    chart_of,
    explanation,
    headline,
    lines_of,
    todos,
    total_of,
)
from inspect_app.working_days import day_of

RETURNED_LONG_AGO = timedelta(days=3)


@pages.get("/office/waves")
@requires(Action.READ_WAVE)
def waves_page() -> ResponseReturnValue:
    """List the waves, the newest first."""
    waves = list(reversed(waves_with_rankings(session)))
    return render_template(
        "office/waves.html",
        waves=waves,
        running=[wave for wave, _numbers in waves if wave.state is WaveState.OPEN],
        progress=progress_of_waves(session),
        bar_of=bar_of,
        may_plan=is_allowed(current_user().kind, Action.RUN_WAVE),
    )


@pages.get("/office/waves/<code>")
@requires(Action.READ_WAVE)
def wave_page(code: str) -> ResponseReturnValue:
    """Show one wave."""
    return show_wave(wave_coded(session, code))


def show_wave(wave: Wave, problem: str = "") -> str:
    """Return the page of a wave, with what a refused step came upon."""
    now = utc_now()
    today = local_day(now)
    regions = progress_by_region(session, wave)
    progress = total_of(regions)
    undecided = undecided_visits(session, wave)
    first_day = publishing_day(wave)
    published = visit_counts(session, wave).get(VisitState.PUBLISHED, 0)
    return render_template(
        "office/wave.html",
        wave=wave,
        problem=problem,
        headline=headline(wave, progress, undecided.total, published, first_day, today),
        explanation=explanation(wave),
        progress=progress,
        lines=lines_of(wave, regions, today),
        chart=chart_of(
            wave, received_by_day(session, wave, current_settings().timezone), progress.planned, today
        ),
        todos=todos(
            wave,
            regions,
            undecided,
            returned_before(session, wave, now - RETURNED_LONG_AGO),
            visits_with_two_inspections(session, wave),
        ),
        undecided=undecided,
        targets=len(targets_of(session, wave)) if wave.state is WaveState.PLANNED else 0,
        first_day=first_day,
        window=_window(wave),
        appeals=open_appeals_of_wave(session, current_user(), wave, timezone=current_settings().timezone),
        closing=request.form,
        today=today,
        rankings=rankings_of_wave(session, wave.id),
        may_run=is_allowed(current_user().kind, Action.RUN_WAVE),
        may_review=is_allowed(current_user().kind, Action.REVIEW_INSPECTION),
    )


def publishing_day(wave: Wave) -> date | None:
    """Return the first day on which a wave can be published; None unless it is disclosed."""
    if wave.state is not WaveState.DISCLOSED:
        return None
    return appeal_window(session, wave, current_settings().timezone).publishable_on


def _window(wave: Wave) -> AppealWindow | None:
    """Return until when a disclosed wave may be disputed and settled; None for every other."""
    if wave.state is not WaveState.DISCLOSED:
        return None
    return appeal_window(session, wave, current_settings().timezone)


def local_day(moment: datetime) -> date:
    """Return the day of a moment where the bank is."""
    return day_of(moment, current_settings().timezone)
