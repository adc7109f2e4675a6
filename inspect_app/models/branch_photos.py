"""Photos that branches add to their answers and appeals; the bytes lie in the store under their hashes."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inspect_app.models.base import Base, Identified, UtcDateTime


class BranchPhoto(Identified, Base):
    """A photo that a branch has added, already stripped of all but its pixels. The same photo is kept once.

    Attributes:
        sha256, thumbnail_sha256: under which the store keeps the photo and its small copy.
        width, height: of the photo, in pixels.
    """

    __tablename__ = "branch_photo"
    __table_args__ = (UniqueConstraint("branch_id", "sha256"),)

    branch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("branch.id"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    thumbnail_sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
