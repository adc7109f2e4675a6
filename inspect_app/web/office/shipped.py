"""The checklists of the shipped recipes, drawn once."""

from functools import cache

from checklists.checklist import Checklist
from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.recipe_loading import shipped_recipe


@cache
def drawn(recipe: str) -> Checklist:
    """Return the checklist that a shipped recipe draws from the shipped edition.

    Raises:
        RecipeError: no recipe of this name is shipped.
    """
    return generate(shipped_edition(), shipped_recipe(recipe))
