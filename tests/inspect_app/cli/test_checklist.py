"""`inspect-app checklist generate`."""

import json
from io import BytesIO
from pathlib import Path
from typing import TypedDict

import pytest
from openpyxl import load_workbook

from checklists.edition_loading import shipped_edition
from checklists.handbook import Clause
from tests.inspect_app.cli.running import run

BUDGETS = {"mystery": 40, "open": 60, "phone": 20}
RECIPE = """name: short
edition: "1"
mode: mystery
title: {zh-Hans: 短, en: Short}
budget: 10
must_have: [6]
"""


class ItemDrawn(TypedDict):
    """An item."""

    code: str
    kind: str
    question: str
    standard: str


class SectionDrawn(TypedDict):
    """A section, as far as it is looked at here."""

    flow: str
    situation: int
    occasion: str
    instruction: str
    items: list[ItemDrawn]


class LeftOutDrawn(TypedDict):
    """A clause that is left out."""

    code: str
    reason: str


class ChecklistDrawn(TypedDict):
    """A checklist, as far as it is looked at here."""

    recipe: str
    mode: str
    hash: str
    sections: list[SectionDrawn]
    left_out: list[LeftOutDrawn]


def clauses_of_edition() -> dict[str, tuple[int, Clause]]:
    """Return the shipped clauses with their situations' numbers, by code."""
    return {
        clause.code: (situation.number, clause)
        for _, situation in shipped_edition().situations()
        for clause in situation.clauses
    }


@pytest.mark.parametrize("form", ["json", "xlsx"])
@pytest.mark.parametrize("recipe", BUDGETS)
def test_the_same_recipe_gives_the_same_bytes(tmp_path: Path, recipe: str, form: str) -> None:
    for name in ("one", "two"):
        finished = run(tmp_path, "checklist", "generate", "--recipe", recipe, "--format", form, "--out", name)
        assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("recipe", BUDGETS)
def test_every_clause_is_asked_as_itself_or_left_out_with_a_reason(tmp_path: Path, recipe: str) -> None:
    run(tmp_path, "checklist", "generate", "--recipe", recipe, "--out", "drawn.json")

    drawn: ChecklistDrawn = json.loads((tmp_path / "drawn.json").read_text(encoding="utf-8"))
    clauses = clauses_of_edition()
    asked = [(section, item) for section in drawn["sections"] for item in section["items"]]
    for section, item in asked:
        situation, clause = clauses[item["code"]]
        assert (section["situation"], item["kind"], item["standard"]) == (
            situation,
            clause.kind,
            clause.text.own,
        )
        assert item["question"]
    left_out = [one["code"] for one in drawn["left_out"]]
    assert sorted([item["code"] for _, item in asked] + left_out) == sorted(clauses)
    assert all(one["reason"] for one in drawn["left_out"])
    assert len(asked) <= BUDGETS[recipe]


def test_a_shopper_has_at_most_seven_situations_to_remember(tmp_path: Path) -> None:
    run(tmp_path, "checklist", "generate", "--recipe", "mystery", "--out", "drawn.json")

    drawn: ChecklistDrawn = json.loads((tmp_path / "drawn.json").read_text(encoding="utf-8"))
    assert sum(section["occasion"] != "always" for section in drawn["sections"]) <= 7


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_workbook_asks_what_the_json_asks_in_the_language_chosen(tmp_path: Path, language: str) -> None:
    for form in ("json", "xlsx"):
        where = ("--format", form, "--lang", language, "--out", f"drawn.{form}")
        run(tmp_path, "checklist", "generate", "--recipe", "phone", *where)

    drawn: ChecklistDrawn = json.loads((tmp_path / "drawn.json").read_text(encoding="utf-8"))
    book = load_workbook(BytesIO((tmp_path / "drawn.xlsx").read_bytes()))
    cells = {cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row}
    items = [item for section in drawn["sections"] for item in section["items"]]
    assert {item["code"] for item in items} <= cells
    assert {item["question"] for item in items if item["kind"] != "phrase"} <= cells
    assert {section["instruction"] for section in drawn["sections"]} <= cells


def test_a_recipe_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(RECIPE, encoding="utf-8")

    finished = run(tmp_path, "checklist", "generate", "--recipe", "short.yaml", "--out", "drawn.json")

    assert finished.returncode == 0
    drawn: ChecklistDrawn = json.loads((tmp_path / "drawn.json").read_text(encoding="utf-8"))
    assert (drawn["recipe"], [section["situation"] for section in drawn["sections"]]) == ("short", [6])


def test_every_fault_of_a_recipe_is_named_with_file_and_line(tmp_path: Path) -> None:
    faulty = RECIPE.replace("[6]", "[6, 99]").replace("budget: 10", "budget: ten") + "vetos: {}\n"
    (tmp_path / "short.yaml").write_text(faulty, encoding="utf-8")

    finished = run(tmp_path, "checklist", "generate", "--recipe", "short.yaml", "--out", "drawn.json")

    assert finished.returncode == 1
    assert "short.yaml:5: " in finished.stderr
    assert "short.yaml:7: " in finished.stderr
    assert not (tmp_path / "drawn.json").exists()


def test_a_recipe_that_does_not_fit_the_handbook_names_each_line(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(RECIPE.replace("[6]", "[6, 99]") + "flows: [F9]\n", encoding="utf-8")

    finished = run(tmp_path, "checklist", "generate", "--recipe", "short.yaml", "--out", "drawn.json")

    assert finished.returncode == 1
    assert "short.yaml:6: edition 1 has no situation 99" in finished.stderr
    assert "short.yaml:7: edition 1 has no flow F9" in finished.stderr


def test_an_unknown_name_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    finished = run(tmp_path, "checklist", "generate", "--recipe", "mistery", "--out", "drawn.json")

    sentence = "没有名为 mistery 的生成方案，也没有这个文件。随产品提供的有：mystery, open, phone。\n"
    assert (finished.returncode, finished.stderr) == (1, sentence)


def test_a_recipe_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_bytes(RECIPE.encode("gb18030"))

    finished = run(tmp_path, "checklist", "generate", "--recipe", "short.yaml", "--out", "drawn.json")

    sentence = "short.yaml 不是 UTF-8 文本，读到第 4 行为止。\n"
    assert (finished.returncode, finished.stderr) == (1, sentence)


def test_a_missing_recipe_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    recipe = run(tmp_path, "checklist", "generate", "--recipe", "none.yaml", "--out", "drawn.json")
    folder = run(tmp_path, "checklist", "generate", "--recipe", "phone", "--out", "none/drawn.json")

    assert (recipe.returncode, recipe.stderr) == (1, "没有这个文件：none.yaml\n")
    assert (folder.returncode, folder.stderr) == (1, "没有这个文件夹：none\n")


def test_a_folder_is_no_place_to_write_to_and_nothing_half_done_stays(tmp_path: Path) -> None:
    (tmp_path / "drawn").mkdir()

    finished = run(tmp_path, "checklist", "generate", "--recipe", "phone", "--out", "drawn")

    assert (finished.returncode, finished.stderr) == (1, "drawn 是文件夹，请给出文件名。\n")
    assert [place.name for place in tmp_path.iterdir()] == ["drawn"]


def test_without_a_recipe_or_a_place_it_was_typed_wrongly(tmp_path: Path) -> None:
    assert run(tmp_path, "checklist", "generate", "--out", "drawn.json").returncode == 2
    assert run(tmp_path, "checklist", "generate", "--recipe", "phone").returncode == 2
