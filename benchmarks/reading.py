"""How long the shipped edition takes to load and a form to read; prints a table, and the same as JSON."""

import json
from collections.abc import Callable
from importlib.resources import files
from timeit import repeat

from checklists.answers import parse
from checklists.checklist import Checklist
from checklists.edition_loading import load_edition, shipped_edition
from checklists.generation import generate
from checklists.recipe_loading import shipped_recipe

RECIPE = "open"
"""The shipped recipe with the most items: 60."""

REPEATS = 5


def main() -> None:
    """Time loading the edition, and reading a form with only its gates answered, in milliseconds."""
    checklist = generate(shipped_edition(), shipped_recipe(RECIPE))
    milliseconds = {
        "load_edition": milliseconds_of(lambda: load_edition(files("checklists") / "standards"), rounds=1),
        "parse": milliseconds_of(reader_of(checklist), rounds=20),
    }
    for name, taken in milliseconds.items():
        print(f"{name:14}{taken:8.1f} ms")
    print(json.dumps({"items": checklist.item_count, "milliseconds": milliseconds}))


def reader_of(checklist: Checklist) -> Callable[[], object]:
    """Return what reads a form whose every section is said to have occurred."""
    fields = [(f"{section.code}.gate", "occurred") for section in checklist.sections]
    return lambda: parse(checklist, fields)


def milliseconds_of(call: Callable[[], object], rounds: int) -> float:
    """Return the best of a few runs, to a tenth: what it takes when nothing else runs."""
    return round(min(repeat(call, number=rounds, repeat=REPEATS)) / rounds * 1e3, 1)


if __name__ == "__main__":
    main()
