"""What of a published ranking a user may see: the regions, the tables, the kinds of branches."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from checklists.checklist import Checklist
from checklists.json_values import Member
from checklists.scoring import BRANCH
from inspect_app.errors import NotFoundError
from inspect_app.models.people import User
from inspect_app.models.rankings import RankingRow, StoredRanking
from inspect_app.models.waves import Target, Wave
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.rankings import ROLE_TABLE, published_waves, ranking_of
from inspect_app.queries.scope import HEAD_OFFICE, visible_branch_ids, visible_regions
from inspect_app.queries.waves import variants_of


@dataclass(frozen=True, slots=True)
class Unit:
    """A region as the wave found it; `depth` counts from the root, which has 0."""

    code: str
    name: str
    path: str
    depth: int


@dataclass(frozen=True, slots=True)
class Scope:
    """The regions of a ranking that a user may see.

    Attributes:
        top: the highest of them; what the pages show unless another one is chosen.
        is_whole: the user sees the whole ranking, so that places within the top are those in the whole.
        names: of every region of the wave, by code, to say what lies above a unit.
    """

    top: Unit
    units: tuple[Unit, ...]
    is_whole: bool
    names: Mapping[str, str]

    def unit(self, code: str | None) -> Unit:
        """Return the region with this code, the top one where none is given.

        Raises:
            NotFoundError: there is none, or the user may not see it.
        """
        if code is None:
            return self.top
        found = next((unit for unit in self.units if unit.code == code), None)
        if found is None:
            raise NotFoundError(f"region {code}")
        return found


def waves_in_scope(session: Session, user: User) -> tuple[Wave, ...]:
    """Return the published waves that inspected something the user may see, the newest first."""
    codes = _visible_codes(session, user)
    return tuple(wave for wave in published_waves(session) if codes & {one.code for one in units_of(wave)})


def ranking_in_scope(
    session: Session, user: User, wave_code: str, number: int | None
) -> tuple[StoredRanking, Scope]:
    """Return a ranking of a published wave, the latest without a number, and what of it the user sees.

    Raises:
        NotFoundError: there is none, the wave is not published, or nothing in it is the user's to see.
    """
    wave = next((wave for wave in published_waves(session) if wave.code == wave_code), None)
    if wave is None:
        raise NotFoundError(f"wave {wave_code}")
    return ranking_of(session, wave.id, number), _scope(session, user, wave)


def units_of(wave: Wave) -> tuple[Unit, ...]:
    """Return the regions of a wave as they were when it opened; those above come before those below."""
    found: dict[str, Unit] = {}
    for unit in Member(json.loads(wave.units)):
        above = None if unit["parent"].is_absent else found[unit["parent"].text()]
        code = unit["code"].text()
        found[code] = Unit(
            code=code,
            name=unit["name"].text(),
            path=f"/{code}/" if above is None else f"{above.path}{code}/",
            depth=0 if above is None else above.depth + 1,
        )
    return tuple(found.values())


def checklists_of(session: Session, wave: Wave) -> tuple[Checklist, ...]:
    """Return the checklists of a wave by the numbers of its variants."""
    return tuple(checklist_of(session, one.checklist_hash) for one in variants_of(session, wave))


def ranked_roles(session: Session, ranking: StoredRanking) -> tuple[str, ...]:
    """Return the codes of the roles that have a table: in the edition's order, the pseudo-role last."""
    roles = [role.code for role in checklists_of(session, ranking.wave)[0].roles] + [BRANCH]
    tables = set(
        session.scalars(
            select(RankingRow.table).where(
                RankingRow.ranking_id == ranking.id,
                RankingRow.table.in_([f"{ROLE_TABLE}{role}" for role in roles]),
                RankingRow.position == 1,
            )
        )
    )
    return tuple(dict.fromkeys(role for role in roles if f"{ROLE_TABLE}{role}" in tables))


def kinds_in(session: Session, user: User, ranking: StoredRanking, unit: Unit) -> tuple[str, ...]:
    """Return the classes of the branches below a region, in order."""
    kinds = (
        select(Target.branch_kind)
        .where(
            Target.wave_id == ranking.wave_id,
            is_below(Target.region_path, unit),
            Target.branch_id.in_(visible_branch_ids(user)),
        )
        .distinct()
    )
    return tuple(sorted(session.scalars(kinds)))


def is_below(path: InstrumentedAttribute[str], unit: Unit) -> ColumnElement[bool]:
    """Return the condition that a frozen path leads through a region; every path leads through the root."""
    if not unit.depth:
        return true()
    # Not LIKE: a code may hold one of its signs, and SQLite's takes no notice of case. As a range an index
    # finds it; a path ends with a slash, after which the next sign in every database's order is the 0.
    return (path >= unit.path) & (path < unit.path.removesuffix("/") + "0")


def _visible_codes(session: Session, user: User) -> set[str]:
    return {region.code for region in session.scalars(visible_regions(user))}


def _scope(session: Session, user: User, wave: Wave) -> Scope:
    every = units_of(wave)
    codes = _visible_codes(session, user)
    seen = every if user.kind in HEAD_OFFICE else tuple(unit for unit in every if unit.code in codes)
    if not seen:
        raise NotFoundError(f"wave {wave.code}")
    top = min(seen, key=lambda unit: unit.depth)
    return Scope(top, seen, user.kind in HEAD_OFFICE, {unit.code: unit.name for unit in every})
