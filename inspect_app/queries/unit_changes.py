"""A branch list held against the bank as it stands: what it adds, what it changes, what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from inspect_app.importers.lists import Fault, RowFault
from inspect_app.importers.unit_lists import UnitColumn, UnitLevel, UnitList, UnitRead
from inspect_app.models.organisation import LONGEST_PATH
from inspect_app.queries.units import KnownBranch, KnownRegion, KnownUnits, known_units


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit that a list adds or changes.

    Attributes:
        known: what it is so far; None where the list adds it.
        before: the columns that change, with what stood there.
    """

    read: UnitRead
    known: KnownRegion | KnownBranch | None
    before: Mapping[UnitColumn, str]

    @property
    def after(self) -> Mapping[UnitColumn, str]:
        """The columns that change, with what stands there now."""
        return {column: getattr(self.read, column.value) or "" for column in self.before}


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """What a branch list comes to.

    Attributes:
        changes: in the order of the file, of its readable rows alone.
        faults: everything that is wrong; where there is one, nothing is taken in.
        unchanged: how many rows say what is so already.
        unlisted: how many units of the bank the list does not name; they stay as they are.
        paths: of every region by code, as they will be.
        known: the bank as it stands.
    """

    changes: tuple[UnitChange, ...]
    faults: tuple[Fault, ...]
    unchanged: int
    unlisted: int
    paths: Mapping[str, str]
    known: KnownUnits
    unread: tuple[str, ...]

    def of(self, level: UnitLevel, *, is_new: bool) -> tuple[UnitChange, ...]:
        """Return the regions or branches that are added, or those that are changed."""
        return tuple(one for one in self.changes if one.read.level is level and (one.known is None) is is_new)


def unit_changes(session: Session, listed: UnitList) -> UnitChanges:
    """Hold every row of a branch list against the bank."""
    known = known_units(session)
    holding = _Holding(listed, known)
    faults = sorted((*listed.faults, *holding.faults()), key=lambda fault: fault.row)
    changes = tuple(change for unit in listed.units if (change := holding.change(unit)) is not None)
    every = {*known.regions, *known.branches}
    return UnitChanges(
        changes=changes,
        faults=tuple(faults),
        unchanged=len(listed.units) - len(changes),
        unlisted=len(every - listed.mentioned),
        paths=holding.paths,
        known=known,
        unread=listed.unread,
    )


class _Holding:
    """Holds rows against what is known, and the tree of the regions as it will be."""

    def __init__(self, listed: UnitList, known: KnownUnits) -> None:
        self._listed, self._known = listed, known
        listed_regions = {unit.code: unit.parent for unit in listed.units if unit.level is UnitLevel.REGION}
        self._readable = frozenset(unit.code for unit in listed.units)
        self._parents = {code: one.parent for code, one in known.regions.items()} | listed_regions
        self._without_zeros = {
            code.lstrip("0"): code for code in (*known.regions, *known.branches) if code.startswith("0")
        }
        root = next((code for code, one in known.regions.items() if not one.parent), None)
        roots = (code for code, parent in listed_regions.items() if not parent)
        self._root = root or next(roots, None)
        self.paths: dict[str, str] = {}
        for code in self._parents:
            self._walk(code)

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with each row beyond its cells."""
        for unit in self._listed.units:
            yield from self._faults_of_code(unit)
            yield from self._faults_of_parent(unit)

    def change(self, unit: UnitRead) -> UnitChange | None:
        """Return what a row changes; None where all of it is so already."""
        if unit.level is UnitLevel.REGION:
            region = self._known.regions.get(unit.code)
            return self._change(unit, region, (UnitColumn.NAME, UnitColumn.PARENT))
        columns = [UnitColumn.NAME, UnitColumn.PARENT, UnitColumn.KIND]
        if unit.address is not None:
            columns.append(UnitColumn.ADDRESS)
        return self._change(unit, self._known.branches.get(unit.code), columns)

    def _change(
        self, unit: UnitRead, known: KnownRegion | KnownBranch | None, columns: Sequence[UnitColumn]
    ) -> UnitChange | None:
        if known is None:
            return UnitChange(unit, None, {})
        before = {
            column: getattr(known, column.value)
            for column in columns
            if getattr(known, column.value) != getattr(unit, column.value)
        }
        return UnitChange(unit, known, before) if before else None

    def _faults_of_code(self, unit: UnitRead) -> Iterator[Fault]:
        is_region = unit.level is UnitLevel.REGION
        others = self._known.branches if is_region else self._known.regions
        if unit.code in others:
            yield self._listed.fault(unit, UnitColumn.LEVEL, RowFault.OTHER_LEVEL, unit.code)
        elif unit.code not in self._known.regions and unit.code not in self._known.branches:
            whole = self._without_zeros.get(unit.code)
            if whole is not None:
                yield self._listed.fault(unit, UnitColumn.CODE, RowFault.LOST_ZEROS, whole)

    def _faults_of_parent(self, unit: UnitRead) -> Iterator[Fault]:
        what = self._wrong_parent(unit)
        if what is not None:
            yield self._listed.fault(unit, UnitColumn.PARENT, what, unit.parent)

    def _wrong_parent(self, unit: UnitRead) -> RowFault | None:
        if not unit.parent:
            return None if unit.code == self._root else RowFault.SECOND_ROOT
        if unit.parent not in self._parents:
            # Whose own row is wrong is told there, and once.
            return None if self._is_wrong_itself(unit.parent) else RowFault.NO_SUCH_REGION
        if unit.level is not UnitLevel.REGION:
            return None
        path = self.paths.get(unit.code)
        if path is None:
            return RowFault.CIRCLE if self._is_in_circle(unit.code) else None
        return RowFault.TOO_DEEP if len(path) > LONGEST_PATH else None

    def _is_wrong_itself(self, code: str) -> bool:
        return code in self._listed.mentioned and code not in self._readable

    def _is_in_circle(self, code: str) -> bool:
        seen, at = {code}, self._parents.get(code, "")
        while at and at not in seen:
            seen.add(at)
            at = self._parents.get(at, "")
        return at == code

    def _walk(self, code: str) -> None:
        """Find the path of a region and of all above it that have none yet."""
        chain: list[str] = []
        at = code
        while at and at not in self.paths:
            if at in chain or at not in self._parents:
                return
            chain.append(at)
            at = self._parents[at]
        path = self.paths.get(at, "/")
        for one in reversed(chain):
            path = f"{path}{one}/"
            self.paths[one] = path
