"""What a submission meets when it arrives, asked at once: many arrive in the same hour."""

import uuid
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from inspect_app.models.inspections import Draft, Inspection, Revision, Submission
from inspect_app.models.visits import Visit, VisitIdentity


@dataclass(frozen=True, slots=True)
class Met:
    """What is there already, for one submission of one visit.

    Attributes:
        inspector_id: who goes on the visit; None before it is assigned.
        times: when what happened on it, JSON text.
        inspection_visit_id: whose visit its inspection is; None before that is begun.
        newest_number: of the inspection's newest revision; None before anything was sent.
        is_known: something came under the submission's id.
        is_number_taken: some submission was given the receipt number meant for it.
        has_draft: the inspection has answers that are not sent.
    """

    inspector_id: uuid.UUID | None
    times: str | None
    inspection_visit_id: uuid.UUID | None
    is_late: bool | None
    is_conflict: bool | None
    newest_number: int | None
    is_known: bool
    is_number_taken: bool
    has_draft: bool


def met_by(
    session: Session, visit: Visit, submission_id: uuid.UUID, inspection_id: uuid.UUID, number: str
) -> Met:
    """Return what a submission meets; to be asked while the visit is held."""
    asked = {"visit": visit.id, "submission": submission_id, "inspection": inspection_id, "number": number}
    return Met(*session.connection().execute(_MET, asked).one())


_INSPECTION = bindparam("inspection", type_=Inspection.id.type)

# Made once: putting it together takes longer than asking it.
_MET = (
    select(
        VisitIdentity.inspector_id,
        VisitIdentity.times,
        Inspection.visit_id,
        Inspection.is_late,
        Inspection.is_conflict,
        select(func.max(Revision.number)).where(Revision.inspection_id == _INSPECTION).scalar_subquery(),
        exists().where(Submission.id == bindparam("submission", type_=Submission.id.type)),
        exists().where(Submission.receipt_number == bindparam("number")),
        exists().where(Draft.inspection_id == _INSPECTION),
    )
    .select_from(Visit)
    .outerjoin(VisitIdentity, VisitIdentity.visit_id == Visit.id)
    .outerjoin(Inspection, Inspection.id == _INSPECTION)
    .where(Visit.id == bindparam("visit", type_=Visit.id.type))
)
