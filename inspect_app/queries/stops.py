"""Questions about visits that were broken off on a phone."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.models.journal import ActorKind, JournalEntry
from inspect_app.models.visits import Visit

STOP = "stop"
"""Under which the journal holds the SHA-256 of what a phone said when a visit was broken off."""


def has_been_told(session: Session, visit: Visit, sha256: str) -> bool:
    """Say whether these very bytes were taken in before; the journal is what remembers them."""
    told = session.scalars(
        select(JournalEntry.details).where(
            JournalEntry.subject == "visit",
            JournalEntry.subject_id == str(visit.id),
            JournalEntry.action.in_(("cancel_visit", "keep_stop")),
            JournalEntry.actor_kind == ActorKind.INSPECTOR,
        )
    )
    return any(json.loads(details).get(STOP) == sha256 for details in told)
