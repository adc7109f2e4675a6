"""A branch list is taken in: units are added and changed, all of it or nothing; nothing is ever deleted."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from checklists.json_values import Json
from inspect_app.errors import IncompleteError
from inspect_app.importers.unit_lists import UnitColumn, UnitLevel
from inspect_app.models.base import new_id
from inspect_app.models.journal import JournalEntry
from inspect_app.models.organisation import Branch, Region
from inspect_app.queries.unit_changes import UnitChange, UnitChanges
from inspect_app.services import journal
from inspect_app.services.flushing import conflict_if_stale
from inspect_app.services.journal import Actor, Change, entry_columns
from inspect_app.services.name_keys import name_key
from inspect_app.services.writing import change_rows, write_rows

Row = dict[str, object]


def take_in_units(
    session: Session, actor: Actor, changes: UnitChanges, *, digest: str, now: datetime
) -> None:
    """Add and change what a branch list adds and changes; where that is nothing, nothing is written.

    Targets of waves keep the path that they were opened with; who may see a branch follows the tree of today.

    Args:
        digest: the SHA-256 of the file, by which the journal names it.

    Raises:
        IncompleteError: something in the list is wrong.
        ConflictError: somebody else added one of its units at this very moment.
    """
    if changes.faults:
        raise IncompleteError("the branch list has faults", tuple(one.address for one in changes.faults))
    if not changes.changes:
        return
    regions = {code: one.id for code, one in changes.known.regions.items()}
    regions |= {one.read.code: new_id() for one in changes.of(UnitLevel.REGION, is_new=True)}
    branches = {code: one.id for code, one in changes.known.branches.items()}
    branches |= {one.read.code: new_id() for one in changes.of(UnitLevel.BRANCH, is_new=True)}
    with conflict_if_stale("the bank was changed"):
        _write_regions(session, changes, regions)
        _write_branches(session, changes, branches, regions)
    ids = {UnitLevel.REGION: regions, UnitLevel.BRANCH: branches}
    entries = (_entry(actor, one, ids[one.read.level][one.read.code], now) for one in changes.changes)
    write_rows(session, JournalEntry, [entry | {"id": new_id()} for entry in entries])
    # What was written at once is not what the session has read before.
    session.expire_all()
    details: dict[str, Json] = dict(_counts(changes))
    journal.record(session, actor, "take_in_branches", "branch_list", digest, now=now, details=details)


def _write_regions(session: Session, changes: UnitChanges, ids: Mapping[str, uuid.UUID]) -> None:
    paths = changes.paths
    new = sorted(changes.of(UnitLevel.REGION, is_new=True), key=lambda one: paths[one.read.code])
    write_rows(
        session,
        Region,
        [
            {
                "id": ids[one.read.code],
                "code": one.read.code,
                "name": one.read.name,
                "name_key": name_key(one.read.name),
                "parent_id": ids.get(one.read.parent),
                "path": paths[one.read.code],
            }
            for one in new
        ],
    )
    changed = {
        ids[one.read.code]: {
            "name": one.read.name,
            "name_key": name_key(one.read.name),
            "parent_id": ids.get(one.read.parent),
        }
        for one in changes.of(UnitLevel.REGION, is_new=False)
    }
    change_rows(session, Region, changed)
    known = changes.known.regions.values()
    moved = {one.id: {"path": paths[one.code]} for one in known if paths[one.code] != one.path}
    change_rows(session, Region, moved)


def _write_branches(
    session: Session, changes: UnitChanges, ids: Mapping[str, uuid.UUID], regions: Mapping[str, uuid.UUID]
) -> None:
    new = changes.of(UnitLevel.BRANCH, is_new=True)
    rows = [_branch(one, regions) | {"id": ids[one.read.code], "code": one.read.code} for one in new]
    write_rows(session, Branch, rows)
    changed = changes.of(UnitLevel.BRANCH, is_new=False)
    change_rows(session, Branch, {ids[one.read.code]: _branch(one, regions) for one in changed})


def _branch(change: UnitChange, regions: Mapping[str, uuid.UUID]) -> Row:
    read, kept = change.read, getattr(change.known, "address", "")
    return {
        "name": read.name,
        "name_key": name_key(read.name),
        "kind": read.kind,
        "address": kept if read.address is None else read.address,
        "region_id": regions[read.parent],
    }


def _entry(actor: Actor, change: UnitChange, unit_id: uuid.UUID, now: datetime) -> Row:
    subject = change.read.level.value
    if change.known is None:
        return entry_columns(actor, f"add_{subject}", subject, str(unit_id), now, Change())
    before, after = change.before.get(UnitColumn.PARENT), change.after.get(UnitColumn.PARENT)
    told = Change(before, after, details={"changed": [column.value for column in change.before]})
    return entry_columns(actor, f"change_{subject}", subject, str(unit_id), now, told)


def _counts(changes: UnitChanges) -> Iterator[tuple[str, int]]:
    for level in UnitLevel:
        yield f"{level.value}_added", len(changes.of(level, is_new=True))
        yield f"{level.value}_changed", len(changes.of(level, is_new=False))
