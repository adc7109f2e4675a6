"""The catalogues of the languages: where they are, and how one is opened."""

from pathlib import Path

from babel import Locale
from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent.parent / "translations"


def catalogue_of(language: str) -> NullTranslations:
    """Return the catalogue of a language; what it lacks is said in zh-Hans, the language of the msgids.

    Args:
        language: as the interface names it, such as `zh-Hans` or `en`.
    """
    return Translations.load(CATALOGUES, [locale_of(language)])


def locale_of(language: str) -> Locale:
    """Return the locale of a language that is named as the interface names it."""
    return Locale.parse(language, sep="-")


def msgid(text: str) -> str:
    """Mark a text for the catalogues where it is written; it is translated where it is shown."""
    return text
