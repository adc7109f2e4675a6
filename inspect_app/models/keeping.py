"""What is kept longer or shorter than usual: people to be forgotten, and waves of which nothing is erased."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from inspect_app.models.base import Base, Identified, UtcDateTime


class Erasure(Identified, Base):
    """Somebody is to be forgotten, or was. Asked for first and done in a second step; holds no name.

    Attributes:
        done_at: when everything personal was taken from the account; None before.
    """

    __tablename__ = "erasure"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WaveHold(Base):
    """Nothing of a wave is erased for its age as long as this row is there, such as for a dispute.

    Attributes:
        reason: why, in words.
    """

    __tablename__ = "wave_hold"

    wave_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
