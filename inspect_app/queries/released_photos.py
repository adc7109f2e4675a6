"""What a branch or a region sees of photos: released copies alone, under ids of their own.

No statement made here names who inspected, or when: of a photo's own row only what joins it is read.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from checklists.files.answers_json import read_answers
from inspect_app.errors import NotFoundError
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.models.photos import Photo, PhotoCopy
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Target
from inspect_app.queries.reviews import is_newest_revision
from inspect_app.queries.scope import visible_branch_ids

SHOWN = (VisitState.DISCLOSED, VisitState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class SeenPhoto:
    """A released copy, as others see it: its size in pixels, and the files in the store."""

    id: uuid.UUID
    width: int
    height: int
    sha256: str
    thumbnail_sha256: str


def released_photos_of_visit(
    session: Session, user: User, visit_id: uuid.UUID
) -> Mapping[str, tuple[SeenPhoto, ...]]:
    """Return the released photos of a visit that the user may see, by the code of the item they belong to."""
    return _by_item(session, _released(user).where(Visit.id == visit_id))


def released_photos_at_branch(
    session: Session, user: User, wave_id: uuid.UUID, branch_code: str, ordinal: int
) -> Mapping[str, tuple[SeenPhoto, ...]]:
    """Return the same of a branch's first, second … visit of a wave."""
    found = _released(user).where(
        Visit.wave_id == wave_id, Visit.ordinal == ordinal, Target.branch_code == branch_code
    )
    return _by_item(session, found)


def photo_seen_by(session: Session, user: User, copy_id: uuid.UUID) -> SeenPhoto:
    """Return one released photo of a branch that the user may see.

    Raises:
        NotFoundError: there is none, it is not released (any more), not shown yet, or another branch's.
    """
    seen = _by_item(session, _released(user).where(PhotoCopy.id == copy_id))
    for photos in seen.values():
        return photos[0]
    raise NotFoundError(f"photo {copy_id}")


def _released(user: User) -> Select[str, str, uuid.UUID, int, int, str, str]:
    """Select the copies of what counts of the visits that are shown, in an order that says nothing."""
    return (
        select(
            Revision.answers,
            Photo.sent_sha256,
            PhotoCopy.id,
            PhotoCopy.width,
            PhotoCopy.height,
            PhotoCopy.sha256,
            PhotoCopy.thumbnail_sha256,
        )
        .join(Photo, Photo.id == PhotoCopy.photo_id)
        .join(Visit, Visit.counting_inspection_id == Photo.inspection_id)
        .join(Target, Target.id == Visit.target_id)
        .join(Revision, Revision.inspection_id == Photo.inspection_id)
        .where(
            is_newest_revision(),
            Visit.state.in_(SHOWN),
            Target.branch_id.in_(visible_branch_ids(user)),
        )
        .order_by(PhotoCopy.id)
    )


def _by_item(
    session: Session, released: Select[str, str, uuid.UUID, int, int, str, str]
) -> Mapping[str, tuple[SeenPhoto, ...]]:
    """Return copies by the items whose answers still name their photos."""
    seen: dict[str, tuple[SeenPhoto, ...]] = {}
    for answers, sent_sha256, copy_id, width, height, sha256, thumbnail_sha256 in session.execute(released):
        photo = SeenPhoto(copy_id, width, height, sha256, thumbnail_sha256)
        for section in read_answers(json.loads(answers)).sections:
            for answer in section.answers:
                if sent_sha256 in answer.photos:
                    seen[answer.item] = (*seen.get(answer.item, ()), photo)
    return seen
