"""What a restated ranking changed: who moved, and by how much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.rows import Ranking, Row


@dataclass(frozen=True, slots=True)
class Figures:
    """A row's figures in one of the two rankings; scores in hundredths of a point, None where undefined."""

    rank: int | None
    score: int | None
    over_par: int | None


ABSENT = Figures(None, None, None)
"""Stands for a table that one of the rankings does not have."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A unit whose rank, score or over par is another one in the restated ranking.

    Attributes:
        table: `region`, `branch` or `role:` and the role's code.
    """

    table: str
    unit: str
    before: Figures
    after: Figures

    @property
    def rank_change(self) -> int | None:
        """Places gained, negative where lost; None unless ranked in both."""
        return _difference(self.before.rank, self.after.rank)

    @property
    def score_change(self) -> int | None:
        """Hundredths of a point gained, negative where lost; None unless defined in both."""
        return _difference(self.after.score, self.before.score)

    @property
    def entered(self) -> bool:
        """It has a rank only in the restated ranking."""
        return self.before.rank is None and self.after.rank is not None

    @property
    def left(self) -> bool:
        """It had a rank only before."""
        return self.before.rank is not None and self.after.rank is None


def movers(before: Ranking, after: Ranking) -> tuple[Mover, ...]:
    """Return all units of one wave's two rankings that moved, table by table in the fingerprint's order.

    Within a table those come first that lost or got a rank at all, then those that moved by more places,
    then by more points; what is still equal is listed by code.

    Source:
        docs/ranking.md, "Restating".
    """
    tables_before, tables_after = before.tables(), after.tables()
    found: list[Mover] = []
    for table in sorted({*tables_before, *tables_after}, key=_table_order):
        moved = _moved(table, _by_unit(tables_before.get(table, ())), _by_unit(tables_after.get(table, ())))
        found.extend(sorted(moved, key=_reach))
    return tuple(found)


def _table_order(table: str) -> tuple[int, str]:
    first = ("region", "branch")
    return (first.index(table) if table in first else len(first), table)


def _by_unit(rows: tuple[Row, ...]) -> Mapping[str, Figures]:
    return {row.unit: Figures(row.rank, row.score, row.over_par) for row in rows}


def _moved(table: str, before: Mapping[str, Figures], after: Mapping[str, Figures]) -> Iterator[Mover]:
    for unit in sorted({*before, *after}):
        mover = Mover(table, unit, before.get(unit, ABSENT), after.get(unit, ABSENT))
        if mover.before != mover.after:
            yield mover


def _reach(mover: Mover) -> tuple[bool, int, int, str]:
    """Order movers by how much they moved, most first."""
    crossed = mover.entered or mover.left
    return (not crossed, -abs(mover.rank_change or 0), -abs(mover.score_change or 0), mover.unit)


def _difference(minuend: int | None, subtrahend: int | None) -> int | None:
    return None if minuend is None or subtrahend is None else minuend - subtrahend
