"""The ranking of a wave: branches, regions, and branches by staff role."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm

from reports.places import Key, PlacedBy, places
from reports.rows import Pinned, PreviousRanking, Ranking, Row, Standing, Unranked
from reports.tallies import BranchTally, CountedVisit, PartTally, RegionTally, Tally, tally_branches
from reports.waves import RankBy, Region, Target, Wave, region_depths, wave_problems

__all__ = [
    "CountedVisit",
    "Pinned",
    "PlacedBy",
    "PreviousRanking",
    "RankBy",
    "Ranking",
    "RankingError",
    "Region",
    "Row",
    "Standing",
    "Target",
    "Unranked",
    "Wave",
    "pin",
    "rank",
]

BRANCH_RULES = (PlacedBy.SCORE, PlacedBy.VETOES, PlacedBy.PHRASE, PlacedBy.ACTION)
REGION_RULES = (PlacedBy.SCORE, PlacedBy.VETOES)
ROLE_RULES = (PlacedBy.SCORE,)


class RankingError(ValueError):
    """What was to be ranked contradicts itself; the sentence says where and how."""


def rank(
    wave: Wave, visits: Iterable[CountedVisit], number: int = 1, previous: PreviousRanking | None = None
) -> Ranking:
    """Return the ranking of a wave.

    Args:
        visits: the counting ones, in any order; those whose score is undefined are left aside.
        number: 1 at publication, 2 and up when restated.
        previous: the pinned ranking that changes are taken from; None leaves all changes empty.

    Raises:
        RankingError: the wave's regions are no tree, or a visit stands twice, is of a branch that is no
            target, or has no par in a wave that is ranked by over par.

    Source:
        docs/ranking.md.
    """
    counted = [visit for visit in visits if visit.scores.visit is not None]
    _refuse_contradictions(wave, counted)
    tallies = tally_branches((target.code for target in wave.targets), counted)
    branches = _branch_rows(wave, tallies, _changes(previous, "branch"))
    roles = sorted({role for tally in tallies.values() for role in tally.roles})
    return Ranking(
        wave=wave,
        number=number,
        regions=_region_rows(wave, branches, _changes(previous, "region")),
        branches=branches,
        roles={role: _role_rows(wave, tallies, role, _changes(previous, f"role:{role}")) for role in roles},
        previous=None if previous is None else previous.pinned,
    )


def pin(ranking: Ranking) -> PreviousRanking:
    """Return what a later wave takes its changes from: who was ranked, where, with what score."""
    return PreviousRanking(
        pinned=Pinned(ranking.wave.code, ranking.number),
        tables={
            table: {
                row.unit: Standing(row.rank, row.score)
                for row in rows
                if row.rank is not None and row.score is not None
            }
            for table, rows in ranking.tables().items()
        },
    )


Earlier = Mapping[str, Standing]


def _changes(previous: PreviousRanking | None, table: str) -> Earlier:
    return {} if previous is None else previous.tables.get(table, {})


def _refuse_contradictions(wave: Wave, visits: Iterable[CountedVisit]) -> None:
    for problem in wave_problems(wave):
        raise RankingError(f"wave {wave.code}: {problem}")
    branches = {target.code for target in wave.targets}
    seen: set[str] = set()
    for visit in visits:
        if visit.visit in seen:
            raise RankingError(f"visit {visit.visit} stands twice; only its newest revision counts")
        seen.add(visit.visit)
        if visit.branch not in branches:
            raise RankingError(f"visit {visit.visit}: branch {visit.branch} is not a target of {wave.code}")
        if wave.rank_by is RankBy.OVER_PAR:
            _require_pars(visit)


def _require_pars(visit: CountedVisit) -> None:
    if visit.scores.par is None:
        raise RankingError(f"visit {visit.visit} has no par, but its wave is ranked by over par")
    missing = sorted(set(visit.scores.roles) - set(visit.role_pars))
    if missing:
        raise RankingError(f"visit {visit.visit} has no par for the role {missing[0]}")


def _branch_rows(wave: Wave, tallies: Mapping[str, BranchTally], earlier: Earlier) -> tuple[Row, ...]:
    rows = {code: _branch_row(code, tally, wave) for code, tally in tallies.items()}
    ranked = {code: tallies[code] for code, row in rows.items() if row.unranked is None}
    return _listed(_placed_branches(wave, rows, _branch_keys(rows, ranked, wave), BRANCH_RULES), earlier)


def _branch_row(code: str, tally: BranchTally, wave: Wave) -> Row:
    unranked = None
    if tally.visits < wave.min_visits:
        unranked = Unranked.TOO_FEW if tally.visits else Unranked.NO_VISIT
    return replace(
        _row(code, tally, wave, unranked),
        vetoes=tally.vetoes,
        phrase=tally.phrase.exact,
        action=tally.action.exact,
        delivery=tally.delivery.exact,
        condition=tally.condition.exact,
        low=tally.low.rounded,
        high=tally.high.rounded,
    )


def _branch_keys(rows: Mapping[str, Row], ranked: Mapping[str, BranchTally], wave: Wave) -> dict[str, Key]:
    """Return what branches are ordered by, in whole numbers: means times the lcm of their counts."""
    visits = lcm(*{tally.visits for tally in ranked.values()})
    phrases = lcm(*{tally.phrase.count or 1 for tally in ranked.values()})
    actions = lcm(*{tally.action.count or 1 for tally in ranked.values()})
    return {
        code: (
            -_ranked_by(rows[code], wave),
            tally.vetoes * (visits // tally.visits),
            _descending(tally.phrase, phrases),
            _descending(tally.action, actions),
        )
        for code, tally in ranked.items()
    }


def _descending(tally: Tally, common: int) -> int:
    """Return a mean's place in a descending order; what is undefined comes last."""
    return -tally.total * (common // tally.count) if tally.count else 1


def _role_rows(
    wave: Wave, tallies: Mapping[str, BranchTally], role: str, earlier: Earlier
) -> tuple[Row, ...]:
    rows = {code: _role_row(code, tally.roles.get(role), wave) for code, tally in tallies.items()}
    keys: dict[str, Key] = {
        code: (-_ranked_by(row, wave),) for code, row in rows.items() if row.unranked is None
    }
    return _listed(_placed_branches(wave, rows, keys, ROLE_RULES), earlier)


def _role_row(code: str, tally: PartTally | None, wave: Wave) -> Row:
    if tally is None:
        return _row(code, PartTally(), wave, Unranked.ROLE_NOT_SEEN)
    return _row(code, tally, wave, None)


def _placed_branches(
    wave: Wave, rows: Mapping[str, Row], keys: Mapping[str, Key], rules: Sequence[PlacedBy]
) -> list[Row]:
    """Return all rows with their places in the whole and within their kind."""
    whole = places(keys, rules)
    kinds: dict[str, dict[str, Key]] = {}
    for target in wave.targets:
        if target.code in keys:
            kinds.setdefault(target.kind, {})[target.code] = keys[target.code]
    within = {code: place.rank for kind in kinds.values() for code, place in places(kind, rules).items()}
    return [
        replace(row, rank=whole[code].rank, rank_in_kind=within[code], placed_by=whole[code].placed_by)
        if code in whole
        else row
        for code, row in rows.items()
    ]


def _region_rows(wave: Wave, branches: Iterable[Row], earlier: Earlier) -> tuple[Row, ...]:
    depths = region_depths(wave)
    tallies = _tally_regions(wave, branches)
    rows = {code: _region_row(code, tally, wave) for code, tally in tallies.items()}
    listed: list[Row] = []
    for depth in sorted(set(depths.values())):
        level = {code: row for code, row in rows.items() if depths[code] == depth}
        keys: dict[str, Key] = {
            code: (-_ranked_by(row, wave), Fraction(row.vetoes, row.visits))
            for code, row in level.items()
            if depth and row.unranked is None
        }
        found = places(keys, REGION_RULES)
        placed = [
            replace(row, rank=found[code].rank, placed_by=found[code].placed_by) if code in found else row
            for code, row in level.items()
        ]
        listed.extend(_listed(placed, earlier))
    return tuple(listed)


def _tally_regions(wave: Wave, branches: Iterable[Row]) -> dict[str, RegionTally]:
    """Return what the ranked branches below each region add up to, by the targets' frozen paths."""
    tallies = {region.code: RegionTally() for region in wave.regions}
    paths = {target.code: target.region for target in wave.targets}
    for branch in branches:
        if branch.rank is None:
            continue
        for code in paths[branch.unit]:
            tallies[code].add(branch.score, branch.over_par, branch.visits, branch.vetoes)
    return tallies


def _region_row(code: str, tally: RegionTally, wave: Wave) -> Row:
    row = _row(code, tally, wave, None if tally.branches else Unranked.NO_BRANCH)
    return replace(row, vetoes=tally.vetoes, branches=tally.branches)


def _row(code: str, tally: PartTally, wave: Wave, unranked: Unranked | None) -> Row:
    """Return a unit's figures, without a place so far."""
    return Row(
        unit=code,
        rank=None,
        score=tally.score.rounded,
        over_par=tally.over_par.rounded if wave.rank_by is RankBy.OVER_PAR else None,
        visits=tally.visits,
        rank_change=None,
        score_change=None,
        rank_in_kind=None,
        vetoes=0,
        phrase=None,
        action=None,
        placed_by=None,
        unranked=unranked,
    )


def _ranked_by(row: Row, wave: Wave) -> int:
    """Return the number that orders a ranked row, in hundredths of a point."""
    number = row.over_par if wave.rank_by is RankBy.OVER_PAR else row.score
    if number is None:
        raise RankingError(f"unit {row.unit} is to be ranked, but has nothing to rank it by")
    return number


def _listed(rows: Iterable[Row], earlier: Earlier) -> tuple[Row, ...]:
    """Return rows in the order of their places, then those without one, with their changes."""
    changed = (_changed(row, earlier.get(row.unit)) for row in rows)
    return tuple(sorted(changed, key=lambda row: (row.rank is None, row.rank or 0, row.unit)))


def _changed(row: Row, earlier: Standing | None) -> Row:
    if row.rank is None or row.score is None or earlier is None:
        return row
    return replace(row, rank_change=earlier.rank - row.rank, score_change=row.score - earlier.score)
