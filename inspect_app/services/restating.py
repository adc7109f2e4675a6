"""A published wave's ranking is written anew beside the one that it replaces, which stays as it is."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from checklists.json_values import Json
from inspect_app.models.rankings import StoredRanking
from inspect_app.queries.rankings import previous_of
from inspect_app.services import journal
from inspect_app.services.freezing import Freezing, freeze_ranking
from inspect_app.services.journal import Actor


def restate(
    session: Session,
    actor: Actor,
    replaced: StoredRanking,
    reason: str,
    details: Mapping[str, Json],
    *,
    now: datetime,
) -> StoredRanking:
    """Freeze the next ranking of a wave, from what counts now.

    Raises:
        ConflictError: someone else wrote a ranking of this number a moment ago.
    """
    freezing = Freezing(
        wave=replaced.wave,
        number=replaced.number + 1,
        previous=previous_of(session, replaced),
        replaced=replaced,
        reason=reason,
    )
    restated = freeze_ranking(session, freezing, now=now)
    journal.record(
        session,
        actor,
        "restate_ranking",
        "ranking",
        str(restated.id),
        now=now,
        reason=reason,
        details={"number": restated.number, "fingerprint": restated.fingerprint, **details},
    )
    return restated
