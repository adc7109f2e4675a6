"""Whose rows a user may see: the one place that says it. Every query for people adds its WHERE on top."""

import uuid

from sqlalchemy import ColumnElement, Select, false, func, select, true

from inspect_app.models.organisation import Branch, Region
from inspect_app.models.people import User, UserKind

HEAD_OFFICE = frozenset({UserKind.ADMINISTRATOR, UserKind.REVIEWER})


class NobodyAsksError(Exception):
    """A query for people was made without saying for whom; it is never answered."""


def visible_branches(user: User | None) -> Select[Branch]:
    """Select the branches that a user may see, by the region tree as it stands today.

    Head office sees all, a regional manager what lies below the own region, a branch manager the own branch,
    everybody else nothing.

    Raises:
        NobodyAsksError: there is no user.
    """
    return select(Branch).where(_branch_reach(_somebody(user)))


def visible_branch_ids(user: User | None) -> Select[uuid.UUID]:
    """Select the ids of the same branches, for the WHERE of another query.

    Raises:
        NobodyAsksError: there is no user.
    """
    return select(Branch.id).where(_branch_reach(_somebody(user)))


def visible_regions(user: User | None) -> Select[Region]:
    """Select the regions that a user may see: all for head office, the own and those below for its manager.

    Raises:
        NobodyAsksError: there is no user.
    """
    return select(Region).where(_region_reach(_somebody(user)))


def _somebody(user: User | None) -> User:
    if user is None:
        raise NobodyAsksError("a query for people needs the user who asks")
    return user


def _branch_reach(user: User) -> ColumnElement[bool]:
    if user.kind in HEAD_OFFICE:
        return true()
    if user.kind is UserKind.REGIONAL_MANAGER:
        return Branch.region_id.in_(select(Region.id).where(_region_reach(user)))
    if user.kind is UserKind.BRANCH_MANAGER:
        return Branch.id == user.branch_id
    return false()


def _region_reach(user: User) -> ColumnElement[bool]:
    if user.kind in HEAD_OFFICE:
        return true()
    if user.kind is UserKind.REGIONAL_MANAGER:
        own = select(Region.path).where(Region.id == user.region_id).scalar_subquery()
        # Not LIKE: a code may hold one of its signs, and SQLite's takes no notice of case.
        return func.substr(Region.path, 1, func.length(own)) == own
    return false()
