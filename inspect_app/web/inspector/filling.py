"""One screen of the form at a time: shown, saved, and the last change taken back."""

import uuid
from dataclasses import dataclass

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from checklists.fields import CHOOSABLE_REASONS
from checklists.scoring import Gate, Hearing, Response
from inspect_app.db import session
from inspect_app.models.inspections import Draft
from inspect_app.permissions import Action
from inspect_app.queries.inspections import fields_of_draft
from inspect_app.queries.visits import visit_of_inspector
from inspect_app.services import drafts
from inspect_app.services.drafts import Filling
from inspect_app.web.access import current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.formatting import clock
from inspect_app.web.inspector import pages
from inspect_app.web.inspector.forms import ScreenForm, posted_form, saved_form
from inspect_app.web.inspector.opened import Opened, open_form, under_ids_of_browser
from inspect_app.web.inspector.screens import (
    DeductionScreen,
    Screen,
    SituationScreen,
    groups_of,
)
from inspect_app.web.inspector.tally import described, scores_so_far, segments, todo_of
from inspect_app.web.inspector.telling import answer_words
from inspect_app.web.inspector.visits import place_to_go_on

QUIETLY = "X-Saves"
"""The header of a page's script that saves as the inspector goes, and stays where it is."""

TOUCHED = "touched"
"""The field in which a page's script names the questions that were touched, so that others stay as saved."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The screens before and after one; None at the ends."""

    before: Screen | None
    after: Screen | None


@pages.context_processor
def choices() -> dict[str, object]:
    """Tell this door's templates what can be chosen, and how an answer is said."""
    return {
        "gates": tuple(Gate),
        "reasons": tuple(CHOOSABLE_REASONS.values()),
        "steps": tuple(Response),
        "hearings": tuple(Hearing),
        "answer_words": answer_words,
    }


@pages.get("/m/v/<uuid:visit_id>/<code>")
@requires(Action.FILL_VISIT)
def screen_page(visit_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """Show one situation, or the deductions, with what is saved."""
    opened = open_form(session, visit_of_inspector(session, current_user(), visit_id))
    screen = opened.screen(code)
    return _show(opened, screen, saved_form(screen.names, opened.fields))


@pages.post("/m/v/<uuid:visit_id>/<code>")
@requires(Action.FILL_VISIT)
def save_screen(visit_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """Save what one screen holds, and go on to where the button leads."""
    before = open_form(session, visit_of_inspector(session, current_user(), visit_id))
    before = under_ids_of_browser(before, request.form)
    screen = before.screen(code)
    form = posted_form(screen.names, request.form)
    touched = frozenset(request.form.getlist(TOUCHED)) if TOUCHED in request.form else None
    opened = before.filled_with(screen, form.filled(screen), touched)
    if not form.is_sound(opened.faults):
        return _refuse(opened, screen, form)
    draft = before.draft
    if opened.differs_from(before):
        filling = Filling(opened.inspection_id, opened.submission_id, opened.fields)
        draft = drafts.save_draft(session, current_user(), opened.visit, filling, now=utc_now())
    if QUIETLY in request.headers:
        return _answer_quietly(opened, draft)
    return redirect(_destination(opened, screen), code=303)


@pages.post("/m/v/<uuid:visit_id>/undo")
@requires(Action.FILL_VISIT)
def undo(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Take the last saved change back, and show where that was."""
    visit = visit_of_inspector(session, current_user(), visit_id)
    before = open_form(session, visit).fields
    draft = drafts.undo_last_change(session, current_user(), visit, now=utc_now())
    opened = open_form(session, visit)
    changed = _first_change(opened, dict(before), dict(fields_of_draft(draft)))
    if changed is None:
        return redirect(place_to_go_on(opened), code=303)
    code, question = changed
    return redirect(
        url_for("inspector.screen_page", visit_id=visit.id, code=code, _anchor=question), code=303
    )


def _show(opened: Opened, screen: Screen, form: ScreenForm) -> str:
    screens = opened.screens
    place = [one.code for one in screens].index(screen.code)
    neighbours = Neighbours(
        before=screens[place - 1] if place else None,
        after=screens[place + 1] if place + 1 < len(screens) else None,
    )
    template = "deductions" if isinstance(screen, DeductionScreen) else "screen"
    return render_template(
        f"inspector/{template}.html",
        opened=opened,
        screen=screen,
        groups=groups_of(screen) if isinstance(screen, SituationScreen) else (),
        form=form,
        neighbours=neighbours,
        progress=opened.progress,
        todo=todo_of(opened),
        segments=segments(opened.progress),
        described=described(opened.progress),
        scores=scores_so_far(opened),
    )


def _refuse(opened: Opened, screen: Screen, form: ScreenForm) -> ResponseReturnValue:
    """Show what was posted with what is wrong with it; nothing of it is saved."""
    if QUIETLY not in request.headers:
        return _show(opened, screen, form), 422
    faults = {name: [str(fault) for fault in form[name].errors] for name in form.names if form[name].errors}
    return jsonify(faults=faults), 422


def _answer_quietly(opened: Opened, draft: Draft | None) -> ResponseReturnValue:
    progress = opened.progress
    silent = [one.code for one in opened.screens if isinstance(one, SituationScreen) and one.is_silent]
    return jsonify(
        saved=clock(utc_now()),
        todo=todo_of(opened),
        segments=segments(progress),
        silent=silent,
        undo=draft is not None and draft.before is not None,
    )


def _destination(opened: Opened, screen: Screen) -> str:
    wanted = request.form.get("go", "")
    visit_id = opened.visit.id
    ways = {
        "list": url_for("inspector.list_page", visit_id=visit_id),
        "check": url_for("inspector.check_page", visit_id=visit_id),
        "card": url_for("inspector.card_page", visit_id=visit_id),
        "visits": url_for("inspector.visits_page"),
    }
    ways |= {
        one.code: url_for("inspector.screen_page", visit_id=visit_id, code=one.code) for one in opened.screens
    }
    here = url_for("inspector.screen_page", visit_id=visit_id, code=screen.code)
    return ways.get(wanted, here)


def _first_change(
    opened: Opened, before: dict[str, str | tuple[str, ...]], after: dict[str, str | tuple[str, ...]]
) -> tuple[str, str | None] | None:
    """Return the screen and the question of the first field that differs; None where none does."""
    for screen in opened.screens:
        for field in screen.names:
            if before.get(field.name) != after.get(field.name):
                return screen.code, ".".join(field.name.split(".")[:2])
    return None
