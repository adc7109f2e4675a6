"""The handbook's nouns: what an edition says, frozen."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Where a text in another language than the edition's own comes from."""

    CONVERTED = "converted"
    TRANSLATED = "translated"


class Kind(StrEnum):
    """What sort of demand a clause makes; `condition` stands in standing flows only."""

    ACTION = "action"
    PHRASE = "phrase"
    DELIVERY = "delivery"
    CONDITION = "condition"


class Provenance(StrEnum):
    """Whether a standard was taken from the source handbook or written after it."""

    SOURCE = "source"
    DERIVED = "derived"


class Occasion(StrEnum):
    """How a situation comes about on a visit: by itself, by waiting, by acting, or by doing business."""

    ALWAYS = "always"
    WAIT = "wait"
    BRING_ABOUT = "bring_about"
    TRANSACTION = "transaction"


class Mode(StrEnum):
    """The way in which a branch is inspected."""

    MYSTERY = "mystery"
    OPEN = "open"
    PHONE = "phone"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Rendering:
    """A text in one language that is not the edition's own."""

    language: str
    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the edition's own language, with its renderings in others."""

    own: str
    renderings: tuple[Rendering, ...] = ()

    def in_language(self, language: str) -> str:
        """Return the rendering in `language`; the own text where there is none."""
        for rendering in self.renderings:
            if rendering.language == language:
                return rendering.text
        return self.own

    def in_script_of(self, language: str) -> str:
        """Return the own words, which staff are to say, in the script of `language`; never a translation."""
        for rendering in self.renderings:
            if rendering.language == language and rendering.origin is Origin.CONVERTED:
                return rendering.text
        return self.own


@dataclass(frozen=True, slots=True)
class StaffRole:
    """A post named by the edition, by its code."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Clause:
    """One observable demand of a situation's standard.

    Attributes:
        code: stable in the edition's lineage and never used twice, such as `S06.A1`.
        text: the demand as a short observable statement.
        question: the neutral question put to the inspector.
        wordings: of a phrase, the ways to say it that may replace each other; `…` is a blank.
        elements: of a phrase, the parts listened for one by one; at least one.
        guidance: where the borderline lies between met, partly and not met.
        shortfalls: what falling short looks like, offered to the inspector as reasons.
        modes: the modes in which the clause can be observed at all.
        counts_people: several people may be judged at once (n of m).
    """

    code: str
    kind: Kind
    text: Text
    provenance: Provenance
    question: Text
    wordings: tuple[Text, ...] = ()
    elements: tuple[Text, ...] = ()
    guidance: Text | None = None
    shortfalls: tuple[Text, ...] = ()
    modes: tuple[Mode, ...] = tuple(Mode)
    counts_people: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """A numbered moment of service with its standard.

    Attributes:
        number: 1 and up; from 901 in standing flows.
        cue: what happens that calls for the standard.
        lead: the one staff role that answers for it; `leads_with` those named beside it.
        lead_provenance: `derived` where the handbook names several leads or none.
        performs: the roles that may serve, `lead` included.
        key_points: the flow's control points that concern this moment.
        occasion: how it comes about on a visit.
        needs_account: an account or card of the inspector's own is needed.
        instructions: what the inspector does or watches for, by mode.
        excludes: numbers of situations that do not fit into the same visit.
    """

    number: int
    name: Text
    cue: Text
    provenance: Provenance
    lead: str
    lead_provenance: Provenance
    performs: tuple[str, ...]
    occasion: Occasion
    clauses: tuple[Clause, ...]
    leads_with: tuple[str, ...] = ()
    manages: tuple[str, ...] = ()
    key_points: tuple[Text, ...] = ()
    needs_account: bool = False
    instructions: tuple[tuple[Mode, Text], ...] = ()
    excludes: tuple[int, ...] = ()

    @property
    def code(self) -> str:
        """The part of its clauses' codes before the dot, such as `S06`."""
        return self.clauses[0].code.partition(".")[0]

    def instruction(self, mode: Mode) -> Text:
        """Return what to do or watch for in `mode`; the cue where nothing else is said."""
        return dict(self.instructions).get(mode, self.cue)


@dataclass(frozen=True, slots=True)
class Flow:
    """One of the handbook's service flows; a standing flow is judged on every visit without a cue."""

    code: str
    name: Text
    description: Text
    situations: tuple[Situation, ...]
    key_points: tuple[Text, ...] = ()
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """A frozen, numbered edition of a service handbook, in one language of its own."""

    number: str
    language: str
    title: Text
    roles: tuple[StaffRole, ...]
    flows: tuple[Flow, ...]

    def situations(self) -> Iterator[tuple[Flow, Situation]]:
        """Yield every situation with its flow, in the edition's order."""
        for flow in self.flows:
            for situation in flow.situations:
                yield flow, situation

    def role_name(self, code: str) -> Text:
        """Return the name of a staff role.

        Raises:
            KeyError: the edition names no such role.
        """
        return {role.code: role.name for role in self.roles}[code]
