"""The phone's own word on what is missing agrees with the server's, whatever was filled in."""

import json
import random
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from checklists.answers import parse
from checklists.checklist import Checklist
from checklists.edition_loading import shipped_edition
from checklists.fields import CHOOSABLE_REASONS, deduction_names, names
from checklists.generation import generate
from checklists.progress import find_progress
from checklists.recipe_loading import shipped_recipe
from inspect_app.web.inspector.asks import asks_of
from inspect_app.web.statics import PLACE
from tests.faults.phone.phone import node

FORMS = 150
WORDS = ("", " ", "一句话")
VALUES = {
    "gate": ("occurred", "occurred", "occurred", "nobody_acted", "did_not_occur"),
    "left": tuple(CHOOSABLE_REASONS),
    "gate_reason": tuple(CHOOSABLE_REASONS),
    "gate_words": WORDS,
    "words": WORDS,
    "of": ("0", "1", "2", "3"),
    "met": ("0", "1", "2", "3"),
    "partly": ("0", "1", "2"),
}
PROGRAM = """import { readFileSync } from "node:fs";
const { progressOf } = await import(process.argv[2]);
const { asks, forms } = JSON.parse(readFileSync(0, "utf8"));
const told = forms.map((form) => {
  const { faults, open, answered, asked } = progressOf(asks, (name) => form[name]);
  return { faults: faults.map(({ name, code }) => [name, code]).sort(), open, answered, asked };
});
process.stdout.write(JSON.stringify(told));
"""


def drawn_form(checklist: Checklist, chance: random.Random) -> dict[str, str]:
    """Return a form filled in at random: some fields empty, some contradicting each other."""
    fullness = chance.choice((0.3, 0.8, 1))
    fields = [field for section in checklist.sections for field in names(section)]
    drawn = [field.name for field in (*fields, *deduction_names(checklist)) if chance.random() <= fullness]
    return {
        name: value_of(checklist, name, chance) for name in drawn if not name.endswith((".photos", ".why"))
    }


def value_of(checklist: Checklist, name: str, chance: random.Random) -> str:
    """Return a value that a field can have."""
    part = name.rpartition(".")[2]
    if name.startswith("deduction.") and part != "words":
        return chance.choice(("yes", "no"))
    if part == "role":
        section = checklist.section(name.partition(".")[0])
        assert section is not None
        return chance.choice(section.roles)
    if part.startswith("el"):
        return chance.choice(("heard", "changed", "missing", "missing"))
    return chance.choice(VALUES[part]) if part in VALUES else answer_to(checklist, name, chance)


def answer_to(checklist: Checklist, name: str, chance: random.Random) -> str:
    """Return a value of an item's own field."""
    section = checklist.section(name.partition(".")[0])
    assert section is not None
    item = next(one for one in section.items if one.code == name)
    if item.elements or item.counted is not None:
        return chance.choice(("", "", "", "left_out"))
    return chance.choice(("met", "partly", "not", "left_out"))


@pytest.mark.parametrize("recipe", ["mystery", "open"])
def test_phone_and_server_miss_the_same(app: Flask, tmp_path: Path, recipe: str) -> None:
    checklist = generate(shipped_edition(), shipped_recipe(recipe))
    chance = random.Random(20261125)  # noqa: S311 - no secret is drawn
    forms = [drawn_form(checklist, chance) for _form in range(FORMS)]
    with app.test_request_context():
        asks = asks_of(checklist, ())
    program = tmp_path / "told.mjs"
    program.write_text(PROGRAM, encoding="utf-8")

    told = subprocess.run(
        [node(), "--no-warnings", str(program), (PLACE / "js" / "progress.js").as_uri()],
        input=json.dumps({"asks": asks, "forms": forms}),
        capture_output=True,
        text=True,
        check=True,
    )

    for form, phones in zip(forms, json.loads(told.stdout), strict=True):
        answers, faults = parse(checklist, tuple(form.items()))
        progress = find_progress(checklist, answers, faults)
        servers = sorted([fault.name, fault.code.value] for fault in faults)
        assert phones["faults"] == servers
        assert (phones["open"], phones["answered"], phones["asked"]) == (
            progress.open_questions,
            progress.answered,
            progress.items,
        )
