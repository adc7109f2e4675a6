"""Users, their sessions, and the attempts to sign in."""

import re
import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.models.base import Base, Identified, UtcDateTime, one_of
from inspect_app.models.organisation import Branch, Region

LONGEST_NAME = 80
USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,79}")


def is_username(text: str) -> bool:
    """Say whether somebody can be called so when signing in: everybody can type it, no two look alike."""
    return USERNAME.fullmatch(text) is not None


class UserKind(StrEnum):
    """The five kinds of user; each has its own door."""

    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"
    INSPECTOR = "inspector"
    REGIONAL_MANAGER = "regional_manager"
    BRANCH_MANAGER = "branch_manager"


class User(Identified, Base):
    """Someone who signs in. A regional manager has a region, a branch manager a branch, nobody else either.

    Attributes:
        password_hash: argon2id; never logged, never shown.
        session_version: raised to end every session of this user at once.
        email: where mails to this user go; None where nobody wrote one down.
    """

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'regional_manager') = (region_id IS NOT NULL)", name="region_of_regional_manager"
        ),
        CheckConstraint(
            "(kind = 'branch_manager') = (branch_id IS NOT NULL)", name="branch_of_branch_manager"
        ),
    )

    username: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[UserKind] = mapped_column(one_of(UserKind))
    password_hash: Mapped[str] = mapped_column(String(200))
    region_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("region.id"))
    branch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("branch.id"))
    language: Mapped[str] = mapped_column(String(10), default="zh-Hans")
    email: Mapped[str | None] = mapped_column(String(254))
    is_active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    region: Mapped[Region | None] = relationship(lazy="joined")
    branch: Mapped[Branch | None] = relationship(lazy="joined")


class LoginSession(Base):
    """A signed-in browser. The cookie holds a random token; only its SHA-256 is kept here."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    session_version: Mapped[int]
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    user: Mapped[User] = relationship(lazy="joined")


class LoginFailure(Identified, Base):
    """A failed attempt to sign in, kept for the throttle. `account` is the name as typed, known or not."""

    __tablename__ = "login_failure"
    __table_args__ = (
        Index("ix_login_failure_account_at", "account", "at"),
        Index("ix_login_failure_address_at", "address", "at"),
    )

    account: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
