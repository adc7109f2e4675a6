"""What comes from a phone is taken in by these functions alone, over the network and from a rescue file."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from inspect_app.db import reading, session, the_database
from inspect_app.errors import NotFoundError
from inspect_app.models.inspections import Submission
from inspect_app.photos import normalise
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.odd_arrivals import status_of
from inspect_app.queries.photos import Manifest, manifest_of
from inspect_app.services.phone_bodies import BodyError, PhoneBody, clock_said, known_fields, read_body
from inspect_app.services.photos import SentPhoto, StoredPhoto, keep_photo, known_photo, put_into_store
from inspect_app.services.stops import Told, read_stop
from inspect_app.services.stops import take_in_stop as call_off
from inspect_app.services.submissions import Body, accept_submission
from inspect_app.services.visit_tokens import Claim, grant_of
from inspect_app.web.access import current_settings
from inspect_app.web.clock import utc_now
from inspect_app.web.hindrances import reason_in_words
from inspect_app.web.stores import the_store


class OtherVisitError(Exception):
    """What came is about another visit than its token."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What is held of a submission now.

    Attributes:
        is_new: it came for the first time.
        status: in one word, how it came in.
    """

    submission: Submission
    is_new: bool
    status: str
    manifest: Manifest


def take_in_body(claim: Claim, payload: bytes, phone_time: str | None = None) -> TakenIn:
    """Take in a frozen body; the same bytes again only tell what is held.

    Args:
        phone_time: the phone's clock as it was when it sent this, in milliseconds.

    Raises:
        BodyError: it is no such body, or of another checklist.
        OtherVisitError: it is another visit's than the token.
        ConflictKept, IncompleteError, ConflictError: as `accept_submission`.
    """
    sent = read_body(payload)
    if sent.visit_id != claim.visit_id:
        raise OtherVisitError
    now = utc_now()
    grant = grant_of(session, claim)
    body = _body(sent, payload, grant.visit.variant.checklist_hash, clock_said(phone_time))
    try:
        accepted = accept_submission(
            session,
            grant.inspector,
            grant.visit,
            body,
            current_settings().secret_key,
            now=now,
            standing=grant.standing,
        )
    except NotFoundError as error:
        raise OtherVisitError from error
    submission = accepted.submission
    return TakenIn(
        submission, accepted.is_new, status_of(session, submission), manifest_of(session, submission)
    )


def take_in_photo(claim: Claim, inspection_id: uuid.UUID, sha256: str, data: bytes) -> bool:
    """Take in a photo and say whether it is new. It is read and stored before the database is held.

    Args:
        sha256: of the bytes as they came, which were held against it already.

    Raises:
        OtherVisitError: the inspection is another visit's than the token.
        PhotoRefusedError: the bytes are no photo that is kept.
        PhotosBusyError: too many are being read.
        TooManyPhotosError: the visit keeps no more.
    """
    sent = SentPhoto(inspection_id, sha256, len(data))
    stored = store_photo(claim, sent, data)
    return stored is not None and note_photo(claim, sent, stored)


def store_photo(claim: Claim, sent: SentPhoto, data: bytes) -> StoredPhoto | None:
    """Read a photo and put it into the store; None where it is held already."""
    try:
        with reading(the_database()) as reader:
            if known_photo(reader, grant_of(reader, claim).visit, sent) is not None:
                return None
    except NotFoundError as error:
        raise OtherVisitError from error
    return put_into_store(the_store(), normalise(data))


def note_photo(claim: Claim, sent: SentPhoto, stored: StoredPhoto) -> bool:
    """Write a stored photo down and say whether it is new."""
    try:
        return keep_photo(session, grant_of(session, claim).visit, sent, stored, now=utc_now())[1]
    except NotFoundError as error:
        raise OtherVisitError from error


def take_in_stop(claim: Claim, visit_id: uuid.UUID, payload: bytes) -> Told:
    """Take in that a visit was broken off; the same bytes again only tell what became of it.

    Raises:
        BodyError: the bytes say nothing of the kind.
        OtherVisitError: they are about another visit than the token.
    """
    stop = read_stop(payload)
    if not claim.visit_id == visit_id == stop.visit_id:
        raise OtherVisitError
    sha256 = hashlib.sha256(payload).hexdigest()
    reason = reason_in_words(stop.why, stop.words)
    return call_off(session, grant_of(session, claim), reason, sha256, now=utc_now())


def _body(sent: PhoneBody, payload: bytes, checklist_hash: str, sent_at: datetime | None) -> Body:
    """Return what the body says by the visit's own checklist; what that does not ask stays in its bytes."""
    if sent.checklist != checklist_hash:
        raise BodyError("checklist")
    fields = known_fields(checklist_of(session, checklist_hash), sent.fields)
    return Body(
        sent.submission_id,
        sent.inspection_id,
        payload,
        fields,
        device=sent.app or None,
        photos=sent.photos,
        sent_at=sent_at,
        place=sent.place,
    )
