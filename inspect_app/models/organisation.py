"""The bank: its region tree and its branches, as they stand today."""

import uuid

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.models.base import LONGEST_CODE, Base, Identified

LONGEST_PATH = 400


class Region(Identified, Base):
    """A node of the region tree; the root is head office.

    Attributes:
        path: the codes from the root down to this node, `/HO/R01/`: what lies below begins with it.
        name_key: the name in pinyin, by which Chinese names sort alike on every database.
    """

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(LONGEST_CODE), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(400))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("region.id"), index=True)
    path: Mapped[str] = mapped_column(String(LONGEST_PATH), unique=True)

    parent: Mapped["Region | None"] = relationship(remote_side="Region.id")


class Branch(Identified, Base):
    """A branch with its counter hall; `kind` is the bank's own class (基础, 精品 …)."""

    __tablename__ = "branch"
    __table_args__ = (Index("ix_branch_region_id_code", "region_id", "code"),)

    code: Mapped[str] = mapped_column(String(LONGEST_CODE), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(400))
    kind: Mapped[str] = mapped_column(String(LONGEST_CODE))
    address: Mapped[str] = mapped_column(String(200), default="")
    region_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("region.id"))

    region: Mapped[Region] = relationship(lazy="joined")
