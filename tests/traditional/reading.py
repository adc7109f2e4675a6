"""A catalogue read as pairs of texts."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from tests.traditional.catalogue import LOCALE


def forms_of(stored: Path) -> Iterator[tuple[str, str]]:
    """Yield each text of a stored catalogue with its translation, each in its form for many."""
    with stored.open("rb") as file:
        for message in read_po(file, locale=LOCALE, abort_invalid=True):
            if message.id:
                yield as_tuple(message.id)[-1], as_tuple(message.string)[-1]


def as_tuple(text: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return a text in one form or several as a tuple."""
    return (text,) if isinstance(text, str) else tuple(text or ())
