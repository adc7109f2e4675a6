"""The catalogue of traditional Chinese, made from the texts that the program and its pages hold now."""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.architecture.places import ROOT
from tests.traditional.conversion import traditional

LOCALE = "zh_Hant"
STORED = ROOT / "inspect_app" / "translations" / LOCALE / "LC_MESSAGES" / "messages.po"
WRITTEN_AT = datetime(2026, 11, 25, tzinfo=UTC)
"""A catalogue without another moment in it: it changes when its texts do."""


def extracted() -> Catalog:
    """Return the texts that the program and its pages hold, as pybabel finds them."""
    command = [sys.executable, "-m", "babel.messages.frontend", "extract", "-F", "pyproject.toml"]
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        subprocess.run(
            [*command, "-k", "msgid", "-k", "_l", "--no-location", "-o", template, "."],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        with template.open("rb") as file:
            return read_po(file, abort_invalid=True)


def catalogue(texts: Catalog) -> Catalog:
    """Return every text with its traditional form; of a text in its numbers, the form for many."""
    made = Catalog(
        locale=LOCALE,
        project="inspect",
        header_comment="# Written by python -m tests.traditional; words are mended in its words.txt.",
        creation_date=WRITTEN_AT,
        revision_date=WRITTEN_AT,
        fuzzy=False,
    )
    for message in texts:
        if message.id:
            made.add(message.id, converted(message), flags=message.flags, context=message.context)
    return made


def converted(message: Message) -> str | tuple[str]:
    """Return the traditional form of a text."""
    if isinstance(message.id, str):
        return traditional(message.id)
    return (traditional(message.id[-1]),)


def written(made: Catalog) -> bytes:
    """Return a catalogue as a file to read."""
    file = BytesIO()
    write_po(file, made, sort_output=True)
    return file.getvalue()


def compiled(text: bytes) -> bytes:
    """Return a catalogue as a file for gettext."""
    file = BytesIO()
    write_mo(file, read_po(BytesIO(text), locale=LOCALE, abort_invalid=True))
    return file.getvalue()
