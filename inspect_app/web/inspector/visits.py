"""The inspector's list by what to do next, and the card to read before a visit."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from checklists.answers import parse
from checklists.progress import Progress, find_progress
from inspect_app.db import session
from inspect_app.errors import ConflictError
from inspect_app.models.inspections import Draft, Review, Submission
from inspect_app.models.visits import Visit, VisitState
from inspect_app.permissions import Action
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import fields_of_draft, newest_submission_of
from inspect_app.queries.inspector_visits import addresses_of, drafts_of, returns_of, submissions_of
from inspect_app.queries.visits import visit_of_inspector, visits_of_inspector
from inspect_app.services.drafts import FILLABLE
from inspect_app.web.access import current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.inspector import pages
from inspect_app.web.inspector.cards import cues_of
from inspect_app.web.inspector.opened import Opened, open_form, questions_of
from inspect_app.web.inspector.tally import ANNOUNCED, segments, todo

SENT_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One visit on the list.

    Attributes:
        progress: how far its draft is; None where there is no draft.
        questions: what a reviewer asks about it, in the order of the checklist.
    """

    visit: Visit
    address: str
    minutes: int
    progress: Progress | None = None
    questions: tuple[str, ...] = ()
    review: Review | None = None
    submission: Submission | None = None

    @property
    def todo(self) -> str:
        """What is still to be done, in words."""
        return todo(self.progress) if self.progress is not None else ""

    @property
    def segments(self) -> list[str]:
        """The class of each situation's segment."""
        return segments(self.progress) if self.progress is not None else []


@pages.get("/m/")
@requires(Action.FILL_VISIT)
def visits_page() -> ResponseReturnValue:
    """Show the visits by what to do next: go on, go there, done."""
    entries = entries_of(visits_of_inspector(session, current_user()))
    begun = [entry for entry in entries if entry.visit.state in FILLABLE and _is_begun(entry)]
    begun.sort(key=lambda entry: not entry.questions)
    ahead = [entry for entry in entries if entry.visit.state in FILLABLE and not _is_begun(entry)]
    sent = [entry for entry in entries if entry.visit.state not in FILLABLE and entry.submission is not None]
    sent.sort(key=_newest_first)
    dropped = [entry for entry in entries if entry.visit.state is VisitState.CANCELLED]
    return render_template(
        "inspector/visits.html",
        begun=begun,
        ahead=ahead,
        sent=sent[:SENT_SHOWN],
        older=sent[SENT_SHOWN:],
        dropped=dropped,
        today=today(),
        now=utc_now(),
    )


@pages.get("/m/v/<uuid:visit_id>")
@requires(Action.FILL_VISIT)
def visit_page(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Show the card before the first answer; afterwards lead to where to go on."""
    visit = visit_of_inspector(session, current_user(), visit_id)
    if visit.state not in FILLABLE and newest_submission_of(session, visit) is not None:
        return redirect(url_for("inspector.receipt_page", visit_id=visit.id), code=303)
    opened = open_form(session, visit)
    if opened.draft is None and opened.returned is None:
        return _card(opened)
    return redirect(place_to_go_on(opened), code=303)


@pages.get("/m/v/<uuid:visit_id>/card")
@requires(Action.FILL_VISIT)
def card_page(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Show the card, also to who has begun already."""
    return _card(open_form(session, visit_of_inspector(session, current_user(), visit_id)))


def _card(opened: Opened) -> ResponseReturnValue:
    return render_template(
        "inspector/card.html",
        opened=opened,
        entry=entries_of([opened.visit])[0],
        visit=opened.visit,
        checklist=opened.checklist,
        cues=cues_of(opened.checklist),
        is_announced=opened.checklist.mode in ANNOUNCED,
        start=place_to_go_on(opened),
    )


def place_to_go_on(opened: Opened) -> str:
    """Return the address of the first question that needs the inspector; of the check page where none does.

    Raises:
        ConflictError: the checklist asks nothing at all.
    """
    codes = [screen.code for screen in opened.screens]
    if not codes:
        raise ConflictError(f"the checklist of visit {opened.visit.id} asks nothing")
    fault = opened.progress.first_open
    if fault is None and opened.returned is None:
        return url_for("inspector.check_page", visit_id=opened.visit.id)
    if fault is None or fault.section not in codes or not opened.fields:
        return url_for("inspector.screen_page", visit_id=opened.visit.id, code=codes[0])
    question = None if fault.question.endswith(".gate") else fault.question
    return url_for("inspector.screen_page", visit_id=opened.visit.id, code=fault.section, _anchor=question)


def today() -> date:
    """Return the day it is where the branches are."""
    return utc_now().astimezone(current_settings().timezone).date()


def entries_of(visits: Iterable[Visit]) -> list[Entry]:
    """Return visits as the list shows them, each with how far it is."""
    visits = list(visits)
    addresses, drafts = addresses_of(session, visits), drafts_of(session, visits)
    submissions, returns = submissions_of(session, visits), returns_of(session, visits)
    return [
        _entry(
            visit, addresses[visit.id], drafts.get(visit.id), submissions.get(visit.id), returns.get(visit.id)
        )
        for visit in visits
    ]


def _entry(
    visit: Visit, address: str, draft: Draft | None, submission: Submission | None, review: Review | None
) -> Entry:
    checklist = checklist_of(session, visit.variant.checklist_hash)
    progress = None
    if draft is not None and visit.state in FILLABLE:
        answers, faults = parse(checklist, fields_of_draft(draft))
        progress = find_progress(checklist, answers, faults)
    asked: tuple[str, ...] = ()
    if review is not None and visit.state in FILLABLE:
        questions = questions_of(review)
        order = [item.code for section in checklist.sections for item in section.items]
        order += [rule.code for rule in checklist.deductions]
        asked = tuple(questions[code] for code in order if code in questions)
    return Entry(visit, address, checklist.minutes_on_site, progress, asked, review, submission)


def _is_begun(entry: Entry) -> bool:
    return entry.progress is not None or bool(entry.questions)


def _newest_first(entry: Entry) -> float:
    return -entry.submission.received_at.timestamp() if entry.submission is not None else 0.0
