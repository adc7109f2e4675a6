"""The small language in which docs/ranking.md tells its examples."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from checklists.handbook import Mode
from checklists.scoring import Scores
from reports.rankings import (
    CountedVisit,
    Pinned,
    PreviousRanking,
    RankBy,
    Ranking,
    Region,
    Row,
    Standing,
    Target,
    Wave,
    rank,
)
from reports.subtree import within

ROOT = "HO"
TOTALS = ("vetoes", "phrase", "action", "low", "high", "par")


@dataclass
class Example:
    """A wave as a block describes it, and what the block says of its ranking."""

    min_visits: int = 1
    rank_by: RankBy = RankBy.SCORE
    regions: dict[str, str | None] = field(default_factory=lambda: {ROOT: None})
    branches: dict[str, tuple[str, str]] = field(default_factory=dict)
    visits: list[CountedVisit] = field(default_factory=list)
    previous: dict[str, dict[str, Standing]] = field(default_factory=dict)
    claims: list[str] = field(default_factory=list)

    def wave(self) -> Wave:
        """Return the wave."""
        return Wave(
            code="2026Q3",
            mode=Mode.MYSTERY,
            opens_on=date(2026, 7, 1),
            closes_on=date(2026, 9, 20),
            min_visits=self.min_visits,
            rank_by=self.rank_by,
            regions=tuple(Region(code, code, parent) for code, parent in self.regions.items()),
            targets=tuple(
                Target(code, code, kind, self.path(region)) for code, (region, kind) in self.branches.items()
            ),
        )

    def path(self, region: str) -> tuple[str, ...]:
        """Return the codes from the root down."""
        parent = self.regions[region]
        return (region,) if parent is None else (*self.path(parent), region)

    def ranking(self) -> Ranking:
        """Return the wave's ranking."""
        previous = PreviousRanking(Pinned("2026Q2", 1), self.previous) if self.previous else None
        return rank(self.wave(), self.visits, previous=previous)


def read(lines: Iterable[str]) -> Example:
    """Return what the lines of a block describe."""
    example = Example()
    for line in lines:
        said = line.partition("#")[0].strip()
        if said.startswith("=>"):
            example.claims.append(" ".join(said.removeprefix("=>").split()))
        elif said:
            _take(example, said.split())
    return example


def _take(example: Example, words: Sequence[str]) -> None:
    match words:
        case ["min", "visits", number]:
            example.min_visits = int(number)
        case ["by", "over", "par"]:
            example.rank_by = RankBy.OVER_PAR
        case ["region", code, "below", parent]:
            example.regions[code] = parent
        case ["branch", code, *rest]:
            said = dict(zip(rest[::2], rest[1::2], strict=True))
            example.branches[code] = (said.get("in", ROOT), said.get("kind", "基础"))
        case ["visit", branch, score, *rest]:
            example.branches.setdefault(branch, (ROOT, "基础"))
            example.visits.append(_visit(len(example.visits), branch, score, rest))
        case ["previous", table, code, "rank", rank_before, "score", score]:
            standing = Standing(int(rank_before), hundredths(score))
            example.previous.setdefault(table, {})[code] = standing
        case _:
            raise AssertionError(f"cannot read {words}")


def _visit(number: int, branch: str, score: str, rest: Sequence[str]) -> CountedVisit:
    said = dict(zip(rest[::2], rest[1::2], strict=True))
    roles = {role: scored.split("/") for role, scored in said.items() if role not in TOTALS}
    scores = Scores(
        visit=None if score == "undefined" else hundredths(score),
        flows={},
        situations={},
        roles={role: hundredths(scored[0]) for role, scored in roles.items()},
        accountable={},
        action=_hundredths_or_none(said.get("action")),
        phrase=_hundredths_or_none(said.get("phrase")),
        delivery=None,
        condition=None,
        vetoes_failed=int(said.get("vetoes", "0")),
        low=_hundredths_or_none(said.get("low")),
        high=_hundredths_or_none(said.get("high")),
        par=_hundredths_or_none(said.get("par")),
    )
    role_pars = {role: hundredths(scored[1]) for role, scored in roles.items() if len(scored) > 1}
    return CountedVisit(f"visit {number}", branch, 1, scores, role_pars)


def hundredths(points: str) -> int:
    """Return hundredths of a point for points with two decimals."""
    assert re.fullmatch(r"[+-]?\d+\.\d\d", points), points
    return int(Fraction(points) * 100)


def _hundredths_or_none(points: str | None) -> int | None:
    return None if points is None else hundredths(points)


def found_for(claim: str, ranking: Ranking) -> str:
    """Return what the ranking says where the claim speaks, in the claim's own words."""
    words = claim.split()
    if words[0] == "tables":
        return " ".join(["tables", *ranking.tables()])
    if words[0] == "within":
        return _found_within(words, ranking)
    table, unit, *pairs = words
    row = next(row for row in ranking.tables()[table] if row.unit == unit)
    return " ".join([table, unit, *(word for key in pairs[::2] for word in (key, shown(row, key)))])


def _found_within(words: Sequence[str], ranking: Ranking) -> str:
    _, region, table, unit, *_ = words
    subtree = within(ranking, region)
    rows = subtree.regions if table == "region" else subtree.branches
    placed = next(placed for placed in rows if placed.row.unit == unit)
    return f"within {region} {table} {unit} rank {placed.row.rank} within {placed.rank_within}"


def shown(row: Row, key: str) -> str:
    """Return a figure of a row as the document writes it."""
    whole = {
        "rank": row.rank,
        "kind": row.rank_in_kind,
        "visits": row.visits,
        "vetoes": row.vetoes,
        "branches": row.branches,
    }
    points = {"score": row.score, "par": row.par, "low": row.low, "high": row.high}
    signed = {"over": row.over_par, "gained": row.score_change}
    if key in whole:
        return _or_dash(whole[key], "{}")
    if key in points:
        return points_of(points[key])
    if key in signed:
        number = signed[key]
        return "-" if number is None else f"{'-' if number < 0 else '+'}{points_of(abs(number))}"
    if key == "moved":
        return "0" if row.rank_change == 0 else _or_dash(row.rank_change, "{:+}")
    return {"by": row.placed_by, "unranked": row.unranked}[key] or "-"


def points_of(number: int | None) -> str:
    """Return hundredths of a point as points with two decimals."""
    return "-" if number is None else f"{number // 100}.{number % 100:02}"


def _or_dash(number: int | None, form: str) -> str:
    return "-" if number is None else form.format(number)
