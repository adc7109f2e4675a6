"""What a list of the bank comes to, as a page shows it: a line for each change and for each fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask_babel import gettext as _

from inspect_app.importers.lists import Fault
from inspect_app.labels.lists import column_word, fault_in
from inspect_app.models.people import UserKind
from inspect_app.queries.people_changes import PeopleChanges
from inspect_app.queries.unit_changes import UnitChanges
from inspect_app.web.languages import current_language
from inspect_app.web.words import word

SHOWN = 200
"""How many lines of each kind a page shows; the rest is counted."""

Column = TypeVar("Column", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One row that adds or changes something; `change` is empty where it adds."""

    row: int
    key: str
    name: str
    change: str


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list against the bank.

    Attributes:
        new, changed: the first rows that add and that change something; the counts are of all.
        faults: the first cells that are wrong, each with its sentence.
        unlisted: how many units the list does not name; None for people.
    """

    new: Sequence[ShownChange]
    changed: Sequence[ShownChange]
    count_new: int
    count_changed: int
    unchanged: int
    unlisted: int | None
    faults: Sequence[tuple[str, str]]
    count_faults: int
    unread: Sequence[str]


def shown_units(changes: UnitChanges) -> ShownList:
    """Return what a branch list comes to."""
    new = [one for one in changes.changes if one.known is None]
    changed = [one for one in changes.changes if one.known is not None]
    return ShownList(
        new=[ShownChange(one.read.row, one.read.code, one.read.name, "") for one in new[:SHOWN]],
        changed=[
            ShownChange(one.read.row, one.read.code, one.read.name, _told(one.before, one.after))
            for one in changed[:SHOWN]
        ],
        count_new=len(new),
        count_changed=len(changed),
        unchanged=changes.unchanged,
        unlisted=changes.unlisted,
        faults=faults_shown(changes.faults),
        count_faults=len(changes.faults),
        unread=changes.unread,
    )


def shown_people(changes: PeopleChanges) -> ShownList:
    """Return what a people list comes to."""
    return ShownList(
        new=[ShownChange(one.read.row, one.read.username, one.read.name, "") for one in changes.new[:SHOWN]],
        changed=[
            ShownChange(one.read.row, one.read.username, one.read.name, _told(one.before, one.after))
            for one in changes.changed[:SHOWN]
        ],
        count_new=len(changes.new),
        count_changed=len(changes.changed),
        unchanged=changes.unchanged,
        unlisted=None,
        faults=faults_shown(changes.faults),
        count_faults=len(changes.faults),
        unread=changes.unread,
    )


def faults_shown(faults: Sequence[Fault]) -> Sequence[tuple[str, str]]:
    """Return the first faults, each as its cell and its sentence."""
    return [(one.address, fault_in(one, current_language())) for one in faults[:SHOWN]]


def _told(before: Mapping[Column, str], after: Mapping[Column, str]) -> str:
    parts = [f"{_(column_word(one))} {_value(before[one])} → {_value(after[one])}" for one in before]
    return _("；").join(parts)


def _value(value: str) -> str:
    return word(value) if isinstance(value, UserKind) else value or "—"
