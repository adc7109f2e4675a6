"""A phone's answers so far are kept as a draft: the last word of one phone, whatever order saves come in."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from inspect_app.errors import NotFoundError
from inspect_app.queries.holding import hold_visit
from inspect_app.queries.inspections import Fields, draft_of_inspection, inspection_with_id
from inspect_app.services.drafts import FILLABLE, Filling, save_draft
from inspect_app.services.visit_tokens import Grant, Standing


@dataclass(frozen=True, slots=True)
class PhoneSave:
    """All that a phone has answered at one moment; of two saves the one with the higher sequence holds."""

    inspection_id: uuid.UUID
    sequence: int
    fields: Fields


@dataclass(frozen=True, slots=True)
class PhoneSaved:
    """The highest sequence that the server holds, and whether this save changed anything."""

    sequence: int
    is_kept: bool


def save_answers(session: Session, grant: Grant, save: PhoneSave, *, now: datetime) -> PhoneSaved:
    """Keep a phone's answers so far, where its visit is being filled in and no later save came first.

    Nothing is refused: what is not kept here is on the phone, and comes with its submission.

    Raises:
        NotFoundError: the inspection is another visit's.
    """
    visit = grant.visit
    hold_visit(session, visit)
    inspection = inspection_with_id(session, save.inspection_id)
    if inspection is not None and inspection.visit_id != visit.id:
        raise NotFoundError(f"inspection {save.inspection_id}")
    highest = 0 if inspection is None else inspection.answers_sequence
    if grant.standing is not Standing.OWN or visit.state not in FILLABLE or save.sequence <= highest:
        return PhoneSaved(highest, is_kept=False)
    draft = draft_of_inspection(session, save.inspection_id)
    submission_id = uuid.uuid4() if draft is None else draft.submission_id
    filling = Filling(save.inspection_id, submission_id, save.fields)
    begun = save_draft(session, grant.inspector, visit, filling, now=now)
    begun.inspection.answers_sequence = save.sequence
    session.flush()
    return PhoneSaved(save.sequence, is_kept=True)
