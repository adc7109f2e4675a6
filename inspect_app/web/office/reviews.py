"""The reviewer's pages: what waits, one inspection whole, and the decision on it."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from checklists.json_values import Member
from inspect_app.db import session
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.inspections import Revision, Submission
from inspect_app.models.visits import VisitState
from inspect_app.permissions import Action
from inspect_app.queries.inspections import conflicts_of, submission_with_id
from inspect_app.queries.journal import Event, events_of
from inspect_app.queries.odd_arrivals import unsettled_arrivals
from inspect_app.queries.photos import photos_of_inspection
from inspect_app.queries.progress import decisions_since, mean_unobserved
from inspect_app.queries.reviews import (
    WholeInspection,
    visit_for_review,
    waiting_count,
    waiting_visits,
    whole_inspection,
)
from inspect_app.queries.traces import traces_in
from inspect_app.queries.visits import identity_of
from inspect_app.services import reviews
from inspect_app.web.access import current_actor, current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.formatting import listed
from inspect_app.web.languages import current_language
from inspect_app.web.office import pages
from inspect_app.web.office.forms import LONGEST_REASON, SetAsideForm
from inspect_app.web.office.phone_told import clock_flags, photos_by_item, span, told_by_phone
from inspect_app.web.office.review_flags import find_flags
from inspect_app.web.office.review_sheet import make_sheet
from inspect_app.web.office.trace_flags import trace_flags
from inspect_app.workflow import can_step

QUESTION = "question."
DECIDABLE = frozenset({VisitState.SUBMITTED, VisitState.IN_REVIEW})
NO_QUESTIONS: Mapping[str, str] = {}


@pages.get("/office/reviews")
@requires(Action.REVIEW_INSPECTION)
def review_queue_page() -> ResponseReturnValue:
    """Show what waits, the longest waiting first, and what was decided today."""
    now = utc_now()
    waiting = waiting_visits(session, current_user())
    decided = decisions_since(session, _midnight(now))
    just = next((one for one in decided if str(one.visit_id) == request.args.get("done")), None)
    return render_template(
        "office/review_queue.html",
        waiting=waiting,
        total=waiting_count(session, current_user()),
        decided=decided,
        just=just,
        now=now,
        apart=unsettled_arrivals(session, current_user()),
    )


@pages.context_processor
def spans() -> dict[str, object]:
    """Let this door's templates say lengths of time."""
    return {"span": span}


@pages.get("/office/reviews/<uuid:visit_id>")
@requires(Action.REVIEW_INSPECTION)
def review_page(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Show one inspection whole."""
    return _show(whole_inspection(session, current_user(), visit_id), SetAsideForm(), NO_QUESTIONS)


@pages.post("/office/reviews/<uuid:visit_id>/begin")
@requires(Action.REVIEW_INSPECTION)
def begin_review(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Take a visit into review, so that others see that somebody is at it."""
    visit = visit_for_review(session, current_user(), visit_id)
    reviews.begin(session, current_actor(), visit, now=utc_now())
    return redirect(url_for("office.review_page", visit_id=visit_id), code=303)


@pages.post("/office/reviews/<uuid:visit_id>/approve")
@requires(Action.REVIEW_INSPECTION)
def approve(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Let the inspection count, and release the words that were ticked."""
    whole = whole_inspection(session, current_user(), visit_id)
    released = frozenset(request.form.getlist("release"))
    reviews.approve(session, current_actor(), _shown_revision(whole), released, now=utc_now())
    return _to_queue(visit_id)


@pages.post("/office/reviews/<uuid:visit_id>/return")
@requires(Action.REVIEW_INSPECTION)
def return_to_inspector(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Give the inspection back with the questions that were written."""
    whole = whole_inspection(session, current_user(), visit_id)
    revision, questions = _shown_revision(whole), _questions()
    problem = _problem_of(questions)
    if problem:
        return _show(whole, SetAsideForm(), questions, problem), 422
    reviews.return_to_inspector(session, current_actor(), revision, questions, now=utc_now())
    return _to_queue(visit_id)


@pages.post("/office/reviews/<uuid:visit_id>/set-aside")
@requires(Action.REVIEW_INSPECTION)
def set_aside(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the inspection, but let it not count."""
    whole = whole_inspection(session, current_user(), visit_id)
    revision, form = _shown_revision(whole), SetAsideForm()
    if not form.validate_on_submit():
        return _show(whole, form, NO_QUESTIONS, _("不计入，要写明原因。")), 422
    _require_seen(whole)
    reviews.set_aside(session, current_actor(), revision, form.why.data, str(form.reason.data), now=utc_now())
    return _to_queue(visit_id)


def _show(whole: WholeInspection, form: SetAsideForm, questions: Mapping[str, str], problem: str = "") -> str:
    before = whole.earlier[0] if whole.earlier else None
    sheet = make_sheet(whole.current, before, current_language())
    events = events_of(session, "visit", str(whole.visit.id))
    submission = _submission(whole.current.revision)
    told = told_by_phone(submission, identity_of(session, whole.visit))
    return render_template(
        "office/review.html",
        whole=whole,
        visit=whole.visit,
        sheet=sheet,
        flags=(
            *find_flags(whole, sheet, mean_unobserved(session, whole.visit.wave)),
            *clock_flags(told),
            *trace_flags(traces_in(session, whole.current.revision)),
        ),
        breakdown=whole.current.breakdown,
        submission=submission,
        photos=photos_by_item(whole.current, photos_of_inspection(session, whole.inspection.id)),
        told=told,
        other_bytes=0 if submission is None else len(conflicts_of(session, submission)),
        begun_at=_begun_at(whole),
        taken=_taken(events),
        can_decide=whole.visit.state in DECIDABLE and whole.current.review is None,
        can_set_aside=can_step(whole.visit.state, VisitState.SET_ASIDE),
        form=form,
        questions=questions,
        problem=problem,
    )


def _shown_revision(whole: WholeInspection) -> Revision:
    """Return the revision that the page showed; what has come in since is not what was decided on.

    Raises:
        NotFoundError: the form names none of this visit's.
    """
    shown = request.form.get("revision")
    for read in (whole.current, *whole.earlier):
        if str(read.revision.id) == shown:
            return read.revision
    raise NotFoundError(f"revision {shown}")


def _require_seen(whole: WholeInspection) -> None:
    """Refuse to set aside what somebody decided on after the page was shown; knowing of it, one may.

    Raises:
        ConflictError: it was decided on since.
    """
    review = whole.current.review
    if review is not None and str(review.id) != request.form.get("decision"):
        raise ConflictError(f"visit {whole.visit.id} was decided on since the page was shown")


def _questions() -> dict[str, str]:
    """Return the questions that were written, by item code."""
    return {
        name.removeprefix(QUESTION): words.strip()
        for name, words in request.form.items()
        if name.startswith(QUESTION) and words.strip()
    }


def _problem_of(questions: Mapping[str, str]) -> str:
    if not questions:
        return _("退回，至少要问一个问题：在那一题下面写。")
    too_long = [code for code, question in questions.items() if len(question) > LONGEST_REASON]
    return _("%(codes)s 的问题太长，最多 500 字。", codes=listed(too_long)) if too_long else ""


def _submission(revision: Revision) -> Submission | None:
    """Return what a revision came in as; None for a correction."""
    return None if revision.submission_id is None else submission_with_id(session, revision.submission_id)


def _begun_at(whole: WholeInspection) -> datetime | None:
    """Return when the first answer reached the server; None where the whole came at once."""
    identity = identity_of(session, whole.visit)
    if identity is None:
        return None
    begun = Member(json.loads(identity.times))["begun"]
    return None if begun.is_absent else min(datetime.fromisoformat(moment.text()) for moment in begun)


def _taken(events: tuple[Event, ...]) -> Event | None:
    """Return who took the visit into review, where that is the last that happened to it."""
    return events[0] if events and events[0].to_state == VisitState.IN_REVIEW.value else None


def _to_queue(visit_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("office.review_queue_page", done=visit_id), code=303)


def _midnight(now: datetime) -> datetime:
    local = now.astimezone(current_settings().timezone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
