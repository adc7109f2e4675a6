"""Workbooks with answers that came back: kept row by row until they are taken in, so that nothing is lost."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from inspect_app.models.base import Base, Identified, UtcDateTime

LONGEST_FILE_NAME = 200


class AnswerUpload(Identified, Base):
    """One workbook that somebody handed in.

    Attributes:
        rows: JSON text, as `queries.answer_uploads` reads it: what was filled in, and what is wrong where.
        taken: JSON text, the numbers of the rows that were taken in.
        taken_at: when that was last; None before.
    """

    __tablename__ = "answer_upload"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(LONGEST_FILE_NAME))
    rows: Mapped[str] = mapped_column(Text)
    taken: Mapped[str] = mapped_column(Text, default="[]")
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this plain dict
