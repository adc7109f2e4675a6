"""A branch adds photos to what it answers: kept in the store first, then written down."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from inspect_app.errors import IncompleteError, NotFoundError
from inspect_app.models.branch_photos import BranchPhoto
from inspect_app.photos import NormalisedPhoto
from inspect_app.queries.branch_photos import photo_with_hash, photos_of_branch
from inspect_app.services import journal
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.storage import Store


class PhotoUsedError(IncompleteError):
    """A photo was used for something else before, and proves nothing; `missing` names such photos by id."""


def keep_photo(
    session: Session,
    actor: Actor,
    branch_id: uuid.UUID,
    photo: NormalisedPhoto,
    store: Store,
    *,
    now: datetime,
) -> BranchPhoto:
    """Keep a photo of a branch; the same one again is the one that was kept before.

    Raises:
        ConflictError: the same photo was added at the same moment from somewhere else.
    """
    sha256, thumbnail = store.put(photo.jpeg), store.put(photo.thumbnail)
    before = photo_with_hash(session, branch_id, sha256)
    if before is not None:
        return before
    kept = BranchPhoto(
        branch_id=branch_id,
        sha256=sha256,
        thumbnail_sha256=thumbnail,
        width=photo.width,
        height=photo.height,
        added_at=now,
    )
    session.add(kept)
    flush_or_conflict(session, f"photo {sha256} is kept")
    journal.record(
        session, actor, "add_photo", "branch_photo", str(kept.id), now=now, details={"sha256": sha256}
    )
    return kept


def own_photos(
    session: Session, branch_id: uuid.UUID, photo_ids: Sequence[uuid.UUID]
) -> Sequence[BranchPhoto]:
    """Return the photos that a form names.

    Raises:
        NotFoundError: one of them is none of the branch's.
    """
    found = photos_of_branch(session, branch_id, photo_ids)
    unknown = sorted(set(photo_ids) - {photo.id for photo in found})
    if unknown:
        raise NotFoundError(f"photo {unknown[0]} of branch {branch_id}")
    return found


def require_unused(photos: Iterable[BranchPhoto], used: frozenset[str]) -> None:
    """Raise where a photo was used for something else before.

    Raises:
        PhotoUsedError: naming each of them.
    """
    again = tuple(str(photo.id) for photo in photos if photo.sha256 in used)
    if again:
        raise PhotoUsedError("a photo that was used before proves nothing", again)
