"""Photos: what an inspector took, what a submission names, and the covered copies that others may see."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.models.base import Base, Identified, UtcDateTime
from inspect_app.models.inspections import Submission


class Photo(Identified, Base):
    """A photo of one inspection, kept as bare pixels; only reviewers see it, and only for a time.

    Attributes:
        inspection_id: as the phone made it; a photo may come before anything else of its inspection.
        sent_sha256: of the bytes that the phone sent, by which its answers name the photo; they are not kept.
        sha256, thumbnail_sha256: the photo in the store; None once it was erased.
        width, height: of the stored photo, in pixels.
    """

    __tablename__ = "photo"
    __table_args__ = (
        UniqueConstraint("inspection_id", "sent_sha256"),
        CheckConstraint("(erased_at IS NULL) = (sha256 IS NOT NULL)", name="kept_until_erased"),
        CheckConstraint("(sha256 IS NULL) = (thumbnail_sha256 IS NULL)", name="thumbnail_with_photo"),
    )

    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    inspection_id: Mapped[uuid.UUID]
    sent_sha256: Mapped[str] = mapped_column(String(64))
    sent_size: Mapped[int]
    sha256: Mapped[str | None] = mapped_column(String(64))
    thumbnail_sha256: Mapped[str | None] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PhotoCopy(Identified, Base):
    """What branch and region see of a photo: released by a reviewer, with faces and papers covered.

    Its id is another than the photo's, so that nothing leads back from it.

    Attributes:
        boxes: what was covered, `[{"left","top","width","height","how"}]` in pixels, JSON text.
    """

    __tablename__ = "photo_copy"

    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"), unique=True)
    boxes: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    thumbnail_sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    photo: Mapped[Photo] = relationship()


class NamedPhoto(Base):
    """A photo that a submission names: the inspection is whole once all of them are there. Append-only."""

    __tablename__ = "submission_photo"

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)

    submission: Mapped[Submission] = relationship()
