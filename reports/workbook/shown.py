"""The rows of a ranking that the sheets show: those in the chosen region, ranked and not ranked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from reports.rankings import Ranking, Row
from reports.waves import Unit, branch_units, region_paths, region_units
from reports.workbook.detail import DetailRow
from reports.workbook.report import Report


class UnknownRegionError(ValueError):
    """The wave has no region of the code that the rows should be limited to."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the ranking with its unit's names.

    Attributes:
        row: its rank is the one in the whole.
        rank_in_region: its rank among the rows of the chosen region; None where no region was chosen.
    """

    unit: Unit
    row: Row
    rank_in_region: int | None = None


@dataclass(frozen=True, slots=True)
class ShownRows:
    """A table's rows in the ranking's order; the root is with the ranked, though it has no place."""

    ranked: Sequence[ShownRow]
    unranked: Sequence[ShownRow]

    @property
    def all(self) -> Sequence[ShownRow]:
        """Every row, the ranked first."""
        return [*self.ranked, *self.unranked]


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a workbook shows of a report, after the choice of a region.

    Attributes:
        top: the root, or the chosen region.
        roles: by code, for each role of the report.
    """

    top: ShownRow
    regions: ShownRows
    branches: ShownRows
    roles: Mapping[str, ShownRows]
    details: Sequence[DetailRow]


def shown_of(report: Report) -> Shown:
    """Return what a report shows.

    Raises:
        UnknownRegionError: the report is limited to a region that the wave does not know.
    """
    ranking, region = report.ranking, report.region
    if region is not None and region not in {known.code for known in ranking.wave.regions}:
        raise UnknownRegionError(f"wave {ranking.wave.code} has no region {region}")
    regions = _regions(ranking, region)
    branches = _branches(ranking, region, ranking.branches)
    inside = {branch.unit.code for branch in branches.all}
    return Shown(
        top=regions.all[0],
        regions=regions,
        branches=branches,
        roles={
            role.code: _branches(ranking, region, ranking.roles.get(role.code, ())) for role in report.roles
        },
        details=[row for row in report.details if row.branch_code in inside],
    )


def _regions(ranking: Ranking, region: str | None) -> ShownRows:
    units, paths = region_units(ranking.wave), region_paths(ranking.wave)
    rows = [
        ShownRow(units[row.unit], row)
        for row in ranking.regions
        if region is None or region in paths[row.unit]
    ]
    shown = _parted(rows)
    if region is None:
        return shown
    levels = groupby(shown.ranked, key=lambda row: row.unit.depth)
    return replace(shown, ranked=[placed for _depth, level in levels for placed in _placed(level)])


def _branches(ranking: Ranking, region: str | None, rows: Sequence[Row]) -> ShownRows:
    units = branch_units(ranking.wave)
    if region is None:
        return _parted([ShownRow(units[row.unit], row) for row in rows])
    above = {target.code: target.region for target in ranking.wave.targets}
    shown = _parted([ShownRow(units[row.unit], row) for row in rows if region in above[row.unit]])
    return replace(shown, ranked=_placed(shown.ranked))


def _parted(rows: Sequence[ShownRow]) -> ShownRows:
    return ShownRows(
        ranked=[shown for shown in rows if shown.row.unranked is None],
        unranked=[shown for shown in rows if shown.row.unranked is not None],
    )


def _placed(rows: Iterable[ShownRow]) -> list[ShownRow]:
    """Return rows of one order with their places among these alone; shared ranks stay shared."""
    places: dict[int, int] = {}
    placed: list[ShownRow] = []
    for number, shown in enumerate(rows, start=1):
        rank = shown.row.rank
        place = None if rank is None else places.setdefault(rank, number)
        placed.append(replace(shown, rank_in_region=place))
    return placed
