"""Lists of the bank that wait to be looked through: gone once they are taken in, or a day later."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from inspect_app.models.base import Base, Identified, UtcDateTime, one_of

LONGEST_FILE_NAME = 200


class ListKind(StrEnum):
    """What a list is about."""

    BRANCHES = "branches"
    PEOPLE = "people"


class ListUpload(Identified, Base):
    """A list that somebody handed in, and whose cells are all readable.

    Attributes:
        digest: the SHA-256 of the file.
        rows: JSON text, as `queries.list_uploads` reads it. It holds people's names, so it does not stay.
    """

    __tablename__ = "list_upload"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind: Mapped[ListKind] = mapped_column(one_of(ListKind))
    file_name: Mapped[str] = mapped_column(String(LONGEST_FILE_NAME))
    digest: Mapped[str] = mapped_column(String(64))
    rows: Mapped[str] = mapped_column(Text)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
