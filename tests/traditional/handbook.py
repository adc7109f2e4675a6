"""The shipped edition and recipes in traditional Chinese: a text a line, behind its simplified form."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from checklists.conversion import TRADITIONAL
from checklists.edition_loading import shipped_edition
from checklists.handbook import Text
from checklists.recipe_loading import shipped_recipe, shipped_recipe_names
from tests.architecture.places import ROOT
from tests.traditional.conversion import traditional

STORED = ROOT / "checklists" / "conversions" / f"{TRADITIONAL}.txt"


def conversions() -> str:
    """Return the stored file as it has to be."""
    return "".join(f"{text.own}\t{traditional(text.own)}\n" for text in shipped_texts())


def shipped_texts() -> tuple[Text, ...]:
    """Return every text that is shipped, each own text once, in the order of the handbook."""
    shipped = (shipped_edition(), *map(shipped_recipe, shipped_recipe_names()))
    return tuple({text.own: text for text in _texts(shipped)}.values())


def _texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for member in value:
            yield from _texts(member)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
