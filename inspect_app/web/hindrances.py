"""Why a visit was broken off, in the words that an inspector chooses among and head office reads."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from inspect_app.services.stops import Hindrance

WORDS: Mapping[Hindrance, object] = {
    Hindrance.RECOGNISED: _l("被认出来了"),
    Hindrance.CLOSED: _l("网点没开门，或搬走了"),
    Hindrance.UNSAFE: _l("在店里不安全、不方便"),
    Hindrance.ILL: _l("去不了"),
    Hindrance.OTHER: _l("其他"),
}


def reason_in_words(why: Hindrance, words: str) -> str:
    """Return why a visit was broken off, and what its inspector wrote about it."""
    return "：".join(part for part in (str(WORDS[why]), words.strip()) if part)
