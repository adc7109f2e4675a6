"""Questions about who and what stands where in the bank: branches and people of a region. For head office."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from inspect_app.models.organisation import Branch, Region
from inspect_app.models.people import User, UserKind

MOST_FOUND = 100
"""How many branches one search shows."""


@dataclass(frozen=True, slots=True)
class Node:
    """A region in the tree.

    Attributes:
        depth: 0 for head office.
        branches: how many stand right in it; `below` how many in it and in all regions below.
    """

    region: Region
    depth: int
    branches: int
    below: int


def region_tree(session: Session) -> Sequence[Node]:
    """Return every region with its branches counted; those above come before those below."""
    rows = session.execute(
        select(Region, func.count(Branch.id))
        .outerjoin(Branch, Branch.region_id == Region.id)
        .group_by(Region.id)
        .order_by(Region.path)
    ).all()
    counts = [(region.path, count) for region, count in rows]
    return [
        Node(
            region=region,
            depth=region.path.count("/") - 2,
            branches=count,
            below=sum(other for path, other in counts if path.startswith(region.path)),
        )
        for region, count in rows
    ]


def branches_matching(session: Session, words: str) -> Sequence[Branch]:
    """Return the first branches whose code begins with `words` or whose name holds them, by code."""
    return session.scalars(
        select(Branch)
        .where(
            or_(Branch.code.startswith(words, autoescape=True), Branch.name.contains(words, autoescape=True))
        )
        .order_by(Branch.code)
        .limit(MOST_FOUND)
    ).all()


def branches_in(session: Session, region: Region) -> Sequence[Branch]:
    """Return the branches that stand right in a region, by code."""
    return session.scalars(select(Branch).where(Branch.region_id == region.id).order_by(Branch.code)).all()


def managers_of(session: Session, branches: Sequence[Branch]) -> Mapping[uuid.UUID, Sequence[User]]:
    """Return the managers of branches, by the branch's id."""
    ids = [branch.id for branch in branches]
    people: dict[uuid.UUID, list[User]] = {}
    for user in session.scalars(select(User).where(User.branch_id.in_(ids)).order_by(User.display_name)):
        if user.branch_id is not None:
            people.setdefault(user.branch_id, []).append(user)
    return people


def managers_of_region(session: Session, region: Region) -> Sequence[User]:
    """Return the regional managers of one region."""
    return session.scalars(
        select(User).where(User.region_id == region.id).order_by(User.display_name, User.username)
    ).all()


def people_without_a_place(session: Session, kind: UserKind) -> Sequence[User]:
    """Return the users of a kind that has no place of its own in the tree, by name."""
    return session.scalars(
        select(User).where(User.kind == kind).order_by(User.display_name, User.username)
    ).all()
