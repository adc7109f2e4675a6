"""Which answers of branches were not accepted, and why: what a branch sees first."""

import uuid
from collections.abc import Mapping

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from inspect_app.models.corrective_actions import AnsweredDeficiency, Verification, VerificationOutcome
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.people import User
from inspect_app.queries.scope import visible_branch_ids


def sent_back_to(session: Session, user: User) -> Mapping[uuid.UUID, str]:
    """Return why the last answer was sent back, of each deficiency that is open again because of it."""
    rows = session.execute(
        select(Verification.deficiency_id, Verification.reason)
        .join(
            AnsweredDeficiency,
            and_(
                AnsweredDeficiency.action_id == Verification.action_id,
                AnsweredDeficiency.deficiency_id == Verification.deficiency_id,
            ),
        )
        .join(Deficiency, Deficiency.id == Verification.deficiency_id)
        .where(
            Verification.outcome == VerificationOutcome.SENT_BACK,
            Deficiency.state == DeficiencyState.OPEN,
            Deficiency.branch_id.in_(visible_branch_ids(user)),
        )
        .order_by(AnsweredDeficiency.round)
    )
    return {deficiency: reason or "" for deficiency, reason in rows}
