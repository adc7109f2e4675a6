"""Recipes as files."""

from fractions import Fraction
from pathlib import Path

import pytest

from checklists.checklist import DeductionRule
from checklists.handbook import Kind, Mode, Origin, Rendering, Text
from checklists.recipe import Recipe, RecipeError
from checklists.recipe_loading import find_recipe, load_recipe, shipped_recipe, shipped_recipe_names
from checklists.scoring import CountRule, Scale, VetoScope
from tests.checklists.editions import made_up_edition

LEAST = """\
name: plain
edition: "7"
mode: open
title: {zh-Hans: 明查, en: Open visit}
budget: 9
flows: [F1]
"""

WHOLE = """\
name: whole
edition: "7"
mode: mystery
title: {zh-Hans: 暗访}
budget: 20
must_have: [6]
situations: [16, 2]
flows: [F1, E1]
brought_about: 3
visit_order: [F1, F4]
roles: [lobby_manager, branch]
weights:
  kinds: {phrase: 3}
  clauses: {S06.A1: "3/2"}
  situations: {16: "2"}
  flows: {E1: "0.1"}
vetoes: {S06.A1: visit}
veto_cap: 5000
deductions:
  - {code: shouting, name: {zh-Hans: 争吵}, points: 350}
scale: {partly: "2/3", changed: "1/3"}
observations:
  default: mean
  clauses: {E01.C1: all}
waiting_minutes: 3
minutes_on_site: 20
"""


def load(folder: Path, written: str) -> Recipe:
    """Load a recipe that was just written down."""
    path = folder / "mine.yaml"
    path.write_text(written, encoding="utf-8")
    return load_recipe(path, made_up_edition())


def problems(folder: Path, written: str) -> list[str]:
    """Return what is wrong with a recipe, each problem behind its file and line."""
    with pytest.raises(RecipeError) as error:
        load(folder, written)
    return [problem.removeprefix(f"{folder}/") for problem in error.value.problems]


def test_what_a_recipe_does_not_say_has_its_default(tmp_path: Path) -> None:
    title = Text("明查", (Rendering("en", "Open visit", Origin.TRANSLATED),))

    assert load(tmp_path, LEAST) == Recipe("plain", "7", Mode.OPEN, title, 9, flows=("F1",))


def test_every_key_is_read(tmp_path: Path) -> None:
    recipe = load(tmp_path, WHOLE)

    assert (recipe.mode, recipe.budget, recipe.must_have, recipe.situations) == (
        Mode.MYSTERY,
        20,
        (6,),
        (16, 2),
    )
    assert (recipe.flows, recipe.brought_about, recipe.visit_order) == (("F1", "E1"), 3, ("F1", "F4"))
    assert recipe.roles == ("lobby_manager", "branch")
    assert recipe.weights.kinds[Kind.PHRASE] == 3
    assert recipe.weights.of_clause("S06.A1", Kind.ACTION) == Fraction(3, 2)
    assert recipe.weights.of_clause("S06.A2", Kind.ACTION) == 2
    assert recipe.weights.of_situation(16) == 2
    assert recipe.weights.of_flow("E1") == Fraction(1, 10)
    assert recipe.vetoes == {"S06.A1": VetoScope.VISIT}
    assert recipe.veto_cap == 5000
    assert recipe.deductions == (DeductionRule("shouting", Text("争吵"), 350),)
    assert recipe.scale == Scale(Fraction(2, 3), Fraction(1, 3))
    assert recipe.observations.of_clause("E01.C1") is CountRule.ALL
    assert recipe.observations.of_clause("E01.C2") is CountRule.MEAN
    assert (recipe.waiting_minutes, recipe.minutes_on_site) == (3, 20)


def test_every_fault_is_told_with_file_and_line(tmp_path: Path) -> None:
    written = (
        LEAST.replace("mode: open", "mode: letter").replace("budget: 9", "budget: many") + "colour: red\n"
    )

    found = problems(tmp_path, written)

    assert [problem.partition(" ")[0] for problem in found] == [
        "mine.yaml:3:",
        "mine.yaml:5:",
        "mine.yaml:7:",
    ]


def test_names_that_the_edition_does_not_have_are_told_with_their_line(tmp_path: Path) -> None:
    written = (
        LEAST.replace("[F1]", "[F1, F9]") + "must_have: [6]\nvetoes:\n  S06.A1: visit\n  S99.A1: visit\n"
    )

    assert problems(tmp_path, written) == [
        "mine.yaml:6: edition 7 has no flow F9",
        "mine.yaml:10: edition 7 has no clause S99.A1",
    ]


def test_a_budget_too_small_for_the_must_haves_is_told_at_the_budget(tmp_path: Path) -> None:
    found = problems(tmp_path, LEAST.replace("budget: 9", "budget: 3") + "must_have: [6]\n")

    assert found == [
        "mine.yaml:5: the must-haves hold 4 items, more than the budget of 3: "
        "raise the budget or take a situation out of must_have"
    ]


@pytest.mark.parametrize("key", ["name", "edition", "mode", "title", "budget"])
def test_a_key_that_must_be_there_is_missed(tmp_path: Path, key: str) -> None:
    lines = [line for line in LEAST.splitlines() if not line.startswith(f"{key}:")]

    found = problems(tmp_path, "\n".join(lines))

    assert len(found) == 1
    assert key in found[0]


def test_a_title_without_the_editions_own_language_is_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, LEAST.replace("{zh-Hans: 明查, en: Open visit}", "{en: Open visit}"))

    assert len(found) == 1
    assert found[0].startswith("mine.yaml:4:")
    assert "zh-Hans" in found[0]


@pytest.mark.parametrize("weight", ["0", "-1", "1/0", "heavy", "0.5"])
def test_a_weight_is_an_exact_number_above_0_written_as_text(tmp_path: Path, weight: str) -> None:
    found = problems(tmp_path, f"{LEAST}weights:\n  flows: {{F1: {weight}}}\n")

    assert len(found) == 1
    assert found[0].startswith("mine.yaml:8:")


def test_a_file_that_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    found = problems(tmp_path, "name: [a\nmode: open\n")

    assert len(found) == 1
    assert found[0].startswith("mine.yaml:2:")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"there is no file .*absent\.yaml"):
        load_recipe(tmp_path / "absent.yaml", made_up_edition())


def test_an_unknown_recipe_is_answered_with_the_known_ones() -> None:
    with pytest.raises(RecipeError) as error:
        shipped_recipe("mistery")

    assert str(error.value) == (
        "there is no recipe mistery; the shipped ones are mystery, open and phone. Did you mean mystery?"
    )


def test_three_recipes_are_shipped() -> None:
    assert shipped_recipe_names() == ("mystery", "open", "phone")
    assert [shipped_recipe(name).name for name in shipped_recipe_names()] == ["mystery", "open", "phone"]


def test_a_recipe_is_found_by_its_name_or_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(LEAST, encoding="utf-8")

    assert find_recipe(str(path), made_up_edition()).name == "plain"
    assert find_recipe("open", made_up_edition()).name == "open"
