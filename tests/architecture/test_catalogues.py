"""Every text that a user reads is translated, and what is translated is what is written.

How to bring the catalogues up to date stands in CONTRIBUTING.md.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.architecture.places import ROOT

CATALOGUES = sorted((ROOT / "inspect_app" / "translations").glob("*/LC_MESSAGES/messages.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)|%[sd]|\{(\w*)\}|%%")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return the texts that the program and its pages hold now."""
    template = tmp_path_factory.mktemp("catalogues") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "extract", "-F", "pyproject.toml"]
    subprocess.run(
        [*command, "-k", "msgid", "-k", "_l", "-o", template, "."], cwd=ROOT, check=True, capture_output=True
    )
    return read(template)


def language(place: Path) -> str:
    """Return the language that a catalogue translates into."""
    return place.parts[-3]


@pytest.mark.parametrize("place", CATALOGUES, ids=language)
def test_every_text_is_translated(place: Path, extracted: Catalog) -> None:
    translated = {key(message) for message in read(place) if is_translated(message)}

    assert {key(message) for message in extracted if message.id} - translated == set()


@pytest.mark.parametrize("place", CATALOGUES, ids=language)
def test_nothing_is_translated_that_nobody_says(place: Path, extracted: Catalog) -> None:
    said = {key(message) for message in extracted}

    assert {key(message) for message in read(place) if message.id} - said == set()


@pytest.mark.parametrize("place", CATALOGUES, ids=language)
def test_translations_fill_in_the_same_values(place: Path) -> None:
    different = [
        (source, target)
        for message in read(place)
        for source, target in pairs(message)
        if placeholders(source) != placeholders(target)
    ]

    assert different == []


@pytest.mark.parametrize("place", CATALOGUES, ids=language)
def test_the_compiled_catalogue_is_the_written_one(place: Path) -> None:
    compiled = BytesIO()
    write_mo(compiled, read(place))

    assert place.with_suffix(".mo").read_bytes() == compiled.getvalue()


@pytest.mark.parametrize("place", CATALOGUES, ids=language)
def test_no_translation_is_a_guess(place: Path) -> None:
    assert [message.id for message in read(place) if message.id and message.fuzzy] == []


def test_what_is_to_be_translated_is_chinese(extracted: Catalog) -> None:
    foreign = [message.id for message in extracted if message.id and is_foreign(texts(message.id)[0])]

    assert foreign == []


def is_foreign(text: str) -> bool:
    """Say whether a text has words but none of them Chinese."""
    words = PLACEHOLDER.sub("", text)
    return bool(re.search(r"[A-Za-z]{2}", words)) and not re.search(r"[\u4e00-\u9fff]", words)


def read(place: Path) -> Catalog:
    """Return a catalogue as it is written."""
    with place.open("rb") as file:
        return read_po(file, locale=language(place) if place.suffix == ".po" else None, abort_invalid=True)


def key(message: Message) -> tuple[str | None, str]:
    """Return what a text is looked up by."""
    return message.context, texts(message.id)[0]


def texts(value: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return one text, or a text in its numbers, as a tuple."""
    if value is None:
        return ("",)
    return (value,) if isinstance(value, str) else tuple(value)


def is_translated(message: Message) -> bool:
    """Say whether every form of a text has its translation."""
    return bool(message.id) and all(texts(message.string))


def pairs(message: Message) -> list[tuple[str, str]]:
    """Return each translation beside the text that it stands for."""
    if not message.id:
        return []
    return [(texts(message.id)[-1], target) for target in texts(message.string)]


def placeholders(text: str) -> set[str]:
    """Return what a text leaves to be filled in; a singular may leave out the number, and says it as 1."""
    return {found.group(0) for found in PLACEHOLDER.finditer(text)} - {"%(num)d", "%(num)s", "%%"}
