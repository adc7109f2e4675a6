"""The calendar of working days, as far as head office departs from the rule."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from inspect_app.models.base import Base, UtcDateTime


class CalendarDay(Base):
    """A day of which head office says whether the bank works; every other day follows the rule.

    Attributes:
        words: why it departs from the rule; may be empty.
    """

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    words: Mapped[str] = mapped_column(String(120), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this plain dict
