"""The table of contents, the last look over everything, sending, and the receipt."""

import json
import uuid
from collections import Counter
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from checklists.answers import parse, posted_fields
from checklists.fields import FaultCode, FieldFault
from checklists.json_values import canonical_json
from checklists.progress import Progress, find_progress
from checklists.scoring.credits import Response
from checklists.scoring.inspection import Gate, LeftOut
from inspect_app.db import session
from inspect_app.errors import ConflictError
from inspect_app.models.inspections import Submission
from inspect_app.models.visits import Visit, VisitState
from inspect_app.permissions import Action
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.holding import hold_visit, rely_on_wave
from inspect_app.queries.inspections import (
    answers_of,
    newest_revision_of_visit,
    newest_submission_of,
    submission_with_id,
)
from inspect_app.queries.visits import visit_of_inspector, visits_of_inspector
from inspect_app.services.submissions import Body, accept_submission
from inspect_app.web.access import current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.inspector import pages
from inspect_app.web.inspector.opened import Opened, open_form, posted_id, under_ids_of_browser
from inspect_app.web.inspector.tally import scores_so_far, todo
from inspect_app.web.inspector.telling import fault_word, question_name
from inspect_app.web.inspector.visits import place_to_go_on
from inspect_app.web.languages import current_language

UNDER_REVIEW = frozenset({VisitState.SUBMITTED, VisitState.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the form to go back to: its name, what is the matter there, and its address."""

    name: str
    matter: str
    address: str


@pages.get("/m/v/<uuid:visit_id>/list")
@requires(Action.FILL_VISIT)
def list_page(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Show all situations with how far each is."""
    opened = open_form(session, visit_of_inspector(session, current_user(), visit_id))
    return render_template(
        "inspector/list.html",
        opened=opened,
        screens=opened.screens,
        progress=opened.progress,
        by_code={section.code: section for section in opened.progress.sections},
        todo=todo(opened.progress),
        scores=scores_so_far(opened),
        go_on=place_to_go_on(opened),
        first=_first_place(opened),
        here=first.section if (first := opened.progress.first_open) else None,
    )


@pages.get("/m/v/<uuid:visit_id>/check")
@requires(Action.FILL_VISIT)
def check_page(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Show everything that is missing or contradicts itself, and let what is complete be sent."""
    return _show_check(open_form(session, visit_of_inspector(session, current_user(), visit_id)))


@pages.post("/m/v/<uuid:visit_id>/send")
@requires(Action.FILL_VISIT)
def send(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Freeze what is filled in and send it; sent twice, it leads to the same receipt."""
    visit = visit_of_inspector(session, current_user(), visit_id)
    # Of two taps at once the second finds what the first has sent, and not a form that is empty by now.
    rely_on_wave(session, visit.wave)
    hold_visit(session, visit)
    if not _was_sent(visit):
        opened = under_ids_of_browser(open_form(session, visit), request.form)
        if not opened.progress.is_complete:
            return _show_check(opened), 422
        secret = current_settings().secret_key
        accept_submission(session, current_user(), visit, _frozen(opened), secret, now=utc_now())
    return redirect(url_for("inspector.receipt_page", visit_id=visit.id), code=303)


@pages.get("/m/v/<uuid:visit_id>/receipt")
@requires(Action.FILL_VISIT)
def receipt_page(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Show the proof of what was received last."""
    visit = visit_of_inspector(session, current_user(), visit_id)
    submission = newest_submission_of(session, visit)
    if submission is None:
        raise ConflictError(f"nothing of visit {visit.id} has been sent")
    return render_template(
        "inspector/receipt.html",
        visit=visit,
        submission=submission,
        receipt=json.loads(submission.receipt),
        progress=_progress_of_sent(visit),
        is_under_review=visit.state in UNDER_REVIEW,
        next_visit=_next_visit(),
    )


def _progress_of_sent(visit: Visit) -> Progress | None:
    """Return how many answers the server holds; None where what came is not what counts."""
    revision = newest_revision_of_visit(session, visit)
    if revision is None:
        return None
    checklist = checklist_of(session, revision.checklist_hash)
    answers, faults = parse(checklist, posted_fields(checklist, answers_of(revision)))
    return find_progress(checklist, answers, faults)


def _was_sent(visit: Visit) -> bool:
    """Say whether what the browser sends has arrived before: a second tap, or an answer that was lost."""
    known = _posted_submission()
    return known is not None and known.visit_id == visit.id


def _posted_submission() -> Submission | None:
    submission_id = posted_id(request.form, "submission_id")
    return None if submission_id is None else submission_with_id(session, submission_id)


def _frozen(opened: Opened) -> Body:
    """Return the body that is sent: what the answers say, under its ids, always in the same bytes."""
    fields = tuple(sorted(posted_fields(opened.checklist, opened.answers)))
    payload = canonical_json(
        {
            "v": 1,
            "visit": str(opened.visit.id),
            "inspection": str(opened.inspection_id),
            "submission": str(opened.submission_id),
            "checklist": opened.checklist.hash,
            "fields": fields,
        }
    )
    return Body(opened.submission_id, opened.inspection_id, payload, fields)


def _show_check(opened: Opened) -> str:
    gaps = _places(opened, [fault for fault in opened.faults if fault.is_gap])
    wrong = _places(opened, [fault for fault in opened.faults if not fault.is_gap])
    return render_template(
        "inspector/check.html",
        opened=opened,
        progress=opened.progress,
        todo=todo(opened.progress),
        gaps=gaps,
        wrong=wrong,
        wanting=(*gaps, *wrong),
        bare=_bare_places(opened),
        gate_counts=Counter(section.gate for section in opened.answers.sections),
        gate_order=tuple(Gate),
        left_out=_left_out(opened),
    )


def _places(opened: Opened, faults: list[FieldFault]) -> list[Place]:
    """Return where the faults are, each question once."""
    by_question: dict[str, list[FieldFault]] = {}
    for fault in faults:
        by_question.setdefault(fault.question, []).append(fault)
    return [
        Place(
            question_name(opened.checklist, question),
            _matter(opened, question, found),
            _address(opened, question),
        )
        for question, found in by_question.items()
    ]


def _matter(opened: Opened, question: str, found: list[FieldFault]) -> str:
    """Return where a question stands, and what is the matter if it is more than unanswered."""
    section = opened.checklist.section(question.partition(".")[0])
    language = current_language()
    parts = [] if section is None else [section.flow_name.in_language(language)]
    if section is not None and question.rpartition(".")[2] not in ("gate", "role"):
        parts.append(section.name.in_language(language))
    told = [fault_word(fault) for fault in found if fault.code is not FaultCode.MISSING]
    return " · ".join([*parts, *dict.fromkeys(told)])


def _bare_places(opened: Opened) -> list[Place]:
    """Return what was not met without a word about it: it may stay so, but a reviewer will ask."""
    answers = [answer for section in opened.answers.sections for answer in section.answers]
    return [
        Place(
            question_name(opened.checklist, answer.item),
            _matter(opened, answer.item, []),
            _address(opened, answer.item),
        )
        for answer in answers
        if answer.response is Response.NOT_MET and not answer.shortfalls and not answer.words
    ]


def _left_out(opened: Opened) -> int:
    answers = [answer for section in opened.answers.sections for answer in section.answers]
    return sum(answer.left_out not in (None, LeftOut.NOT_SAID) for answer in answers)


def _first_place(opened: Opened) -> Place | None:
    fault = opened.progress.first_open
    return _places(opened, [fault])[0] if fault is not None else None


def _address(opened: Opened, question: str) -> str:
    code = question.partition(".")[0]
    if code not in {screen.code for screen in opened.screens}:
        return url_for("inspector.list_page", visit_id=opened.visit.id)
    return url_for("inspector.screen_page", visit_id=opened.visit.id, code=code, _anchor=question)


def _next_visit() -> Visit | None:
    visits = visits_of_inspector(session, current_user())
    return next((visit for visit in visits if visit.state is VisitState.ASSIGNED), None)
