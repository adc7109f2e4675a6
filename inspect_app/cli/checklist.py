"""`inspect-app checklist`: checklists drawn from the shipped edition, without a server."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import click

from checklists.checklist import Checklist
from checklists.edition_loading import shipped_edition
from checklists.files.checklist_json import checklist_as_json
from checklists.generation import generate
from checklists.handbook import Edition
from checklists.recipe import Recipe, RecipeError
from checklists.recipe_loading import load_recipe, shipped_recipe, shipped_recipe_names
from inspect_app.cli.files import is_file, read_text, say_written, write_whole
from inspect_app.cli.speech import Refusal, language_option, said
from inspect_app.labels.catalogues import msgid as _
from inspect_app.labels.paper import paper_words
from reports.checklist_paper import checklist_workbook

NO_MOMENT = datetime(1980, 1, 1, tzinfo=UTC)
"""A checklist has no moment of its own: drawn twice, its file must be the same. Zip files begin then."""

command = click.Group(name="checklist", help=said(_("检查表。")))


class Format(StrEnum):
    """What a checklist is written as."""

    JSON = "json"
    XLSX = "xlsx"


@command.command("generate", help=said(_("按生成方案从手册生成一份检查表。")))
@click.option("--recipe", "name_or_file", metavar="FILE|NAME", required=True, help=said(_("生成方案。")))
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Format]),
    default=Format.JSON.value,
    show_default=True,
)
@language_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help=said(_("写到这个文件。")))
def draw(name_or_file: str, form: str, language: str, out: Path) -> None:
    """Draw a checklist and write it; the same recipe always gives the same bytes."""
    edition = shipped_edition()
    checklist = _drawn(edition, _recipe(name_or_file, edition), name_or_file)
    write_whole(out, _written(checklist, Format(form), language))
    say_written(out)


def _recipe(name_or_file: str, edition: Edition) -> Recipe:
    """Return the recipe in a file, or else the shipped one of that name; what ends in .yaml is a file."""
    path = Path(name_or_file)
    if path.suffix in (".yaml", ".yml") or is_file(path):
        read_text(path)  # Refused in the reader's language where it is missing or no text.
        try:
            return load_recipe(path, edition)
        except RecipeError as error:
            raise _faulty(name_or_file, error) from error
    if name_or_file not in shipped_recipe_names():
        known = ", ".join(shipped_recipe_names())
        sentence = _("没有名为 %(name)s 的生成方案，也没有这个文件。随产品提供的有：%(known)s。")
        raise Refusal(sentence, name=name_or_file, known=known)
    return shipped_recipe(name_or_file)


def _drawn(edition: Edition, recipe: Recipe, name: str) -> Checklist:
    try:
        return generate(edition, recipe)
    except RecipeError as error:
        raise _faulty(name, error) from error


def _faulty(name: str, error: RecipeError) -> Refusal:
    return Refusal(_("生成方案 %(name)s 要改："), error.problems, name=name)


def _written(checklist: Checklist, form: Format, language: str) -> bytes:
    if form is Format.XLSX:
        return checklist_workbook(checklist, language, paper_words(language), NO_MOMENT)
    document = checklist_as_json(checklist, language)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
