"""The documents tell the truth about modules and settings."""

import re

from inspect_app.config import KNOWN
from tests.architecture.docs_map import first_line, map_of_modules, written_map
from tests.architecture.places import ROOT, modules

HOW_TO_MEND = "the map is not true: run `.venv/bin/python -m tests.architecture.docs_map`"


def test_every_module_says_in_one_line_what_lives_in_it() -> None:
    silent = [module.as_posix() for module in modules() if not first_line(module).strip()]

    assert not silent


def test_the_map_names_every_module_with_its_line_and_nothing_else() -> None:
    assert written_map() == map_of_modules(), HOW_TO_MEND


def test_every_setting_is_documented_and_nothing_documented_is_missing() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^### `(INSPECT_\w+)`", text, re.MULTILINE)) == set(KNOWN)


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [
        (document, link)
        for document in documents
        for link in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))
        if "://" not in link
    ]

    broken = [
        f"{document.relative_to(ROOT)}: {link}"
        for document, link in links
        if not (document.parent / link).exists()
    ]

    assert links
    assert not broken
