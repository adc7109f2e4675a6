"""What a phone takes along: the list, and of each visit the whole form as this server draws it."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from checklists.checklist import Checklist
from checklists.filled import Answers, SectionAnswers
from checklists.json_values import Json, compact_json
from inspect_app.db import session
from inspect_app.models.inspections import Submission
from inspect_app.models.visits import Visit, VisitState
from inspect_app.permissions import Action
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import last_sequence
from inspect_app.queries.inspector_visits import photos_of, sent_scores_of
from inspect_app.queries.visits import visit_of_inspector, visits_of_inspector
from inspect_app.services import visit_tokens
from inspect_app.services.drafts import FILLABLE
from inspect_app.web.access import current_settings, current_user, requires
from inspect_app.web.clock import utc_now
from inspect_app.web.formatting import points
from inspect_app.web.inspector import pages
from inspect_app.web.inspector.asks import asks_of, names_of
from inspect_app.web.inspector.cards import cues_of
from inspect_app.web.inspector.opened import Opened, Returned, open_form
from inspect_app.web.inspector.phone_words import phone_words
from inspect_app.web.inspector.screens import (
    DeductionScreen,
    Screen,
    groups_of,
    whole_screen,
)
from inspect_app.web.inspector.tally import ANNOUNCED
from inspect_app.web.inspector.visits import Entry, entries_of
from inspect_app.web.languages import NAMES, current_language
from inspect_app.web.words import word

API = 1


class Blank:
    """A form in which nothing is filled in: what stands in it is filled in by the phone.

    Attributes:
        takes_photos: only a phone that keeps them can; a page without a script sends none.
    """

    takes_photos = True

    def value(self, _name: str) -> str:
        """Return what stands in a field."""
        return ""

    def values(self, _name: str) -> tuple[str, ...]:
        """Return what is ticked in a field."""
        return ()

    def faults(self, _code: str) -> tuple[str, ...]:
        """Return what is wrong at a question."""
        return ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the renderer of the questions wants to know of a form that is drawn for a phone."""

    checklist: Checklist
    returned: Returned | None = None


@pages.get("/visits/all")
@requires(Action.FILL_VISIT)
def all_visits() -> ResponseReturnValue:
    """Tell a phone its list and its words."""
    entries = entries_of(visits_of_inspector(session, current_user()))
    scores = _shown_scores(entries)
    return jsonify(
        api=API,
        me={"id": hashlib.sha256(current_user().id.bytes).hexdigest(), "name": current_user().display_name},
        language=current_language(),
        languages=[
            {"code": code, "name": name} for code, name in NAMES.items() if code != current_language()
        ],
        zone=current_settings().timezone.key,
        csrf=generate_csrf(),
        words=phone_words(),
        visits=[{**_listed(entry), "so_far": scores.get(entry.visit.id)} for entry in entries],
    )


@pages.get("/visits/<uuid:visit_id>/bundle")
@requires(Action.FILL_VISIT)
def bundle(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Tell a phone everything that it needs to fill one visit in without a network."""
    visit = visit_of_inspector(session, current_user(), visit_id)
    opened = open_form(session, visit)
    secret = current_settings().secret_key
    token = visit_tokens.issue(
        session, visit, current_user(), secret, now=utc_now(), session_hash=g.login.token_hash
    )
    begun = opened.draft.inspection_id if opened.draft else visit.counting_inspection_id
    return jsonify(
        api=API,
        visit=str(visit.id),
        version=_version(visit, opened.checklist),
        token=token,
        expires=visit_tokens.expiry_of(token, secret).isoformat(),
        inspection=None if begun is None else str(begun),
        seq=last_sequence(session, begun),
        fields=[[name, value] for name, value in opened.fields],
        photos=[] if begun is None else _photos(begun),
        branch=visit.target.branch_name,
        returned=_asked_back(opened),
        returned_questions=len(opened.returned.questions) if opened.returned else 0,
        card=piece("card", card_of(opened.checklist, visit)),
        **drawn(opened.checklist, opened.screens, opened.returned),
    )


def drawn(
    checklist: Checklist, screens: tuple[Screen, ...], returned: Returned | None = None
) -> dict[str, Json]:
    """Return the part of a bundle that a checklist alone decides: what it asks, and its sections as drawn.

    Of returned work whole sections are drawn; the phone opens what was returned, and what is missing since.
    """
    opened = Drawn(checklist, returned)
    return {
        "checklist": checklist.hash,
        "is_announced": checklist.mode in ANNOUNCED,
        "asks": asks_of(checklist, screens),
        "names": names_of(checklist),
        "sections": [piece(screen.code, _markup(screen, opened)) for screen in _whole(checklist, returned)],
    }


def card_of(checklist: Checklist, visit: Visit | None) -> str:
    """Return the card of a visit as it is drawn; without a visit, that of the practice."""
    entry = entries_of([visit])[0] if visit is not None else None
    return render_template(
        "inspector/_card.html",
        entry=entry,
        visit=visit,
        checklist=checklist,
        cues=cues_of(checklist),
        is_announced=checklist.mode in ANNOUNCED,
    )


def _whole(checklist: Checklist, returned: Returned | None) -> tuple[Screen, ...]:
    questions = returned.questions if returned is not None else {}
    answers = returned.answers if returned is not None else Answers(())
    situations = []
    for section in checklist.sections:
        screen = whole_screen(section, SectionAnswers(section.situation, None))
        before = answers.section(section.situation)
        situations.append(screen.asking(questions, before))
    conduct = (DeductionScreen(checklist, checklist.deductions, questions),) if checklist.deductions else ()
    return (*situations, *conduct)


def _markup(screen: Screen, opened: Drawn) -> str:
    is_conduct = isinstance(screen, DeductionScreen)
    return render_template(
        "inspector/_conduct.html" if is_conduct else "inspector/_questions.html",
        opened=opened,
        screen=screen,
        form=Blank(),
        groups=() if isinstance(screen, DeductionScreen) else groups_of(screen),
    )


def piece(code: str, markup: str) -> dict[str, Json]:
    """Return a part of a bundle with the hash of its bytes."""
    return {"code": code, "html": markup, "sha256": hashlib.sha256(markup.encode()).hexdigest()}


def _photos(inspection_id: uuid.UUID) -> list[Json]:
    return [
        {"sha256": photo.sent_sha256, "size": photo.sent_size} for photo in photos_of(session, inspection_id)
    ]


def _asked_back(opened: Opened) -> str | None:
    if opened.returned is None:
        return None
    return render_template("inspector/_returned.txt", returned=opened.returned).strip()


def _other_languages() -> list[Json]:
    now = current_language()
    return [{"code": code, "name": name} for code, name in NAMES.items() if code != now]


def _version(visit: Visit, checklist: Checklist) -> str:
    """Return what changes whenever a phone should take the form of a visit anew."""
    parts: list[Json] = [
        str(visit.id),
        visit.version,
        visit.briefing,
        visit.window_from.isoformat(),
        visit.window_to.isoformat(),
        visit.target.branch_name,
        checklist.hash,
        current_language(),
        url_for("inspector.worker"),
    ]
    return hashlib.sha256(compact_json(parts).encode()).hexdigest()[:16]


def _listed(entry: Entry) -> dict[str, Json]:
    visit = entry.visit
    is_fillable = visit.state in FILLABLE
    answer_by = entry.review.answer_by if entry.review is not None else None
    return {
        "visit": str(visit.id),
        "version": _version(visit, checklist_of(session, visit.variant.checklist_hash)),
        "branch": visit.target.branch_name,
        "address": entry.address,
        "briefing": visit.briefing,
        "ordinal": visit.ordinal,
        "minutes": entry.minutes,
        "window_from": visit.window_from.isoformat(),
        "window_to": visit.window_to.isoformat(),
        "state": word(visit.state),
        "is_fillable": is_fillable,
        "is_begun": is_fillable and entry.progress is not None,
        "is_dropped": visit.state is VisitState.CANCELLED,
        "reason": visit.reason or "",
        "questions": list(entry.questions),
        "answer_by": None if answer_by is None else int(answer_by.timestamp() * 1000),
        **_sent(entry.submission),
    }


def _shown_scores(entries: Sequence[Entry]) -> Mapping[uuid.UUID, str]:
    """Return what was sent scores so far, in points; never to a shopper, who is to tell and not to judge."""
    announced = [entry.visit for entry in entries if entry.visit.wave.mode in ANNOUNCED]
    return {
        visit_id: points(scores.visit)
        for visit_id, scores in sent_scores_of(session, announced).items()
        if scores.visit is not None
    }


def _sent(submission: Submission | None) -> dict[str, Json]:
    if submission is None:
        return {"receipt": None, "received_at": None}
    return {
        "receipt": submission.receipt_number,
        "received_at": int(submission.received_at.timestamp() * 1000),
    }
