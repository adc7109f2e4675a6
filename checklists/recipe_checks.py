"""What keeps a recipe from making a checklist of an edition: every problem, with the key it stands under."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from checklists.handbook import Edition, Situation
from checklists.recipe import Recipe, is_brought_about
from checklists.scoring.inspection import FULL_SCORE


@dataclass(frozen=True, slots=True)
class RecipeProblem:
    """Something that must be mended; `path` leads through the recipe's keys to where it stands."""

    path: tuple[str, ...]
    sentence: str


def find_problems(recipe: Recipe, edition: Edition) -> tuple[RecipeProblem, ...]:
    """Return every problem of a recipe, in the order of its keys; none if a checklist can be drawn."""
    checks: tuple[Callable[[Recipe, Edition], Iterable[RecipeProblem]], ...] = (
        _wrong_edition,
        _wrong_numbers,
        _unknown_names,
        _unknown_clauses,
        _wrong_weights,
    )
    problems = tuple(problem for check in checks for problem in check(recipe, edition))
    return problems or tuple(_too_much(recipe, edition))


def _wrong_edition(recipe: Recipe, edition: Edition) -> Iterator[RecipeProblem]:
    if recipe.edition != edition.number:
        yield RecipeProblem(
            ("edition",),
            f"the recipe is for edition {recipe.edition}, the handbook is edition {edition.number}",
        )


def _wrong_numbers(recipe: Recipe, _edition: Edition) -> Iterator[RecipeProblem]:
    least = {
        "budget": (recipe.budget, 1),
        "brought_about": (recipe.brought_about, 0),
        "waiting_minutes": (recipe.waiting_minutes, 0),
        "minutes_on_site": (recipe.minutes_on_site, 0),
    }
    for key, (number, lowest) in least.items():
        if number is not None and number < lowest:
            yield RecipeProblem((key,), f"{key} is {number}, but must be at least {lowest}")
    if not 0 <= recipe.veto_cap <= FULL_SCORE:
        yield RecipeProblem(
            ("veto_cap",), f"veto_cap is {recipe.veto_cap}, but must be from 0 to {FULL_SCORE}"
        )
    if not (recipe.situations or recipe.flows or recipe.must_have):
        yield RecipeProblem(("situations",), "the recipe names no situation and no flow to ask about")
    for rule in recipe.deductions:
        if rule.points < 0:
            yield RecipeProblem(
                ("deductions", rule.code), f"deduction {rule.code} has {rule.points} points, below 0"
            )


def _unknown_names(recipe: Recipe, edition: Edition) -> Iterator[RecipeProblem]:
    """Yield each flow, situation and role that the edition does not have, and each that is listed twice."""
    flows = {flow.code for flow in edition.flows}
    situations = {str(situation.number) for _, situation in edition.situations()}
    roles = {role.code for role in edition.roles}
    lists: tuple[tuple[tuple[str, ...], str, Iterable[object], set[str]], ...] = (
        (("situations",), "situation", recipe.situations, situations),
        (("flows",), "flow", recipe.flows, flows),
        (("must_have",), "situation", recipe.must_have, situations),
        (("visit_order",), "flow", recipe.visit_order, flows),
        (("roles",), "staff role", recipe.roles, roles),
        (("weights", "situations"), "situation", recipe.weights.situations, situations),
        (("weights", "flows"), "flow", recipe.weights.flows, flows),
    )
    for path, noun, names, known in lists:
        seen: set[str] = set()
        for name in map(str, names):
            if name not in known:
                yield RecipeProblem((*path, name), f"edition {edition.number} has no {noun} {name}")
            if name in seen:
                yield RecipeProblem((*path, name), f"{noun} {name} stands twice under {path[-1]}")
            seen.add(name)


def _unknown_clauses(recipe: Recipe, edition: Edition) -> Iterator[RecipeProblem]:
    clauses = {clause.code: clause for _, situation in edition.situations() for clause in situation.clauses}
    named = (
        (("weights", "clauses"), recipe.weights.clauses),
        (("vetoes",), recipe.vetoes),
        (("observations", "clauses"), recipe.observations.clauses),
    )
    for path, codes in named:
        for code in codes:
            if code not in clauses:
                yield RecipeProblem((*path, code), f"edition {edition.number} has no clause {code}")
    for code in recipe.observations.clauses:
        if code in clauses and not clauses[code].counts_people:
            yield RecipeProblem(
                ("observations", "clauses", code),
                f"clause {code} is judged of one person, so it has no rule for several",
            )


def _wrong_weights(recipe: Recipe, _edition: Edition) -> Iterator[RecipeProblem]:
    weights = recipe.weights
    for key, by_name in (
        ("kinds", {str(kind): weight for kind, weight in weights.kinds.items()}),
        ("clauses", weights.clauses),
        ("situations", {str(number): weight for number, weight in weights.situations.items()}),
        ("flows", weights.flows),
    ):
        for name, weight in by_name.items():
            if weight <= 0:
                yield RecipeProblem(
                    ("weights", key, name), f"{name} weighs {weight}, but must weigh more than 0"
                )


def _too_much(recipe: Recipe, edition: Edition) -> Iterator[RecipeProblem]:
    """Yield what keeps the must-haves from standing on one checklist."""
    situations = {situation.number: situation for _, situation in edition.situations()}
    wanted = [situations[number] for number in recipe.must_have if recipe.asks_role_of(situations[number])]
    items = sum(len(recipe.observable(situation)) for situation in wanted)
    if items > recipe.budget:
        yield RecipeProblem(
            ("budget",),
            f"the must-haves hold {items} items, more than the budget of {recipe.budget}: "
            "raise the budget or take a situation out of must_have",
        )
    cues = sum(is_brought_about(situation) for situation in wanted if recipe.observable(situation))
    if recipe.brought_about is not None and cues > recipe.brought_about:
        yield RecipeProblem(
            ("must_have",),
            f"{cues} of the must-haves must be waited for or brought about, "
            f"more than the {recipe.brought_about} of brought_about",
        )
    for situation in wanted:
        yield from _clashes(situation, wanted)


def _clashes(situation: Situation, others: Iterable[Situation]) -> Iterator[RecipeProblem]:
    for other in others:
        if situation.number < other.number and exclude_each_other(situation, other):
            yield RecipeProblem(
                ("must_have", str(other.number)),
                f"situations {situation.number} and {other.number} do not fit into the same visit",
            )


def exclude_each_other(one: Situation, other: Situation) -> bool:
    """Say whether two situations do not fit into the same visit, whichever of them says so."""
    return other.number in one.excludes or one.number in other.excludes
