"""Questions about the photos of branches: who may see one, and what it was used for before."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from inspect_app.errors import NotFoundError
from inspect_app.models.appeals import Appeal, AppealPhoto
from inspect_app.models.branch_photos import BranchPhoto
from inspect_app.models.corrective_actions import ActionPhoto, AnsweredDeficiency
from inspect_app.models.people import User
from inspect_app.models.photos import Photo
from inspect_app.queries.scope import visible_branch_ids


def photo_seen_by(session: Session, user: User, photo_id: uuid.UUID) -> BranchPhoto:
    """Return a photo of a branch that the user may see.

    Raises:
        NotFoundError: there is none, or it is another branch's.
    """
    photo = session.scalar(
        select(BranchPhoto).where(
            BranchPhoto.id == photo_id, BranchPhoto.branch_id.in_(visible_branch_ids(user))
        )
    )
    if photo is None:
        raise NotFoundError(f"photo {photo_id}")
    return photo


def photo_with_hash(session: Session, branch_id: uuid.UUID, sha256: str) -> BranchPhoto | None:
    """Return the photo that a branch has added before; None where it has not."""
    return session.scalar(
        select(BranchPhoto).where(BranchPhoto.branch_id == branch_id, BranchPhoto.sha256 == sha256)
    )


def photos_of_branch(
    session: Session, branch_id: uuid.UUID, photo_ids: Collection[uuid.UUID]
) -> Sequence[BranchPhoto]:
    """Return those of some photos that a branch has added."""
    return session.scalars(
        select(BranchPhoto).where(BranchPhoto.branch_id == branch_id, BranchPhoto.id.in_(photo_ids))
    ).all()


def hashes_in_other_answers(
    session: Session, hashes: Collection[str], deficiency_ids: Collection[uuid.UUID]
) -> frozenset[str]:
    """Return which photos were used before: in an answer to others, an appeal or an inspection."""
    about_these = select(AnsweredDeficiency.action_id).where(
        AnsweredDeficiency.deficiency_id.in_(deficiency_ids)
    )
    in_answers = (
        select(BranchPhoto.sha256)
        .join(ActionPhoto, ActionPhoto.photo_id == BranchPhoto.id)
        .where(BranchPhoto.sha256.in_(hashes), ActionPhoto.action_id.not_in(about_these))
    )
    return frozenset(session.scalars(in_answers)) | _in_appeals(session, hashes) | _seen(session, hashes)


def hashes_in_other_appeals(session: Session, hashes: Collection[str], visit_id: uuid.UUID) -> frozenset[str]:
    """Return which photos were used before: in any answer, an appeal about another visit or an inspection."""
    in_answers = (
        select(BranchPhoto.sha256)
        .join(ActionPhoto, ActionPhoto.photo_id == BranchPhoto.id)
        .where(BranchPhoto.sha256.in_(hashes))
    )
    elsewhere = _in_appeals(session, hashes, Appeal.visit_id != visit_id)
    return frozenset(session.scalars(in_answers)) | elsewhere | _seen(session, hashes)


def _in_appeals(
    session: Session, hashes: Collection[str], *conditions: ColumnElement[bool]
) -> frozenset[str]:
    used = (
        select(BranchPhoto.sha256)
        .join(AppealPhoto, AppealPhoto.photo_id == BranchPhoto.id)
        .join(Appeal, Appeal.id == AppealPhoto.appeal_id)
        .where(BranchPhoto.sha256.in_(hashes), *conditions)
    )
    return frozenset(session.scalars(used))


def _seen(session: Session, hashes: Collection[str]) -> frozenset[str]:
    """Return which of them an inspector took; nothing is asked of when, where or by whom."""
    found = session.scalars(select(Photo.sha256).where(Photo.sha256.in_(hashes)))
    return frozenset(sha256 for sha256 in found if sha256 is not None)
