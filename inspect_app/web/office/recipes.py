"""The recipes: what each of them asks, how long that takes, what it leaves out and why."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from flask import render_template, send_file
from flask.typing import ResponseReturnValue

from checklists.checklist import Checklist, LeavingOut
from checklists.edition_loading import shipped_edition
from checklists.handbook import Text
from checklists.recipe import Recipe, is_brought_about
from checklists.recipe_loading import shipped_recipe, shipped_recipe_names
from inspect_app.errors import NotFoundError
from inspect_app.labels.paper import paper_words
from inspect_app.permissions import Action
from inspect_app.web.access import requires
from inspect_app.web.languages import current_language
from inspect_app.web.office import pages
from inspect_app.web.office.shipped import drawn
from reports.checklist_paper import checklist_workbook

NO_MOMENT = datetime(1980, 1, 1, tzinfo=UTC)
"""A checklist has no moment of its own: its file is the same whenever it is made."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BAR = 400


@dataclass(frozen=True, slots=True)
class FlowShare:
    """How much of a flow a recipe asks.

    Attributes:
        situations: how many of `of` are asked, with `items` items.
        start, width: its piece of the bar that stands for the budget, in units of the drawing.
    """

    name: Text
    situations: int
    of: int
    items: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class RecipeSheet:
    """A recipe with the checklist that it draws.

    Attributes:
        cues: how many situations the inspector must wait for or bring about.
        free: how many more items the budget would take.
        left_out: how many clauses are left out for each reason, the most frequent first.
    """

    recipe: Recipe
    checklist: Checklist
    flows: tuple[FlowShare, ...]
    cues: int
    free: int
    left_out: Mapping[LeavingOut, int]


@pages.get("/office/recipes")
@requires(Action.RUN_WAVE)
def recipes_page() -> ResponseReturnValue:
    """List the shipped recipes."""
    return render_template(
        "office/recipes.html",
        sheets=[_sheet(name) for name in shipped_recipe_names()],
        language=current_language(),
    )


@pages.get("/office/recipes/<name>")
@requires(Action.RUN_WAVE)
def recipe_page(name: str) -> ResponseReturnValue:
    """Show one recipe with every item, and what is left out."""
    return render_template(
        "office/recipe.html",
        sheet=_sheet(_known(name)),
        edition=shipped_edition(),
        language=current_language(),
    )


@pages.get("/office/recipes/<name>.xlsx")
@requires(Action.RUN_WAVE)
def recipe_paper(name: str) -> ResponseReturnValue:
    """Give the checklist as a workbook to be printed."""
    checklist, language = drawn(_known(name)), current_language()
    paper = checklist_workbook(checklist, language, paper_words(language), NO_MOMENT)
    return send_file(
        BytesIO(paper),
        mimetype=XLSX,
        as_attachment=True,
        download_name=f"{checklist.title.in_language(language)}.xlsx",
    )


def _known(name: str) -> str:
    if name not in shipped_recipe_names():
        raise NotFoundError(f"recipe {name}")
    return name


def _sheet(name: str) -> RecipeSheet:
    recipe, checklist, edition = shipped_recipe(name), drawn(name), shipped_edition()
    by_number = {situation.number: situation for _flow, situation in edition.situations()}
    reasons = Counter(clause.reason for clause in checklist.left_out)
    return RecipeSheet(
        recipe=recipe,
        checklist=checklist,
        flows=_shares(recipe, checklist),
        cues=sum(is_brought_about(by_number[section.situation]) for section in checklist.sections),
        free=recipe.budget - checklist.item_count,
        left_out=dict(reasons.most_common()),
    )


def _shares(recipe: Recipe, checklist: Checklist) -> tuple[FlowShare, ...]:
    shares, start = [], 0.0
    for flow in sorted(shipped_edition().flows, key=lambda one: recipe.visit_order.index(one.code)):
        asked = [section for section in checklist.sections if section.flow == flow.code]
        items = sum(len(section.items) for section in asked)
        width = BAR * items / recipe.budget
        shares.append(
            FlowShare(
                name=flow.name,
                situations=len(asked),
                of=len(flow.situations),
                items=items,
                start=round(start, 1),
                width=round(max(0.0, width - 2), 1),
            )
        )
        start += width
    return tuple(shares)
