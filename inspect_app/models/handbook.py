"""Frozen editions and checklists, whole, as their documents."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from inspect_app.models.base import LONGEST_CODE, Base, UtcDateTime


class StoredEdition(Base):
    """An edition in use, known by its number. Its document never changes."""

    __tablename__ = "handbook_edition"

    number: Mapped[str] = mapped_column(String(LONGEST_CODE), primary_key=True)
    language: Mapped[str] = mapped_column(String(10))
    document: Mapped[str] = mapped_column(Text)
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredChecklist(Base):
    """A checklist in use, known by the hash of its content. Its document never changes.

    `document` is what `checklists.files.checklist_json` writes and reads back.
    """

    __tablename__ = "checklist"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    edition_number: Mapped[str] = mapped_column(ForeignKey("handbook_edition.number"))
    recipe: Mapped[str] = mapped_column(String(LONGEST_CODE))
    mode: Mapped[str] = mapped_column(String(LONGEST_CODE))
    document: Mapped[str] = mapped_column(Text)
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
