"""The steps of a wave's life, one button each: open, close, disclose, publish."""

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from inspect_app.db import session
from inspect_app.errors import NotFoundError
from inspect_app.models.waves import Wave, WaveState
from inspect_app.permissions import Action
from inspect_app.queries.counting import undecided_visits
from inspect_app.queries.disputes import open_appeals_of_wave
from inspect_app.queries.progress import progress_by_region
from inspect_app.queries.waves import wave_coded
from inspect_app.services import disclosures, rankings, waves
from inspect_app.web.access import current_actor, current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.formatting import day
from inspect_app.web.office import pages
from inspect_app.web.office.wave_view import total_of
from inspect_app.web.office.waves import local_day, publishing_day, show_wave
from inspect_app.web.words import word
from inspect_app.workflow import can_step

CLOSING = "closing."
"""Before the id of an appeal: why it is closed undecided when the wave is published."""


@pages.post("/office/waves/<code>/open")
@requires(Action.RUN_WAVE)
def open_wave(code: str) -> ResponseReturnValue:
    """Begin the field work."""
    wave = wave_coded(session, code)
    if not can_step(wave.state, WaveState.OPEN):
        return _refuse_state(wave)
    waves.open_wave(session, current_actor(), wave, now=utc_now())
    return _to_wave(wave)


@pages.get("/office/waves/<code>/close")
@requires(Action.RUN_WAVE)
def close_page(code: str) -> ResponseReturnValue:
    """Ask whether the field work is over, with what is still missing."""
    wave = wave_coded(session, code)
    if not can_step(wave.state, WaveState.CLOSED):
        return _refuse_state(wave)
    return render_template(
        "office/close_wave.html", wave=wave, progress=total_of(progress_by_region(session, wave))
    )


@pages.post("/office/waves/<code>/close")
@requires(Action.RUN_WAVE)
def close_wave(code: str) -> ResponseReturnValue:
    """End the field work."""
    wave = wave_coded(session, code)
    if not can_step(wave.state, WaveState.CLOSED):
        return _refuse_state(wave)
    waves.close_wave(session, current_actor(), wave, now=utc_now())
    return _to_wave(wave)


@pages.post("/office/waves/<code>/disclose")
@requires(Action.RUN_WAVE)
def disclose_wave(code: str) -> ResponseReturnValue:
    """Show the approved visits to their branches; what is undecided keeps it from that, and is named."""
    wave = wave_coded(session, code)
    if not can_step(wave.state, WaveState.DISCLOSED):
        return _refuse_state(wave)
    undecided = undecided_visits(session, wave)
    if undecided.total:
        problem = ngettext(
            "还有 %(num)d 份没有定，定了才能公示。", "还有 %(num)d 份没有定，定了才能公示。", undecided.total
        )
        return show_wave(wave, problem), 422
    disclosures.disclose_wave(
        session, current_actor(), wave, now=utc_now(), timezone=current_settings().timezone
    )
    return _to_wave(wave)


@pages.post("/office/waves/<code>/publish")
@requires(Action.RUN_WAVE)
def publish_wave(code: str) -> ResponseReturnValue:
    """Freeze ranking 1; not before the disclosure is over."""
    wave = wave_coded(session, code)
    if not can_step(wave.state, WaveState.PUBLISHED):
        return _refuse_state(wave)
    now, first_day = utc_now(), publishing_day(wave)
    if first_day is not None and local_day(now) < first_day:
        return show_wave(wave, _("还在公示，%(day)s 起可以发布。", day=day(first_day))), 409
    timezone, closing = current_settings().timezone, _closing()
    waiting = open_appeals_of_wave(session, current_user(), wave, timezone=timezone)
    left = [one for one in waiting if one.id not in closing]
    if left:
        problem = ngettext(
            "还有 %(num)d 份申诉没有裁定。等裁定，或者写明为什么不等、就此结案。",
            "还有 %(num)d 份申诉没有裁定。等裁定，或者写明为什么不等、就此结案。",
            len(left),
        )
        return show_wave(wave, problem), 409
    known = {one.id for one in waiting}
    rankings.publish_wave(
        session,
        current_actor(),
        wave,
        now=now,
        timezone=timezone,
        closing={appeal: reason for appeal, reason in closing.items() if appeal in known},
    )
    return _to_wave(wave)


def _closing() -> dict[uuid.UUID, str]:
    """Return the appeals that the form closes undecided, with the reasons that it gives.

    Raises:
        NotFoundError: it names something that is none.
    """
    try:
        return {
            uuid.UUID(name.removeprefix(CLOSING)): reason.strip()
            for name, reason in request.form.items()
            if name.startswith(CLOSING) and reason.strip()
        }
    except ValueError as error:
        raise NotFoundError(f"form of {request.path}") from error


def _refuse_state(wave: Wave) -> ResponseReturnValue:
    problem = _("这一步做不了：这个期次现在是“%(state)s”。可能有人先做了。", state=word(wave.state))
    return show_wave(wave, problem), 409


def _to_wave(wave: Wave) -> ResponseReturnValue:
    return redirect(url_for("office.wave_page", code=wave.code), code=303)
