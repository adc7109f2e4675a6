"""How long a checklist takes to be drawn; the floor writes the same checklist as JSON and hashes it."""

import hashlib
import json
from collections.abc import Iterator

from benchmarks.measuring import Budget, Figure, beside
from checklists.edition_loading import shipped_edition
from checklists.files.checklist_json import checklist_document
from checklists.generation import generate
from checklists.recipe_loading import shipped_recipe


def figures() -> Iterator[Figure]:
    """Draw the shipped checklist with the most items: 60."""
    edition, recipe = shipped_edition(), shipped_recipe("open")
    document = checklist_document(generate(edition, recipe))
    yield beside(
        "draw a checklist of 60 items",
        Budget(seconds=0.05),
        lambda: generate(edition, recipe),
        "the same as JSON, hashed",
        lambda: hashlib.sha256(json.dumps(document).encode()).hexdigest(),
    )
