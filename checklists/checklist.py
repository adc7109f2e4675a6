"""A checklist: frozen sections and items, drawn from an edition by a recipe, known by its content's hash."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from checklists.handbook import Kind, Mode, Occasion, Provenance, StaffRole, Text
from checklists.scoring.credits import CountRule, Scale
from checklists.scoring.inspection import VetoScope


@dataclass(frozen=True, slots=True)
class DeductionRule:
    """Conduct that costs points off the total; `points` in hundredths of a point."""

    code: str
    name: Text
    points: int


@dataclass(frozen=True, slots=True)
class Item:
    """One clause as this checklist asks for it; everything that must not change is copied from the clause.

    Attributes:
        standard: the clause's own statement, shown beside the question.
        weight: exact, above 0.
        veto: how far a credit of 0 reaches; None for an ordinary item.
        counted: how several observed people are joined; None where one person is judged.
    """

    code: str
    kind: Kind
    question: Text
    standard: Text
    provenance: Provenance
    weight: Fraction
    veto: VetoScope | None = None
    counted: CountRule | None = None
    wordings: tuple[Text, ...] = ()
    elements: tuple[Text, ...] = ()
    guidance: Text | None = None
    shortfalls: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One situation on a checklist; `roles` are the staff roles that may have served, the lead first."""

    code: str
    flow: str
    flow_name: Text
    flow_weight: Fraction
    situation: int
    name: Text
    situation_weight: Fraction
    cue: Text
    instruction: Text
    occasion: Occasion
    lead: str
    roles: tuple[str, ...]
    items: tuple[Item, ...]
    provenance: Provenance
    standing: bool = False
    needs_account: bool = False
    key_points: tuple[Text, ...] = ()


class LeavingOut(StrEnum):
    """Why a clause of the edition is not on a checklist."""

    NOT_ASKED_FOR = "not_asked_for"
    MODE_CANNOT_OBSERVE = "mode_cannot_observe"
    ROLE_NOT_ASKED_FOR = "role_not_asked_for"
    TOO_MUCH_TO_REMEMBER = "too_much_to_remember"
    EXCLUDED = "excluded"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class LeftOutClause:
    """A clause that is not on the checklist, and why."""

    code: str
    reason: LeavingOut


@dataclass(frozen=True, slots=True)
class Checklist:
    """A frozen set of sections and items. Two checklists with the same `hash` ask the same things.

    Attributes:
        language: the edition's own; the hash covers texts in it alone.
        sections: in the order in which a visit meets them.
        minutes: how long filling it in takes, in whole minutes, estimated (docs/recipes.md, "Minutes").
        minutes_on_site: what a visit must last at least; a shorter one is flagged.
        waiting_minutes: how long an inspector stands at a loss before "nobody acted" may be answered.
        veto_cap: hundredths of a point (0-10000), the most a visit keeps when a visit veto acted.
    """

    edition: str
    recipe: str
    title: Text
    mode: Mode
    language: str
    roles: tuple[StaffRole, ...]
    sections: tuple[Section, ...]
    left_out: tuple[LeftOutClause, ...]
    minutes: int
    minutes_on_site: int
    waiting_minutes: int
    veto_cap: int
    deductions: tuple[DeductionRule, ...]
    scale: Scale
    hash: str

    def __hash__(self) -> int:
        """Return the same for equal checklists, without reading one whole: they are looked up by it often."""
        return hash(self.hash)

    def section(self, code: str) -> Section | None:
        """Return the section with this code (`S06`), or None."""
        return next((section for section in self.sections if section.code == code), None)

    def role_name(self, code: str) -> Text:
        """Return the name of a staff role.

        Raises:
            KeyError: the checklist's edition names no such role.
        """
        return {role.code: role.name for role in self.roles}[code]

    @property
    def item_count(self) -> int:
        """How many items it asks."""
        return sum(len(section.items) for section in self.sections)
