"""From simplified to traditional Chinese: opencc, after the reviewed words of `words.txt`."""

import re
from functools import cache
from pathlib import Path

from opencc import OpenCC

WORDS = Path(__file__).with_name("words.txt")


def traditional(text: str) -> str:
    """Return a simplified text as it is written in Taiwan and Hong Kong."""
    words = reviewed_words()
    parts = re.split(f"({'|'.join(map(re.escape, words))})", text)
    return "".join(words.get(part) or _characters().convert(part) for part in parts)


@cache
def reviewed_words() -> dict[str, str]:
    """Return each reviewed word with its traditional form, the longest first."""
    return dict(sorted(written_pairs(), key=lambda pair: -len(pair[0])))


def written_pairs() -> list[tuple[str, str]]:
    """Return the reviewed words as they stand in their file."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    parts = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return [(simplified, traditional) for simplified, _tab, traditional in parts]


@cache
def _characters() -> OpenCC:
    return OpenCC("s2tw")
