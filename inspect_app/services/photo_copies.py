"""A reviewer lets others see a photo: a copy in which faces and papers are covered; and takes it back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from checklists.json_values import compact_json
from inspect_app.errors import ConflictError
from inspect_app.models.photos import Photo, PhotoCopy
from inspect_app.photos import Box
from inspect_app.queries.photos import copy_of
from inspect_app.services import journal
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.services.photos import StoredPhoto


def release_photo(
    session: Session, actor: Actor, photo: Photo, boxes: Sequence[Box], stored: StoredPhoto, *, now: datetime
) -> PhotoCopy:
    """Let branch and region see a copy whose files are in the store; one that they saw before is replaced.

    Raises:
        ConflictError: the photo was erased, or another reviewer released it a moment ago.
    """
    if photo.erased_at is not None or actor.user_id is None:
        raise ConflictError(f"photo {photo.id} is released by nobody any more")
    session.execute(delete(PhotoCopy).where(PhotoCopy.photo_id == photo.id))
    copy = PhotoCopy(
        photo_id=photo.id,
        boxes=compact_json([_written(box) for box in boxes]),
        sha256=stored.sha256,
        thumbnail_sha256=stored.thumbnail_sha256,
        width=stored.width,
        height=stored.height,
        made_by_id=actor.user_id,
        made_at=now,
    )
    session.add(copy)
    flush_or_conflict(session, f"photo {photo.id} is released")
    _tell(session, actor, "release_photo", photo, now)
    return copy


def withdraw_photo(session: Session, actor: Actor, photo: Photo, *, now: datetime) -> None:
    """Take a photo from the sight of branch and region.

    Raises:
        ConflictError: it was not released.
    """
    if copy_of(session, photo) is None:
        raise ConflictError(f"photo {photo.id} is not released")
    session.execute(delete(PhotoCopy).where(PhotoCopy.photo_id == photo.id))
    session.flush()
    _tell(session, actor, "withdraw_photo", photo, now)


def _written(box: Box) -> dict[str, int | str]:
    return {
        "left": box.left,
        "top": box.top,
        "width": box.width,
        "height": box.height,
        "how": box.how.value,
    }


def _tell(session: Session, actor: Actor, action: str, photo: Photo, now: datetime) -> None:
    details = {"photo": str(photo.id)}
    journal.record(session, actor, action, "visit", str(photo.visit_id), now=now, details=details)
