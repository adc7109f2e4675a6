"""A ranking as one region sees it: its own rows, with their places in the whole and among themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from reports.rows import Ranking, Row
from reports.waves import region_depths, region_paths


class UnknownRegionError(ValueError):
    """The wave has no region of this code."""


@dataclass(frozen=True, slots=True)
class PlacedWithin:
    """A row, whose own rank is the one in the whole, and its place among the region's rows (区内名次).

    Attributes:
        rank_within: by the same rule as `row.rank`, None where that is None; regions among the same depth.
    """

    row: Row
    rank_within: int | None


@dataclass(frozen=True, slots=True)
class Subtree:
    """The tables of a ranking, limited to a region and what lies below it; rows in the tables' order."""

    region: str
    regions: tuple[PlacedWithin, ...]
    branches: tuple[PlacedWithin, ...]
    roles: Mapping[str, tuple[PlacedWithin, ...]]


def within(ranking: Ranking, region: str) -> Subtree:
    """Return what a ranking says of a region and all below it, by the targets' frozen paths.

    Raises:
        UnknownRegionError: the wave has no such region.

    Source:
        docs/ranking.md, "Within a region".
    """
    paths = region_paths(ranking.wave)
    if region not in paths:
        raise UnknownRegionError(f"wave {ranking.wave.code} has no region {region}")
    depths = region_depths(ranking.wave)
    inside = {target.code for target in ranking.wave.targets if region in target.region}
    levels = groupby(
        (row for row in ranking.regions if region in paths[row.unit]), key=lambda row: depths[row.unit]
    )
    return Subtree(
        region=region,
        regions=tuple(placed for _, level in levels for placed in _placed(level)),
        branches=_placed(row for row in ranking.branches if row.unit in inside),
        roles={
            role: _placed(row for row in rows if row.unit in inside) for role, rows in ranking.roles.items()
        },
    )


def _placed(rows: Iterable[Row]) -> tuple[PlacedWithin, ...]:
    """Place rows that stand in the order of their ranks; the order does not change by leaving some out."""
    first_with: dict[int, int] = {}
    return tuple(
        PlacedWithin(row, None if row.rank is None else first_with.setdefault(row.rank, position))
        for position, row in enumerate(rows, start=1)
    )
