"""How long a form that came in takes to be read and checked; the floor reads its bytes as JSON alone."""

import json
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.measuring import Budget, Figure, beside
from benchmarks.submission import checklist
from checklists.answers import parse
from checklists.checklist import Checklist, Item, Section
from tests.inspect_app.made_up_bank import fill

TIMES_LARGER = 5
ROUNDS = 20


def figures() -> Iterator[Figure]:
    """Read a form of 60 items, and one of 300."""
    for form, budget in ((checklist(), Budget(seconds=0.003)), (larger(checklist()), Budget(seconds=0.015))):
        fields = fill(form, 1)
        body = json.dumps(fields)
        figure = beside(
            f"read and check a form of {form.item_count} items",
            budget,
            lambda form=form, fields=fields: [parse(form, fields) for _ in range(ROUNDS)],  # type: ignore[misc]
            "json.loads of the same fields",
            lambda body=body: [json.loads(body) for _ in range(ROUNDS)],  # type: ignore[misc]  # bound at once
        )
        yield replace(figure, own=figure.own / ROUNDS, floor=figure.floor / ROUNDS)


def larger(form: Checklist) -> Checklist:
    """Return a checklist with each section several times, under further codes."""
    sections = tuple(
        _renamed(section, f"{turn}") for turn in range(TIMES_LARGER) for section in form.sections
    )
    return replace(form, sections=sections, hash="larger")


def _renamed(section: Section, mark: str) -> Section:
    number = section.situation + 1000 * int(mark)
    return replace(
        section,
        code=f"{section.code}{mark}",
        situation=number,
        items=tuple(_renamed_item(item, mark) for item in section.items),
    )


def _renamed_item(item: Item, mark: str) -> Item:
    section, _, clause = item.code.partition(".")
    return replace(item, code=f"{section}{mark}.{clause}")
