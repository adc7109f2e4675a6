"""The units of the bank, regions and branches, as plain values by code: what lists are held against."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from inspect_app.models.organisation import Branch, Region


@dataclass(frozen=True, slots=True)
class KnownRegion:
    """A region as it stands; `parent` is the code of the one above, empty for head office."""

    id: uuid.UUID
    code: str
    name: str
    parent: str
    path: str


@dataclass(frozen=True, slots=True)
class KnownBranch:
    """A branch as it stands; `parent` is the code of its region."""

    id: uuid.UUID
    code: str
    name: str
    kind: str
    address: str
    parent: str


@dataclass(frozen=True, slots=True)
class KnownUnits:
    """Every region and branch by code."""

    regions: Mapping[str, KnownRegion]
    branches: Mapping[str, KnownBranch]


def known_units(session: Session) -> KnownUnits:
    """Return the whole bank, read by columns: a national one has 23,000 branches."""
    above = aliased(Region)
    regions = session.execute(
        select(Region.id, Region.code, Region.name, above.code, Region.path).outerjoin(
            above, above.id == Region.parent_id
        )
    )
    branches = session.execute(
        select(Branch.id, Branch.code, Branch.name, Branch.kind, Branch.address, Region.code).join(
            Region, Region.id == Branch.region_id
        )
    )
    return KnownUnits(
        {row[1]: KnownRegion(row[0], row[1], row[2], row[3] or "", row[4]) for row in regions},
        {row[1]: KnownBranch(*row) for row in branches},
    )


def known_kinds(session: Session) -> Sequence[str]:
    """Return the kinds of branches that the bank has, in order."""
    return session.scalars(select(Branch.kind).distinct().order_by(Branch.kind)).all()
