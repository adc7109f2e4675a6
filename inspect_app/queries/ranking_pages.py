"""Questions of the ranking's pages: one page of frozen rows, limited to what the user may see."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import Session

from inspect_app.errors import NotFoundError
from inspect_app.models.people import User
from inspect_app.models.rankings import RankingRow, StoredRanking
from inspect_app.models.waves import Target
from inspect_app.queries.ranking_scope import Scope, Unit, is_below
from inspect_app.queries.scope import HEAD_OFFICE, visible_branch_ids
from reports.places import PlacedBy
from reports.rows import Unranked

REGION_TABLE = "region"
BRANCH_TABLE = "branch"
PAGE = 50
"""Rows on one page."""

TREND = 6
"""How many waves a trend shows, the present one included."""

LAST = 1_000_000
"""Where what has no change is placed: behind every change there can be."""


class Order(StrEnum):
    """What the rows of a page are ordered by; what is equal stays in the order of the ranking."""

    RANK = "rank"
    RISE = "rise"
    FALL = "fall"
    VETOES = "vetoes"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a page is limited to.

    Attributes:
        table: `region`, `branch` or `role:` and the role's code.
        unit: the region whose subtree is shown.
        kind: a class of branch; None for all.
        words: a part of the name, or the beginning of the code.
        after: where the page before this one ended, as `RankingPage.next` gave it.
    """

    table: str
    unit: Unit
    kind: str | None = None
    words: str = ""
    order: Order = Order.RANK
    after: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PageRow:
    """One row of a page, as it was frozen; scores in hundredths of a point.

    Attributes:
        rank_within: place among the rows of the chosen region; None where it is that in the whole.
        trend: the scores of the last waves of the mode, oldest first and this one last; None where undefined.
    """

    code: str
    name: str
    parent: str
    kind: str
    depth: int
    rank: int | None
    rank_within: int | None
    score: int | None
    over_par: int | None
    visits: int
    branches: int
    rank_change: int | None
    score_change: int | None
    rank_in_kind: int | None
    vetoes: int
    placed_by: PlacedBy | None
    unranked: Unranked | None
    trend: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class RankingPage:
    """A page of a table.

    Attributes:
        total: how many rows fit the filters, on all pages.
        next: where the next page begins; None on the last.
    """

    rows: tuple[PageRow, ...]
    total: int
    next: tuple[int, int] | None


def page_of_ranking(
    session: Session, user: User, ranking: StoredRanking, scope: Scope, filters: Filters
) -> RankingPage:
    """Return one page of a table of a ranking."""
    chosen = _rows(user, ranking, scope, filters)
    total = session.scalar(chosen.with_only_columns(func.count())) or 0
    key = _order_key(filters.order)
    page = chosen.add_columns(key.label("at")).order_by(key, RankingRow.position).limit(PAGE + 1)
    if filters.after is not None:
        page = page.where(_comes_after(filters.order, key, filters.after))
    found = session.execute(page).all()
    rows = [row[0] for row in found[:PAGE]]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return RankingPage(
        rows=page_rows(session, user, ranking, scope, filters, rows),
        total=total,
        next=None if last is None else (int(last[-1]), last[0].position),
    )


def top_row(session: Session, user: User, ranking: StoredRanking, scope: Scope, unit: Unit) -> PageRow:
    """Return a region's own row.

    Raises:
        NotFoundError: the ranking has none.
    """
    row = session.scalar(
        select(RankingRow).where(
            RankingRow.ranking_id == ranking.id,
            RankingRow.table == REGION_TABLE,
            RankingRow.unit == unit.code,
        )
    )
    if row is None:
        raise NotFoundError(f"region {unit.code}")
    return page_rows(session, user, ranking, scope, Filters(REGION_TABLE, scope.top), [row])[0]


def page_rows(
    session: Session,
    user: User,
    ranking: StoredRanking,
    scope: Scope,
    filters: Filters,
    rows: Sequence[RankingRow],
) -> tuple[PageRow, ...]:
    """Return rows of a table with their names, their places in the region and their trends."""
    within = _places_within(session, user, ranking, scope, filters, rows)
    trends = trends_of(session, ranking, filters.table, [row.unit for row in rows])
    targets = _targets(session, rows)
    units = {unit.code: unit for unit in scope.units}
    return tuple(
        _page_row(row, targets.get(row.target_id), units, scope, within.get(row.unit), trends[row.unit])
        for row in rows
    )


def trends_of(
    session: Session, ranking: StoredRanking, table: str, units: Sequence[str]
) -> Mapping[str, tuple[int | None, ...]]:
    """Return the scores of units over the last waves, as the rankings have them that changes were taken from.

    Oldest first; each as long as there are rankings, at most `TREND`.
    """
    chain = _chain(session, ranking)
    scores = {
        (ranking_id, unit): score
        for ranking_id, unit, score in session.execute(
            select(RankingRow.ranking_id, RankingRow.unit, RankingRow.score).where(
                RankingRow.ranking_id.in_(chain), RankingRow.table == table, RankingRow.unit.in_(units)
            )
        )
    }
    return {unit: tuple(scores.get((ranking_id, unit)) for ranking_id in chain) for unit in units}


def _rows(user: User, ranking: StoredRanking, scope: Scope, filters: Filters) -> Select[RankingRow]:
    """Select what a table holds below the chosen region, fits the filters, and the user may see today."""
    rows = select(RankingRow).where(
        RankingRow.ranking_id == ranking.id,
        RankingRow.table == filters.table,
        is_below(RankingRow.path, filters.unit),
    )
    if filters.table == REGION_TABLE:
        return rows.where(RankingRow.unit.in_(_regions_wanted(scope, filters)))
    wanted = [*_visible(user), *_narrowed(filters)]
    if not wanted:
        return rows
    # Asked of the wave's targets first, of which each row is one: they are few columns wide.
    targets = select(Target.id).where(Target.wave_id == ranking.wave_id, *wanted)
    return rows.where(RankingRow.target_id.in_(targets))


def _regions_wanted(scope: Scope, filters: Filters) -> list[str]:
    words = filters.words.strip()
    return [unit.code for unit in scope.units if words in unit.name or unit.code.startswith(words)]


def _visible(user: User) -> list[ColumnElement[bool]]:
    """Return the condition that a target is the user's to see; none for head office, whose are all."""
    return [] if user.kind in HEAD_OFFICE else [Target.branch_id.in_(visible_branch_ids(user))]


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    words = filters.words.strip()
    narrowed: list[ColumnElement[bool]] = []
    if filters.kind is not None:
        narrowed.append(Target.branch_kind == filters.kind)
    if words:
        named = Target.branch_name.contains(words, autoescape=True)
        narrowed.append(named | Target.branch_code.startswith(words, autoescape=True))
    return narrowed


def _comes_after(order: Order, key: SQLColumnExpression[int], after: tuple[int, int]) -> ColumnElement[bool]:
    at, position = after
    if order is Order.RANK:
        # One condition on the key of the table: a page far down is found as fast as the first.
        return RankingRow.position > position
    return or_(key > at, (key == at) & (RankingRow.position > position))


def _order_key(order: Order) -> SQLColumnExpression[int]:
    """Return what rows are ordered by before their position; less comes first."""
    keys: Mapping[Order, SQLColumnExpression[int]] = {
        Order.RANK: RankingRow.position,
        Order.RISE: func.coalesce(-RankingRow.score_change, LAST),
        Order.FALL: func.coalesce(RankingRow.score_change, LAST),
        Order.VETOES: -RankingRow.vetoes,
    }
    return keys[order]


def _places_within(
    session: Session,
    user: User,
    ranking: StoredRanking,
    scope: Scope,
    filters: Filters,
    rows: Sequence[RankingRow],
) -> Mapping[str, int]:
    """Return the places of rows among those of the chosen region; nothing where that is the whole."""
    lowest = max((row.rank for row in rows if row.rank is not None), default=None)
    if lowest is None or (scope.is_whole and filters.unit == scope.top):
        return {}
    everybody = replace(filters, kind=None, words="")
    placed = _rows(user, ranking, scope, everybody).with_only_columns(
        RankingRow.unit, RankingRow.path, RankingRow.rank
    )
    levels: dict[int, count[int]] = {}
    first_with: dict[tuple[int, int | None], int] = {}
    places: dict[str, int] = {}
    for code, path, rank in session.execute(
        placed.where(RankingRow.rank <= lowest).order_by(RankingRow.position)
    ):
        # Regions are ranked among those of the same depth; branches are all of one level.
        level = path.count("/") if filters.table == REGION_TABLE else 0
        position = next(levels.setdefault(level, count(1)))
        places[code] = first_with.setdefault((level, rank), position)
    return places


def _chain(session: Session, ranking: StoredRanking) -> list[uuid.UUID]:
    """Return a ranking and those that changes were taken from, one by one, oldest first."""
    chain = [ranking.id]
    earlier = ranking.previous_id
    while earlier is not None and len(chain) < TREND:
        chain.insert(0, earlier)
        earlier = session.scalar(select(StoredRanking.previous_id).where(StoredRanking.id == earlier))
    return chain


def _targets(session: Session, rows: Sequence[RankingRow]) -> Mapping[uuid.UUID | None, Target]:
    ids = [row.target_id for row in rows if row.target_id is not None]
    return {target.id: target for target in session.scalars(select(Target).where(Target.id.in_(ids)))}


def _page_row(
    row: RankingRow,
    target: Target | None,
    units: Mapping[str, Unit],
    scope: Scope,
    rank_within: int | None,
    trend: tuple[int | None, ...],
) -> PageRow:
    codes = row.path.strip("/").split("/")
    above = codes[-1] if target is not None else (codes[-2] if len(codes) > 1 else None)
    return PageRow(
        code=row.unit,
        name=units[row.unit].name if target is None else target.branch_name,
        parent="" if above is None else scope.names[above],
        kind="" if target is None else target.branch_kind,
        depth=len(codes) - (1 if target is None else 0),
        rank=row.rank,
        rank_within=rank_within,
        score=row.score,
        over_par=row.over_par,
        visits=row.visits,
        branches=row.branches,
        rank_change=row.rank_change,
        score_change=row.score_change,
        rank_in_kind=row.rank_in_kind,
        vetoes=row.vetoes,
        placed_by=row.placed_by,
        unranked=row.unranked,
        trend=trend,
    )
