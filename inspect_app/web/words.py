"""The word for an enum value in the language of the page; templates use the filter `word`."""

from enum import StrEnum

from flask import Flask
from flask_babel import gettext

from inspect_app.labels.words import word_of


def speak_words(app: Flask) -> None:
    """Make the filter known to templates."""
    app.add_template_filter(word, "word")


def word(value: StrEnum | None) -> str:
    """Return how people read an enum value, as in `已通过`; nothing where there is none."""
    return "" if value is None else gettext(word_of(value))
