"""A recipe: which clauses of an edition a checklist asks, in which mode, and what each of them weighs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from checklists.checklist import DeductionRule
from checklists.handbook import Clause, Edition, Kind, Mode, Occasion, Situation, Text
from checklists.scoring.credits import DEFAULT_SCALE, CountRule, Scale
from checklists.scoring.inspection import VetoScope

DEFAULT_KIND_WEIGHTS: Mapping[Kind, Fraction] = {
    Kind.ACTION: Fraction(2),
    Kind.PHRASE: Fraction(2),
    Kind.DELIVERY: Fraction(1),
    Kind.CONDITION: Fraction(1),
}

DEFAULT_VETO_CAP = 5900
"""The most that a visit keeps when a veto of scope `visit` acted, in hundredths of a point."""


class RecipeError(ValueError):
    """No checklist can be made by this recipe; each of `problems` is a sentence that says why."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep every problem, so that all can be mended at once."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Weights:
    """What clauses, situations and flows weigh; exact, above 0. Those not named weigh 1, clauses by kind.

    Attributes:
        kinds: of a clause by its kind; `clauses` by its code, which goes before the kind.
        situations: by number; `flows` by code.
    """

    kinds: Mapping[Kind, Fraction] = field(default_factory=lambda: DEFAULT_KIND_WEIGHTS)
    clauses: Mapping[str, Fraction] = field(default_factory=dict)
    situations: Mapping[int, Fraction] = field(default_factory=dict)
    flows: Mapping[str, Fraction] = field(default_factory=dict)

    def of_clause(self, code: str, kind: Kind) -> Fraction:
        """Return what a clause weighs."""
        return self.clauses.get(code, self.kinds.get(kind, DEFAULT_KIND_WEIGHTS[kind]))

    def of_situation(self, number: int) -> Fraction:
        """Return what a situation weighs in its flow."""
        return self.situations.get(number, Fraction(1))

    def of_flow(self, code: str) -> Fraction:
        """Return what a flow weighs in the visit."""
        return self.flows.get(code, Fraction(1))


@dataclass(frozen=True, slots=True)
class CountRules:
    """Which clauses are judged over several people, and how these are joined.

    Attributes:
        default: for every clause that can count people; None where one person is judged.
        clauses: by code, going before the default.
    """

    default: CountRule | None = None
    clauses: Mapping[str, CountRule] = field(default_factory=dict)

    def of_clause(self, code: str) -> CountRule | None:
        """Return how the people observed at a clause that can count people are joined."""
        return self.clauses.get(code, self.default)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a checklist is generated from, besides the edition. Documented key by key in docs/recipes.md.

    Attributes:
        edition: the number of the edition whose codes it names.
        budget: the most items, must-haves included.
        situations: the situations wanted, by number, the most important first; all those of `flows` follow.
        brought_about: the most situations that do not come about by themselves; None for any number.
        visit_order: flows in the order in which a visit meets them; standing flows that are not named come
            before them, others after them.
        roles: only situations that one of these staff roles performs are asked; empty for all.
        must_have: situations that are asked in full, whatever the budget leaves to others.
        vetoes: how far a failure reaches, by clause.
        veto_cap: hundredths of a point, 0-10000.
        observations: how several observed people are joined.
        waiting_minutes: how long an inspector stands at a loss before "nobody acted" may be answered.
        minutes_on_site: what a visit must last at least.
    """

    name: str
    edition: str
    mode: Mode
    title: Text
    budget: int
    situations: tuple[int, ...] = ()
    flows: tuple[str, ...] = ()
    brought_about: int | None = None
    visit_order: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    must_have: tuple[int, ...] = ()
    weights: Weights = field(default_factory=Weights)
    vetoes: Mapping[str, VetoScope] = field(default_factory=dict)
    veto_cap: int = DEFAULT_VETO_CAP
    deductions: tuple[DeductionRule, ...] = ()
    scale: Scale = DEFAULT_SCALE
    observations: CountRules = field(default_factory=CountRules)
    waiting_minutes: int = 2
    minutes_on_site: int = 30

    def wanted_situations(self, edition: Edition) -> tuple[int, ...]:
        """Return the situations wanted, by number, each once: must-haves, those named, those of the flows."""
        by_flow = [
            situation.number
            for code in self.flows
            for flow, situation in edition.situations()
            if flow.code == code
        ]
        return tuple(dict.fromkeys((*self.must_have, *self.situations, *by_flow)))

    def asks_role_of(self, situation: Situation) -> bool:
        """Say whether one of the staff roles asked for performs a situation."""
        return not self.roles or bool(set(self.roles).intersection((situation.lead, *situation.performs)))

    def observable(self, situation: Situation) -> tuple[Clause, ...]:
        """Return the clauses that the mode can observe; where no phrase can be heard, its delivery cannot."""
        return with_their_phrase(
            [clause for clause in situation.clauses if self.mode in clause.modes], situation
        )


def with_their_phrase(clauses: Iterable[Clause], situation: Situation) -> tuple[Clause, ...]:
    """Return the clauses without delivery that has lost all the phrases of its situation."""
    kept = tuple(clauses)
    speaks = any(clause.kind is Kind.PHRASE for clause in situation.clauses)
    if not speaks or any(clause.kind is Kind.PHRASE for clause in kept):
        return kept
    return tuple(clause for clause in kept if clause.kind is not Kind.DELIVERY)


def is_brought_about(situation: Situation) -> bool:
    """Say whether a situation asks something of the inspector: to wait for it, act it out or do business."""
    return situation.occasion is not Occasion.ALWAYS
