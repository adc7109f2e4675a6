"""Visit tokens: with one, a phone sends the work of one visit, without a session, and reads nothing."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from checklists.json_values import DocumentError, Member
from inspect_app.models.people import User
from inspect_app.models.visits import Visit
from inspect_app.queries.phones import is_ended_by_office, phone_with_session
from inspect_app.queries.visits import identity_of, visit_with_inspector
from inspect_app.services.drafts import require_own

SALT = "sync"
LASTS_AFTER_WAVE = timedelta(days=30)
LASTS_AT_LEAST = timedelta(days=7)
"""From its issue on: what was made long ago can still be sent by who signs in again."""


class TokenFault(StrEnum):
    """Why a token opens nothing."""

    INVALID = "token"
    EXPIRED = "expired"


class VisitTokenError(Exception):
    """A token opens nothing; `fault` says why."""

    def __init__(self, fault: TokenFault) -> None:
        super().__init__(f"a visit token is refused: {fault.value}")
        self.fault = fault


class Standing(StrEnum):
    """How who sends stands to the visit: what comes from others than its own inspector is kept apart."""

    OWN = "own"
    REASSIGNED = "reassigned"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says: the visit, who got it, from which phone, until when.

    Attributes:
        phone_id: None where it was not got on a phone that came in by a personal link.
    """

    visit_id: uuid.UUID
    inspector_id: uuid.UUID
    phone_id: uuid.UUID | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """A token that holds: the visit, who sends, and how they stand to it."""

    visit: Visit
    inspector: User
    standing: Standing


def issue(
    session: Session,
    visit: Visit,
    inspector: User,
    secret: str,
    *,
    now: datetime,
    session_hash: str | None = None,
) -> str:
    """Return a token for the visit of this inspector; nothing is written.

    Args:
        session_hash: of the login session that asks; ties the token to its phone where it has one.

    Raises:
        NotFoundError: the visit is someone else's.
    """
    require_own(session, inspector, visit)
    phone = None if session_hash is None else phone_with_session(session, session_hash)
    over = datetime.combine(visit.wave.closes_on, time.max, UTC) + LASTS_AFTER_WAVE
    expires_at = max(over, now + LASTS_AT_LEAST)
    return sign(Claim(visit.id, inspector.id, None if phone is None else phone.id, expires_at), secret)


def expiry_of(token: str, secret: str) -> datetime:
    """Return until when a token holds.

    Raises:
        VisitTokenError: it is none of ours.
    """
    return read(token, secret).expires_at


def sign(claim: Claim, secret: str) -> str:
    """Return the token that makes a claim."""
    said = [
        claim.visit_id.hex,
        claim.inspector_id.hex,
        None if claim.phone_id is None else claim.phone_id.hex,
        int(claim.expires_at.timestamp()),
    ]
    return str(_signer(secret).dumps(said))


def read(token: str, secret: str) -> Claim:
    """Return what a token claims, whether it has run out or not.

    Raises:
        VisitTokenError: it is none of ours, or was altered.
    """
    try:
        visit, inspector, phone, expires = Member(_signer(secret).loads(token))
        return Claim(
            uuid.UUID(visit.text()),
            uuid.UUID(inspector.text()),
            None if phone.is_absent else uuid.UUID(phone.text()),
            datetime.fromtimestamp(expires.number(), UTC),
        )
    except (BadData, DocumentError, ValueError, OverflowError) as error:
        raise VisitTokenError(TokenFault.INVALID) from error


def verify(session: Session, token: str, secret: str, *, now: datetime) -> Grant:
    """Return what a token grants at this moment.

    Raises:
        VisitTokenError: it is none of ours, or has run out.
    """
    claim = read(token, secret)
    if claim.expires_at <= now:
        raise VisitTokenError(TokenFault.EXPIRED)
    return grant_of(session, claim)


def grant_of(session: Session, claim: Claim) -> Grant:
    """Return what a claim grants, run out or not: a reviewer takes in what comes with it by hand.

    Raises:
        VisitTokenError: its visit or its inspector is gone.
    """
    found = visit_with_inspector(session, claim.visit_id, claim.inspector_id)
    if found is None:
        raise VisitTokenError(TokenFault.INVALID)
    visit, inspector = found
    return Grant(visit, inspector, _standing(session, visit, inspector, claim))


def _standing(session: Session, visit: Visit, inspector: User, claim: Claim) -> Standing:
    identity = identity_of(session, visit)
    if identity is None or identity.inspector_id != inspector.id:
        return Standing.REASSIGNED
    is_ended = claim.phone_id is not None and is_ended_by_office(session, claim.phone_id)
    return Standing.OWN if inspector.is_active and not is_ended else Standing.REVOKED


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=SALT)
