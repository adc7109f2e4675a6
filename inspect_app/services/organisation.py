"""The bank's region tree and its branches are built."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError
from inspect_app.models.organisation import Branch, Region
from inspect_app.queries.organisation import has_branch, has_region, region_coded, root_region
from inspect_app.services import journal
from inspect_app.services.journal import Actor
from inspect_app.services.name_keys import name_key


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """A region to be added; `parent_code` is None for head office alone."""

    code: str
    name: str
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class BranchPlan:
    """A branch to be added; `kind` is the bank's own class."""

    code: str
    name: str
    kind: str
    address: str
    region_code: str


def add_region(session: Session, actor: Actor, plan: RegionPlan, *, now: datetime) -> Region:
    """Add a region to the tree, below its parent.

    Raises:
        ConflictError: the code is taken, cannot stand in a path, or the tree has its root already.
        NotFoundError: there is no such parent.
    """
    if "/" in plan.code or not plan.code:
        raise ConflictError(f"a region's code is not empty and has no stroke: {plan.code!r}")
    if has_region(session, plan.code):
        raise ConflictError(f"region {plan.code} is there already")
    if plan.parent_code is None and root_region(session) is not None:
        raise ConflictError("the tree has a root already")
    parent = None if plan.parent_code is None else region_coded(session, plan.parent_code)
    above = "/" if parent is None else parent.path
    region = Region(
        code=plan.code,
        name=plan.name,
        name_key=name_key(plan.name),
        parent=parent,
        path=f"{above}{plan.code}/",
    )
    session.add(region)
    session.flush()
    journal.record(session, actor, "add_region", "region", str(region.id), now=now)
    return region


def add_branch(session: Session, actor: Actor, plan: BranchPlan, *, now: datetime) -> Branch:
    """Add a branch to a region.

    Raises:
        ConflictError: the code is taken.
        NotFoundError: there is no such region.
    """
    if has_branch(session, plan.code):
        raise ConflictError(f"branch {plan.code} is there already")
    branch = Branch(
        code=plan.code,
        name=plan.name,
        name_key=name_key(plan.name),
        kind=plan.kind,
        address=plan.address,
        region=region_coded(session, plan.region_code),
    )
    session.add(branch)
    session.flush()
    journal.record(session, actor, "add_branch", "branch", str(branch.id), now=now)
    return branch
