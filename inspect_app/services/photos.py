"""Photos are kept beside the answers that name them, and taken from sight again."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.photos import Photo
from inspect_app.models.visits import Visit, VisitState
from inspect_app.photos import NormalisedPhoto
from inspect_app.queries.holding import hold_visit
from inspect_app.queries.inspections import inspection_with_id, newest_submission_of_inspection
from inspect_app.queries.photos import count_photos, manifest_of, photo_of_inspection
from inspect_app.services import journal
from inspect_app.services.journal import Actor
from inspect_app.services.visits import change_state
from inspect_app.storage import Store

MOST_OF_A_VISIT = 500
"""Photos that one visit keeps: far more than its form asks for."""


class TooManyPhotosError(ConflictError):
    """The visit has all the photos that it keeps."""


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """What a phone sent: for which inspection, the hash and the size of its bytes."""

    inspection_id: uuid.UUID
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A photo in the store: the hashes of its two files, its size in pixels."""

    sha256: str
    thumbnail_sha256: str
    width: int
    height: int


def put_into_store(store: Store, photo: NormalisedPhoto) -> StoredPhoto:
    """Make a photo's files durable, before any row speaks of them."""
    return StoredPhoto(store.put(photo.jpeg), store.put(photo.thumbnail), photo.width, photo.height)


def known_photo(session: Session, visit: Visit, sent: SentPhoto) -> Photo | None:
    """Return the photo that came under this hash before; None where it is to be kept.

    Raises:
        NotFoundError: the inspection, or the photo, is another visit's.
        TooManyPhotosError: the visit keeps no more.
    """
    inspection = inspection_with_id(session, sent.inspection_id)
    known = photo_of_inspection(session, sent.inspection_id, sent.sha256)
    if (inspection is not None and inspection.visit_id != visit.id) or (
        known is not None and known.visit_id != visit.id
    ):
        raise NotFoundError(f"inspection {sent.inspection_id}")
    if known is None and count_photos(session, visit) >= MOST_OF_A_VISIT:
        raise TooManyPhotosError(f"visit {visit.id} has {MOST_OF_A_VISIT} photos")
    return known


def keep_photo(
    session: Session, visit: Visit, sent: SentPhoto, stored: StoredPhoto, *, now: datetime
) -> tuple[Photo, bool]:
    """Keep a photo whose files are in the store; the last one that is missing completes its submission.

    Returns:
        The photo, and whether it is new: the same bytes again are the same photo.

    Raises:
        NotFoundError: the inspection is another visit's.
        TooManyPhotosError: the visit keeps no more.
    """
    hold_visit(session, visit)
    known = known_photo(session, visit, sent)
    if known is not None:
        return known, False
    photo = Photo(
        visit_id=visit.id,
        inspection_id=sent.inspection_id,
        sent_sha256=sent.sha256,
        sent_size=sent.size,
        sha256=stored.sha256,
        thumbnail_sha256=stored.thumbnail_sha256,
        width=stored.width,
        height=stored.height,
        received_at=now,
    )
    try:
        with session.begin_nested():
            session.add(photo)
    except IntegrityError:
        # Another connection was faster with the same bytes for an inspection that is not this visit's.
        raise NotFoundError(f"inspection {sent.inspection_id}") from None
    if not complete(session, visit, now=now):
        journal.record(session, Actor.inspector(), "keep_photo", "visit", str(visit.id), now=now)
    return photo, True


def complete(session: Session, visit: Visit, *, now: datetime) -> bool:
    """Take a visit on that waited for photos, where none is missing any more; say whether it was."""
    if visit.state is not VisitState.AWAITING_PHOTOS or visit.counting_inspection_id is None:
        return False
    submission = newest_submission_of_inspection(session, visit.counting_inspection_id)
    if submission is None or manifest_of(session, submission).missing:
        return False
    change_state(session, Actor.inspector(), "complete_photos", visit, VisitState.SUBMITTED, now=now)
    return True
