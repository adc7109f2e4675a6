"""How people get into their accounts: one-time links, the second step, and its spare codes."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.models.base import Base, Identified, UtcDateTime, one_of
from inspect_app.models.people import User


class LinkPurpose(StrEnum):
    """What a one-time link is for; both end in a new password."""

    INVITE = "invite"
    RESET = "reset"


class AccountLink(Base):
    """A link with which its holder sets the password of one account, once. Only its SHA-256 is kept.

    Attributes:
        used_at: None as long as it can be used.
    """

    __tablename__ = "account_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[LinkPurpose] = mapped_column(one_of(LinkPurpose))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="joined")


class PendingLogin(Base):
    """Somebody who gave the right password and owes the second step. Only the token's SHA-256 is kept."""

    __tablename__ = "pending_login"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    session_version: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    user: Mapped[User] = relationship(lazy="joined")


class SecondStep(Base):
    """The one-time codes of one user, after RFC 6238: six digits, a new one every thirty seconds.

    Attributes:
        secret: what the codes come from, encrypted, as `services.hidden_secrets` reads it.
        confirmed_at: None until a first code has shown that the user's device knows the secret.
        last_step: the thirty-second step of the last code taken; that one and those before are worth nothing.
    """

    __tablename__ = "second_step"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(200))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int] = mapped_column(default=0)


class SpareCode(Identified, Base):
    """A code that stands in for one of the device, once. Only its SHA-256 is kept."""

    __tablename__ = "spare_code"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
