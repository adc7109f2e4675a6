"""Questions about the bank: regions and branches, as they stand today."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_app.errors import NotFoundError
from inspect_app.models.organisation import Branch, Region


def region_coded(session: Session, code: str) -> Region:
    """Return the region with this code.

    Raises:
        NotFoundError: there is none.
    """
    region = session.scalar(select(Region).where(Region.code == code))
    if region is None:
        raise NotFoundError(f"region {code}")
    return region


def branch_coded(session: Session, code: str) -> Branch:
    """Return the branch with this code.

    Raises:
        NotFoundError: there is none.
    """
    branch = session.scalar(select(Branch).where(Branch.code == code))
    if branch is None:
        raise NotFoundError(f"branch {code}")
    return branch


def all_regions(session: Session) -> Sequence[Region]:
    """Return every region; those above come before those below."""
    return session.scalars(select(Region).order_by(Region.path)).all()


def branches_below(session: Session, region: Region) -> Sequence[Branch]:
    """Return the branches of a region and of all regions below it, by region and then by code."""
    return session.scalars(
        select(Branch)
        .join(Branch.region)
        .where(func.substr(Region.path, 1, len(region.path)) == region.path)  # not LIKE: case matters
        .order_by(Region.path, Branch.code)
    ).all()


def root_region(session: Session) -> Region | None:
    """Return head office, the one region without a parent; None before there is any."""
    return session.scalar(select(Region).where(Region.parent_id.is_(None)))


def has_region(session: Session, code: str) -> bool:
    """Say whether a region has this code."""
    return session.scalar(select(Region.id).where(Region.code == code)) is not None


def has_branch(session: Session, code: str) -> bool:
    """Say whether a branch has this code."""
    return session.scalar(select(Branch.id).where(Branch.code == code)) is not None


def all_branches(session: Session) -> Sequence[Branch]:
    """Return every branch by code."""
    return session.scalars(select(Branch).order_by(Branch.code)).all()


def branches_coded(session: Session, codes: Sequence[str]) -> Sequence[Branch]:
    """Return the branches with these codes, by code.

    Raises:
        NotFoundError: one of them does not exist; the first is named.
    """
    wanted = frozenset(codes)
    found = [branch for branch in all_branches(session) if branch.code in wanted]
    unknown = sorted(wanted - {branch.code for branch in found})
    if unknown:
        raise NotFoundError(f"branch {unknown[0]}")
    return found
