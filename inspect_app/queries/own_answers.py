"""Whose answer it is: from the journal, so that nobody verifies what they have answered themselves."""

import json
import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.models.corrective_actions import AnsweredDeficiency
from inspect_app.models.journal import JournalEntry
from inspect_app.models.people import User

MOST_AT_ONCE = 500
"""How many ids a statement names; SQLite takes no more than a certain number of values."""


def sent_by(session: Session, user_id: uuid.UUID, answer: AnsweredDeficiency) -> bool:
    """Say whether this user has sent an answer, on a page or in a workbook."""
    return (answer.deficiency_id, answer.action_id) in _sent(session, user_id, [answer.deficiency_id])


def own_answers(
    session: Session, user: User, actions: Collection[tuple[uuid.UUID, uuid.UUID]]
) -> frozenset[uuid.UUID]:
    """Return the deficiencies whose answer the user has sent.

    Args:
        actions: deficiencies, each with the corrective action that answers it.
    """
    ids = [deficiency_id for deficiency_id, _action_id in actions]
    sent = {
        one
        for begin in range(0, len(ids), MOST_AT_ONCE)
        for one in _sent(session, user.id, ids[begin : begin + MOST_AT_ONCE])
    }
    return frozenset(deficiency_id for deficiency_id, _action_id in sent.intersection(actions))


def _sent(
    session: Session, user_id: uuid.UUID, deficiency_ids: Sequence[uuid.UUID]
) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return what a user has answered of some deficiencies, each with its corrective action."""
    rows = session.execute(
        select(JournalEntry.subject_id, JournalEntry.details).where(
            JournalEntry.subject == "deficiency",
            JournalEntry.subject_id.in_([str(one) for one in deficiency_ids]),
            JournalEntry.action == "answer_deficiency",
            JournalEntry.actor_id == user_id,
        )
    )
    return {(uuid.UUID(one), uuid.UUID(json.loads(details)["action"])) for one, details in rows}
