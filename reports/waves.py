"""A wave as a ranking sees it: its regions, its branches and how they are ranked; frozen."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checklists.handbook import Mode


class RankBy(StrEnum):
    """What branches are ordered by: the score itself, or how far it lies over what its item set averages."""

    SCORE = "score"
    OVER_PAR = "over_par"


@dataclass(frozen=True, slots=True)
class Region:
    """A unit of the region tree; the root has no parent."""

    code: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """A branch as the wave found it when it opened.

    Attributes:
        kind: the bank's own class of branch.
        region: codes of the regions above it, from the root down; at least the root.
    """

    code: str
    name: str
    kind: str
    region: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wave:
    """What was inspected in a period, in one mode, and how it is ranked.

    Attributes:
        min_visits: with fewer counting visits a branch is not ranked; at least 1.
        regions: the whole tree, each code once; a region's parent is one of them.
        targets: each branch code once.
        name: empty where only the code is known.
    """

    code: str
    mode: Mode
    opens_on: date
    closes_on: date
    min_visits: int
    rank_by: RankBy
    regions: tuple[Region, ...]
    targets: tuple[Target, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is printed of a ranked unit beside its numbers.

    Attributes:
        parent: code of the unit above, of a branch its last region; None for the root.
        parent_name: empty for the root.
        depth: levels below the root, 0 for the root; of a branch one more than its last region's.
        kind: of a branch; empty for a region.
    """

    code: str
    name: str
    parent: str | None
    parent_name: str
    depth: int
    kind: str


def wave_problems(wave: Wave) -> list[str]:
    """Return a sentence for everything in a wave that contradicts itself; empty for a sound one."""
    problems = []
    if wave.min_visits < 1:
        problems.append(f"min_visits is {wave.min_visits}, but at least 1 visit is needed to be ranked")
    if wave.closes_on < wave.opens_on:
        problems.append(f"it closes on {wave.closes_on}, before it opens on {wave.opens_on}")
    problems += [f"region {code} stands twice" for code in _repeated(region.code for region in wave.regions)]
    problems += [f"branch {code} stands twice" for code in _repeated(target.code for target in wave.targets)]
    return problems + _tree_problems(wave.regions) + _path_problems(wave)


def region_units(wave: Wave) -> Mapping[str, Unit]:
    """Return the wave's regions by code."""
    names = {region.code: region.name for region in wave.regions}
    depths = region_depths(wave)
    return {
        region.code: Unit(
            code=region.code,
            name=region.name,
            parent=region.parent,
            parent_name="" if region.parent is None else names[region.parent],
            depth=depths[region.code],
            kind="",
        )
        for region in wave.regions
    }


def branch_units(wave: Wave) -> Mapping[str, Unit]:
    """Return the wave's branches by code."""
    names = {region.code: region.name for region in wave.regions}
    return {
        target.code: Unit(
            code=target.code,
            name=target.name,
            parent=target.region[-1],
            parent_name=names[target.region[-1]],
            depth=len(target.region),
            kind=target.kind,
        )
        for target in wave.targets
    }


def region_depths(wave: Wave) -> Mapping[str, int]:
    """Return how many levels below the root each region lies, by code; the root lies at 0."""
    paths = region_paths(wave)
    return {code: len(path) - 1 for code, path in paths.items()}


def region_paths(wave: Wave) -> Mapping[str, tuple[str, ...]]:
    """Return the codes from the root down to each region, itself included."""
    parents = {region.code: region.parent for region in wave.regions}
    return {code: _path(parents, code) for code in parents}


def _repeated(codes: Iterable[str]) -> list[str]:
    return sorted(code for code, times in Counter(codes).items() if times > 1)


def _tree_problems(regions: Sequence[Region]) -> list[str]:
    """Say where the regions do not make one tree with one root."""
    parents = {region.code: region.parent for region in regions}
    roots = sorted(code for code, parent in parents.items() if parent is None)
    problems = [
        f"region {code} lies below {parent}, which is not a region of the wave"
        for code, parent in parents.items()
        if parent is not None and parent not in parents
    ]
    if len(roots) != 1:
        named = ", ".join(roots) if roots else "none"
        problems.append(f"exactly one region is the root and has no parent, but here it is {named}")
    lost = sorted(set(parents) - _below(roots, parents)) if not problems else []
    return problems + [f"region {code} lies below itself" for code in lost]


def _below(roots: Iterable[str], parents: Mapping[str, str | None]) -> set[str]:
    """Return the regions that hang together with the roots, these included."""
    children: dict[str, list[str]] = {}
    for code, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(code)
    waiting, found = list(roots), set(roots)
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting.extend(below)
    return found


def _path_problems(wave: Wave) -> list[str]:
    """Say which branches have a path that does not run from the root down the tree."""
    parents = {region.code: region.parent for region in wave.regions}
    problems = []
    for target in wave.targets:
        above = (None, *target.region[:-1])
        if not target.region:
            problems.append(f"branch {target.code} lies in no region")
        elif any(code not in parents for code in target.region):
            unknown = next(code for code in target.region if code not in parents)
            problems.append(f"branch {target.code} lies in {unknown}, which is not a region of the wave")
        elif any(parents[code] != parent for code, parent in zip(target.region, above, strict=True)):
            path = " > ".join(target.region)
            problems.append(f"branch {target.code} lies in {path}, which does not run from the root down")
    return problems


def _path(parents: Mapping[str, str | None], code: str) -> tuple[str, ...]:
    climbed = [code]
    above = parents[code]
    while above is not None:
        climbed.append(above)
        above = parents[above]
    return tuple(reversed(climbed))
