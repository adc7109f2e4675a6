"""A visit is broken off on a phone: what it says of that is read, and taken in exactly once."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from checklists.json_values import Json
from inspect_app.models.visits import Visit, VisitState
from inspect_app.queries.holding import hold_visit
from inspect_app.queries.stops import STOP, has_been_told
from inspect_app.services import journal
from inspect_app.services.journal import Actor
from inspect_app.services.phone_bodies import BodyError, document, id_in
from inspect_app.services.visit_tokens import Grant, Standing
from inspect_app.services.visits import cancel_visit
from inspect_app.workflow import can_step

VERSION = 1
LONGEST_WORDS = 300
"""Characters that an inspector may write about a stop."""


class Hindrance(StrEnum):
    """Why a visit could not be made, or not to its end."""

    RECOGNISED = "recognised"
    CLOSED = "closed"
    UNSAFE = "unsafe"
    ILL = "ill"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stop:
    """What a phone says of a visit that its inspector has broken off.

    Attributes:
        words: what the inspector wrote about it, cut where it is longer than the form lets it be.
    """

    visit_id: uuid.UUID
    stop_id: uuid.UUID
    why: Hindrance
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """A stop that the server holds.

    Attributes:
        is_new: it came for the first time.
        is_called_off: the visit is over by it; never told to a phone that has lost its visit.
    """

    is_new: bool
    is_called_off: bool


def read_stop(payload: bytes) -> Stop:
    """Return what a phone says of a stop.

    Raises:
        BodyError: it is none.
    """
    body = document(payload)
    if body["v"].value != VERSION:
        raise BodyError("v")
    why, words = body["why"].value, body["words"].value
    if why not in list(Hindrance):
        raise BodyError("why")
    said = words.strip()[:LONGEST_WORDS] if isinstance(words, str) else ""
    return Stop(id_in(body, "visit"), id_in(body, "stop"), Hindrance(str(why)), said)


def take_in_stop(session: Session, grant: Grant, reason: str, sha256: str, *, now: datetime) -> Told:
    """Call a visit off for its own inspector, once; what cannot be any more is written down all the same.

    Args:
        reason: in words, as head office reads it.
        sha256: of the bytes that the phone sent; the same ones change nothing.
    """
    visit = grant.visit
    hold_visit(session, visit)
    is_own = grant.standing is Standing.OWN
    if has_been_told(session, visit, sha256):
        return Told(is_new=False, is_called_off=is_own and visit.state is VisitState.CANCELLED)
    details: dict[str, Json] = {STOP: sha256}
    if is_own and _can_be_called_off(visit):
        cancel_visit(session, Actor.inspector(), visit, reason, now=now, details=details)
        return Told(is_new=True, is_called_off=True)
    journal.record(
        session,
        Actor.inspector(),
        "keep_stop",
        "visit",
        str(visit.id),
        now=now,
        reason=reason,
        details={**details, "standing": grant.standing.value},
    )
    return Told(is_new=True, is_called_off=is_own and visit.state is VisitState.CANCELLED)


def _can_be_called_off(visit: Visit) -> bool:
    return can_step(visit.state, VisitState.CANCELLED) and visit.counting_inspection_id is None
