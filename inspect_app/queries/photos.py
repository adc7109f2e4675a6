"""Questions about photos: which are there, which are missing, and what others may see of them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_app.errors import NotFoundError
from inspect_app.models.inspections import Submission
from inspect_app.models.people import User
from inspect_app.models.photos import NamedPhoto, Photo, PhotoCopy
from inspect_app.models.visits import Visit
from inspect_app.queries.inspections import answers_of, newest_revision
from inspect_app.queries.scope import HEAD_OFFICE


@dataclass(frozen=True, slots=True)
class Manifest:
    """The photos of a submission, by the hash of what the phone sent: those that are there, and those not."""

    here: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewedPhoto:
    """A photo as a reviewer has it, with the copy that others see; None while it is not released."""

    photo: Photo
    copy: PhotoCopy | None


def photo_of_inspection(session: Session, inspection_id: uuid.UUID, sent_sha256: str) -> Photo | None:
    """Return the photo that a phone sent under this hash; None while it has not come."""
    return session.scalar(
        select(Photo).where(Photo.inspection_id == inspection_id, Photo.sent_sha256 == sent_sha256)
    )


def photo_of_visit(session: Session, visit: Visit, photo_id: uuid.UUID) -> Photo:
    """Return one photo of a visit.

    Raises:
        NotFoundError: there is none.
    """
    photo = session.scalar(select(Photo).where(Photo.id == photo_id, Photo.visit_id == visit.id))
    if photo is None:
        raise NotFoundError(f"photo {photo_id}")
    return photo


def count_photos(session: Session, visit: Visit) -> int:
    """Return how many photos of a visit have come, of all its inspections."""
    return session.scalar(select(func.count()).select_from(Photo).where(Photo.visit_id == visit.id)) or 0


def manifest_of(session: Session, submission: Submission) -> Manifest:
    """Return which of the photos that a submission names are there."""
    named = session.scalars(
        select(NamedPhoto.sha256).where(NamedPhoto.submission_id == submission.id).order_by(NamedPhoto.sha256)
    ).all()
    there = set(
        session.scalars(select(Photo.sent_sha256).where(Photo.inspection_id == submission.inspection_id))
    )
    return Manifest(
        here=tuple(sha256 for sha256 in named if sha256 in there),
        missing=tuple(sha256 for sha256 in named if sha256 not in there),
    )


def photos_of_inspection(session: Session, inspection_id: uuid.UUID) -> Mapping[str, ReviewedPhoto]:
    """Return an inspection's photos with their copies, by the hash that its answers name them by."""
    rows = session.execute(
        select(Photo, PhotoCopy)
        .outerjoin(PhotoCopy, PhotoCopy.photo_id == Photo.id)
        .where(Photo.inspection_id == inspection_id)
    )
    return {photo.sent_sha256: ReviewedPhoto(photo, copy) for photo, copy in rows}


def photo_for_review(session: Session, user: User, photo_id: uuid.UUID) -> ReviewedPhoto:
    """Return one photo, to who reviews.

    Raises:
        NotFoundError: there is no such photo, or the user is not of head office.
    """
    row = session.execute(
        select(Photo, PhotoCopy)
        .outerjoin(PhotoCopy, PhotoCopy.photo_id == Photo.id)
        .where(Photo.id == photo_id)
    ).one_or_none()
    if row is None or user.kind not in HEAD_OFFICE:
        raise NotFoundError(f"photo {photo_id}")
    return ReviewedPhoto(*row)


def copy_of(session: Session, photo: Photo) -> PhotoCopy | None:
    """Return what others see of a photo; None while it is not released."""
    return session.scalar(select(PhotoCopy).where(PhotoCopy.photo_id == photo.id))


def items_of_photo(session: Session, photo: Photo) -> tuple[str, ...]:
    """Return the codes of the items whose newest answers name a photo."""
    revision = newest_revision(session, photo.inspection_id)
    if revision is None:
        return ()
    return tuple(
        answer.item
        for section in answers_of(revision).sections
        for answer in section.answers
        if photo.sent_sha256 in answer.photos
    )
