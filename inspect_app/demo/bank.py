"""The made-up bank: head office, its regions and branches, and everybody who signs in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from inspect_app.demo.chance import chance
from inspect_app.demo.names import SECOND_LEVEL, address, branch_names, first_level_names, people_names
from inspect_app.demo.scales import Measures
from inspect_app.models.people import UserKind
from inspect_app.services.journal import Actor
from inspect_app.services.organisation import BranchPlan, RegionPlan, add_branch, add_region
from inspect_app.services.people import UserPlan, add_user

HEAD_OFFICE = RegionPlan("HO", "总行", None)
KINDS = ("基础", "精品", "基础", "财富")
"""The kinds of branches, as they take turns within a region."""


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank to be built; regions above come before those below, people by kind."""

    regions: tuple[RegionPlan, ...]
    branches: tuple[BranchPlan, ...]
    people: tuple[UserPlan, ...]

    def usernames(self, kind: UserKind) -> tuple[str, ...]:
        """Return the names by which users of a kind sign in."""
        return tuple(plan.username for plan in self.people if plan.kind is kind)


def draw_bank(measures: Measures, seed: int, password_hash: str) -> Bank:
    """Return a bank of this size; the same seed always draws the same one."""
    regions = tuple(_regions(measures))
    branches = tuple(_branches(measures, regions, seed))
    return Bank(regions, branches, tuple(_people(measures, regions, branches, seed, password_hash)))


def build_bank(session: Session, bank: Bank, *, now: datetime) -> None:
    """Build a bank by the services that head office uses."""
    for region in bank.regions:
        add_region(session, Actor.system(), region, now=now)
    for branch in bank.branches:
        add_branch(session, Actor.system(), branch, now=now)
    for person in bank.people:
        add_user(session, Actor.system(), person, now=now)


def first_level(bank: Bank) -> tuple[RegionPlan, ...]:
    """Return the regions directly below head office."""
    return tuple(region for region in bank.regions if region.parent_code == HEAD_OFFICE.code)


def _regions(measures: Measures) -> Iterator[RegionPlan]:
    yield HEAD_OFFICE
    names = iter(SECOND_LEVEL)
    for number, (below, name) in enumerate(zip(measures.regions, first_level_names(), strict=False), start=1):
        code = f"R{number:02}"
        yield RegionPlan(code, name, HEAD_OFFICE.code)
        for part in range(1, below + 1):
            yield RegionPlan(f"{code}{part:02}", next(names), code)


def _branches(measures: Measures, regions: tuple[RegionPlan, ...], seed: int) -> Iterator[BranchPlan]:
    parents = {region.parent_code for region in regions}
    leaves = [region for region in regions if region.code not in parents]
    names, random = branch_names(), chance(seed, "addresses")
    # As many digits as the fullest region needs, so that codes sort as they count.
    digits = max(2, len(str(-(-measures.branches // len(leaves)))))
    for place, region in enumerate(leaves):
        share = measures.branches // len(leaves) + (place < measures.branches % len(leaves))
        for number in range(1, share + 1):
            code, kind = f"{place + 1:02}{number:0{digits}}", KINDS[number % len(KINDS)]
            yield BranchPlan(code, next(names), kind, address(random), region.code)


def _people(
    measures: Measures,
    regions: tuple[RegionPlan, ...],
    branches: tuple[BranchPlan, ...],
    seed: int,
    password_hash: str,
) -> Iterator[UserPlan]:
    names = people_names(chance(seed, "people"))
    for number in (1, 2):
        yield UserPlan(f"admin{number}", next(names), UserKind.ADMINISTRATOR, password_hash)
    for number in (1, 2):
        yield UserPlan(f"reviewer{number}", next(names), UserKind.REVIEWER, password_hash)
    for number in range(1, measures.inspectors + 1):
        yield UserPlan(f"inspector{number}", next(names), UserKind.INSPECTOR, password_hash)
    for region in regions:
        if region.parent_code == HEAD_OFFICE.code:
            yield UserPlan(
                f"region-{region.code.lower()}",
                next(names),
                UserKind.REGIONAL_MANAGER,
                password_hash,
                region_code=region.code,
            )
    for branch in branches:
        yield UserPlan(
            f"branch-{branch.code}",
            next(names),
            UserKind.BRANCH_MANAGER,
            password_hash,
            branch_code=branch.code,
        )
