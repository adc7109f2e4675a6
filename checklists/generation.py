"""How a checklist is drawn from an edition by a recipe: the same two always give the same checklist."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from checklists.checklist import Checklist, Item, LeavingOut, LeftOutClause, Section
from checklists.content import content_hash
from checklists.handbook import Clause, Edition, Flow, Kind, Mode, Situation
from checklists.recipe import Recipe, RecipeError, is_brought_about, with_their_phrase
from checklists.recipe_checks import exclude_each_other, find_problems

SECONDS_A_SECTION = 15
"""What reading a situation and answering its gate takes."""

SECONDS_AN_ITEM = 20
"""What one item takes, its proof included, on average."""

_WORDS_FIRST = (Kind.PHRASE, Kind.ACTION, Kind.DELIVERY, Kind.CONDITION)
_RECALLED = (Mode.MYSTERY, Mode.PHONE)
_SIGHT_FIRST = (Kind.CONDITION, Kind.ACTION, Kind.PHRASE, Kind.DELIVERY)
_UNSEEN = LeavingOut.MODE_CANNOT_OBSERVE


def generate(edition: Edition, recipe: Recipe) -> Checklist:
    """Draw a checklist, with the reason for every clause of the edition that is not on it.

    Raises:
        RecipeError: the recipe names what the edition does not have, contradicts itself, or its budget is too
            small for its must-haves.

    Source:
        docs/recipes.md, "How a checklist is drawn".
    """
    problems = find_problems(recipe, edition)
    if problems:
        raise RecipeError(problem.sentence for problem in problems)
    draw = _draw(edition, recipe)
    sections = tuple(
        _section(flow, situation, draw.clauses[situation.number], recipe)
        for flow, situation in _in_visit_order(edition, recipe.visit_order)
        if situation.number in draw.clauses
    )
    checklist = Checklist(
        edition=edition.number,
        recipe=recipe.name,
        title=recipe.title,
        mode=recipe.mode,
        language=edition.language,
        roles=edition.roles,
        sections=sections,
        left_out=_left_out(edition, draw),
        minutes=_minutes(sections),
        minutes_on_site=recipe.minutes_on_site,
        waiting_minutes=recipe.waiting_minutes,
        veto_cap=recipe.veto_cap,
        deductions=recipe.deductions,
        scale=recipe.scale,
        hash="",
    )
    return replace(checklist, hash=content_hash(checklist))


@dataclass(slots=True)
class _Draw:
    """What has been taken so far: the clauses by situation, and why the others were not."""

    taken: list[Situation]
    clauses: dict[int, tuple[Clause, ...]]
    reasons: dict[str, LeavingOut]
    room: int
    cues: int

    def refuse(self, clauses: Iterable[Clause], reason: LeavingOut) -> None:
        """Leave clauses out; the first reason given holds."""
        for clause in clauses:
            self.reasons.setdefault(clause.code, reason)

    def take(self, situation: Situation, clauses: Sequence[Clause]) -> None:
        """Put a situation on the checklist with these clauses, if there are any."""
        if not clauses:
            return
        self.taken.append(situation)
        self.clauses[situation.number] = tuple(clauses)
        self.room -= len(clauses)
        self.cues += is_brought_about(situation)


def _draw(edition: Edition, recipe: Recipe) -> _Draw:
    """Take the must-haves, then the situations in the recipe's order, as far as they fit."""
    draw = _Draw(taken=[], clauses={}, reasons={}, room=recipe.budget, cues=0)
    situations = {situation.number: situation for _, situation in edition.situations()}
    wanted = recipe.wanted_situations(edition)
    for number in wanted:
        _consider(situations[number], recipe, draw)
    for number in situations.keys() - set(wanted):
        draw.refuse(situations[number].clauses, LeavingOut.NOT_ASKED_FOR)
    return draw


def _consider(situation: Situation, recipe: Recipe, draw: _Draw) -> None:
    """Take of one situation what can be asked, and say of the rest why not."""
    if not recipe.asks_role_of(situation):
        return draw.refuse(situation.clauses, LeavingOut.ROLE_NOT_ASKED_FOR)
    observable = recipe.observable(situation)
    obstacle = _obstacle(situation, recipe, draw)
    if observable and obstacle is None:
        ordered = sorted(observable, key=lambda clause: _heaviest_first(clause, recipe))
        draw.take(situation, with_their_phrase(ordered[: draw.room], situation))
    taken = draw.clauses.get(situation.number, ())
    draw.refuse((clause for clause in situation.clauses if clause not in observable), _UNSEEN)
    draw.refuse((clause for clause in observable if clause not in taken), obstacle or LeavingOut.BUDGET)
    return None


def _obstacle(situation: Situation, recipe: Recipe, draw: _Draw) -> LeavingOut | None:
    """Return what keeps a situation off the checklist as a whole; None where nothing does."""
    if any(exclude_each_other(situation, other) for other in draw.taken):
        return LeavingOut.EXCLUDED
    if not draw.room:
        return LeavingOut.BUDGET
    if is_brought_about(situation) and recipe.brought_about is not None and draw.cues >= recipe.brought_about:
        return LeavingOut.TOO_MUCH_TO_REMEMBER
    return None


def _heaviest_first(clause: Clause, recipe: Recipe) -> tuple[Fraction, tuple[str | int, ...]]:
    return -recipe.weights.of_clause(clause.code, clause.kind), _code_order(clause.code)


def _code_order(code: str) -> tuple[str | int, ...]:
    """Return what codes are sorted by: S06.A2 stands before S06.A10."""
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", code))


def _in_visit_order(edition: Edition, visit_order: Sequence[str]) -> list[tuple[Flow, Situation]]:
    """Return all situations as a visit meets them, within a flow as the edition has them."""
    places = {code: place for place, code in enumerate(visit_order)}

    def place(pair: tuple[Flow, Situation]) -> int:
        flow = pair[0]
        return places.get(flow.code, -1 if flow.standing else len(places))

    return sorted(edition.situations(), key=place)


def _section(flow: Flow, situation: Situation, clauses: Iterable[Clause], recipe: Recipe) -> Section:
    order = _WORDS_FIRST if recipe.mode in _RECALLED else _SIGHT_FIRST
    in_order = sorted(clauses, key=lambda clause: (order.index(clause.kind), _code_order(clause.code)))
    return Section(
        code=situation.code,
        flow=flow.code,
        flow_name=flow.name,
        flow_weight=recipe.weights.of_flow(flow.code),
        situation=situation.number,
        name=situation.name,
        situation_weight=recipe.weights.of_situation(situation.number),
        cue=situation.cue,
        instruction=situation.instruction(recipe.mode),
        occasion=situation.occasion,
        lead=situation.lead,
        roles=tuple(dict.fromkeys((situation.lead, *situation.performs))),
        items=tuple(_item(clause, recipe) for clause in in_order),
        provenance=situation.provenance,
        standing=flow.standing,
        needs_account=situation.needs_account,
        key_points=situation.key_points,
    )


def _item(clause: Clause, recipe: Recipe) -> Item:
    """Copy what must not change from a clause; a phrase without elements is listened for as a whole."""
    is_phrase = clause.kind is Kind.PHRASE
    whole = (clause.wordings or (clause.text,))[:1] if is_phrase else ()
    counts_people = clause.counts_people and not is_phrase
    return Item(
        code=clause.code,
        kind=clause.kind,
        question=clause.question,
        standard=clause.text,
        provenance=clause.provenance,
        weight=recipe.weights.of_clause(clause.code, clause.kind),
        veto=recipe.vetoes.get(clause.code),
        counted=recipe.observations.of_clause(clause.code) if counts_people else None,
        wordings=clause.wordings,
        elements=clause.elements or whole,
        guidance=clause.guidance,
        shortfalls=clause.shortfalls,
    )


def _left_out(edition: Edition, draw: _Draw) -> tuple[LeftOutClause, ...]:
    return tuple(
        LeftOutClause(clause.code, draw.reasons[clause.code])
        for _, situation in edition.situations()
        for clause in situation.clauses
        if clause.code in draw.reasons
    )


def _minutes(sections: Sequence[Section]) -> int:
    """Estimate how long filling in takes, in whole minutes rounded half up, at least one.

    Source:
        docs/recipes.md, "Minutes".
    """
    items = sum(len(section.items) for section in sections)
    seconds = SECONDS_A_SECTION * len(sections) + SECONDS_AN_ITEM * items
    return max(1, (seconds + 30) // 60)
