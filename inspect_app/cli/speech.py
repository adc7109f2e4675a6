"""The language that the command line speaks, and how it refuses."""

import os
from collections.abc import Mapping
from typing import IO

import click

from inspect_app.labels.catalogues import catalogue_of
from inspect_app.labels.catalogues import msgid as _

SOURCE_LANGUAGE = "zh-Hans"
TRADITIONAL = "zh-Hant"
LANGUAGES = (SOURCE_LANGUAGE, TRADITIONAL, "en")
TRADITIONAL_LOCALES = ("zh_TW", "zh_HK", "zh_MO", "zh_Hant")
CHOSEN = "inspect_app.language"
"""Where a command's context keeps what `--lang` chose."""


class Refusal(click.ClickException):
    """What was asked for is refused: the exit status is 1, and a sentence on stderr says why.

    Attributes:
        lines: what stands below the sentence, a line each, such as the faults of a file.
    """

    exit_code = 1

    def __init__(self, msgid: str, lines: tuple[str, ...] = (), **values: object) -> None:
        """Take a sentence as its msgid, and the values for its places."""
        super().__init__(said(msgid) % values)
        self.lines = lines

    def show(self, file: IO[str] | None = None) -> None:
        """Say the sentence, then each line."""
        for line in (self.message, *self.lines):
            click.echo(line, file=file, err=file is None)


def said(msgid: str) -> str:
    """Return a sentence in the language at hand: that of `--lang`, else that of the surroundings."""
    return catalogue_of(spoken_language()).gettext(msgid)


def spoken_language() -> str:
    """Return the language at hand: that of `--lang`, else that of the surroundings."""
    context = click.get_current_context(silent=True)
    chosen: str | None = context.meta.get(CHOSEN) if context else None
    return chosen or language_of(os.environ)


def language_of(environ: Mapping[str, str]) -> str:
    """Return the language of a terminal: English or traditional Chinese where its locale is, else zh-Hans."""
    chosen = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    if chosen.startswith(TRADITIONAL_LOCALES):
        return TRADITIONAL
    return "en" if chosen.startswith("en") else SOURCE_LANGUAGE


def speak(context: click.Context, _parameter: click.Parameter, language: str | None) -> str | None:
    """Speak the language that `--lang` asks for, from here on, and return it."""
    if language is not None:
        context.meta[CHOSEN] = language
    return language


language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default=SOURCE_LANGUAGE,
    show_default=True,
    callback=speak,
    help=said(_("语言。")),
)
"""`--lang`, handed on as `language`."""

spoken_language_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    callback=speak,
    expose_value=False,
    help=said(_("命令行说的语言。")),
)
"""`--lang` where nothing but the command's own sentences depends on it."""
