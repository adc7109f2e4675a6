"""A visit's form as it stands: what is filled in, what is missing, what was asked back."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from checklists.answers import parse
from checklists.checklist import Checklist
from checklists.fields import FieldFault
from checklists.filled import Answers
from checklists.progress import Progress, find_progress
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.inspections import Draft, Review, ReviewOutcome
from inspect_app.models.visits import Visit
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import (
    Fields,
    answers_of,
    draft_of_visit,
    fields_of_visit,
    newest_revision_of_visit,
    review_of,
)
from inspect_app.services.drafts import FILLABLE
from inspect_app.web.inspector.screens import (
    DEDUCTION,
    DeductionScreen,
    Screen,
    SituationScreen,
    returned_screen,
    whole_screen,
)


@dataclass(frozen=True, slots=True)
class Returned:
    """What a reviewer sent back.

    Attributes:
        questions: by the code of the item or deduction they are about.
        answer_by: until when they are to be answered; None where nothing was said.
        answers: what had been sent.
    """

    questions: Mapping[str, str]
    answer_by: datetime | None
    answers: Answers


@dataclass(frozen=True, slots=True)
class Opened:
    """The form of one visit, opened by its inspector.

    Attributes:
        draft: None while nothing has been answered since the work was assigned or returned.
        inspection_id, submission_id: under which it is kept and will be sent.
    """

    visit: Visit
    checklist: Checklist
    draft: Draft | None
    inspection_id: uuid.UUID
    submission_id: uuid.UUID
    fields: Fields
    answers: Answers
    faults: tuple[FieldFault, ...]
    returned: Returned | None

    @property
    def progress(self) -> Progress:
        """How far it is filled in."""
        return find_progress(self.checklist, self.answers, self.faults)

    @property
    def screens(self) -> tuple[Screen, ...]:
        """The screens that are open, in their order; of returned work only what was returned."""
        situations = (self._situation_screen(place) for place in range(len(self.checklist.sections)))
        return (*(screen for screen in situations if screen is not None), *self._deduction_screens())

    def screen(self, code: str) -> Screen:
        """Return one of the screens.

        Raises:
            NotFoundError: there is none with this code, or it is not open.
        """
        for screen in self.screens:
            if screen.code == code:
                return screen
        raise NotFoundError(f"screen {code} of visit {self.visit.id}")

    def filled_with(self, screen: Screen, posted: Fields, touched: frozenset[str] | None = None) -> "Opened":
        """Return the form with what was posted on one screen in place of what stood there.

        Args:
            touched: the questions that were touched; what else stood on the page may be older than what is
                saved, and changes nothing. None where all of it was.
        """
        shown = {field.name for field in screen.names if _is_touched(field.name, touched)}
        kept = tuple((name, value) for name, value in self.fields if name not in shown)
        fields = (*kept, *((name, value) for name, value in posted if name in shown))
        answers, faults = parse(self.checklist, fields)
        return replace(self, fields=fields, answers=answers, faults=faults)

    def differs_from(self, other: "Opened") -> bool:
        """Say whether something is filled in here in another way than there."""
        return _without_blanks(self.fields) != _without_blanks(other.fields)

    def _situation_screen(self, place: int) -> SituationScreen | None:
        section, filled = self.checklist.sections[place], self.answers.sections[place]
        if self.returned is None:
            return whole_screen(section, filled)
        before = self.returned.answers.section(section.situation)
        return returned_screen(section, filled, before, self.returned.questions, self.faults)

    def _deduction_screens(self) -> tuple[DeductionScreen, ...]:
        rules = self.checklist.deductions
        questions = {} if self.returned is None else dict(self.returned.questions)
        is_open = self.returned is None or any(rule.code in questions for rule in rules)
        is_open = is_open or any(fault.section == DEDUCTION for fault in self.faults)
        return (DeductionScreen(self.checklist, rules, questions),) if rules and is_open else ()


def open_form(session: Session, visit: Visit) -> Opened:
    """Open the form of a visit that is being filled in, or may be.

    The ids are the draft's. Before the first answer they are made here; what a browser posts with its first
    answer are these, so that nothing is stored by looking.

    Raises:
        ConflictError: the visit is not being filled in.
    """
    if visit.state not in FILLABLE:
        raise ConflictError(f"a visit that is {visit.state.value} is not filled in")
    checklist = checklist_of(session, visit.variant.checklist_hash)
    draft = draft_of_visit(session, visit)
    fields = fields_of_visit(session, visit)
    answers, faults = parse(checklist, fields)
    return Opened(
        visit=visit,
        checklist=checklist,
        draft=draft,
        inspection_id=draft.inspection_id if draft else visit.counting_inspection_id or uuid.uuid4(),
        submission_id=draft.submission_id if draft else uuid.uuid4(),
        fields=fields,
        answers=answers,
        faults=faults,
        returned=_returned(session, visit),
    )


def under_ids_of_browser(opened: Opened, posted: Mapping[str, str]) -> Opened:
    """Return the form under the ids that a browser made or was given; a draft keeps its own."""
    if opened.draft is not None:
        return opened
    inspection = posted_id(posted, "inspection_id") or opened.inspection_id
    return replace(
        opened,
        inspection_id=opened.visit.counting_inspection_id or inspection,
        submission_id=posted_id(posted, "submission_id") or opened.submission_id,
    )


def posted_id(posted: Mapping[str, str], name: str) -> uuid.UUID | None:
    """Return an id that a browser posted; None where it posted none, or what is no id."""
    try:
        return uuid.UUID(posted.get(name, ""))
    except ValueError:
        return None


def questions_of(review: Review) -> Mapping[str, str]:
    """Return what a reviewer asks, by the code of the item or deduction."""
    return {str(code): str(question) for code, question in json.loads(review.questions).items()}


def _returned(session: Session, visit: Visit) -> Returned | None:
    """Return what was sent back last; None where what was sent last has not been, or nothing was sent."""
    revision = newest_revision_of_visit(session, visit)
    review = None if revision is None else review_of(session, revision)
    if revision is None or review is None or review.outcome is not ReviewOutcome.RETURNED:
        return None
    return Returned(questions_of(review), review.answer_by, answers_of(revision))


def _is_touched(name: str, touched: frozenset[str] | None) -> bool:
    return touched is None or ".".join(name.split(".")[:2]) in touched


def _without_blanks(fields: Fields) -> dict[str, str | tuple[str, ...]]:
    return {name: value for name, value in fields if value}
