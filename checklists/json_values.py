"""JSON as typed values: what is written, and a reader that says where a document is wrong."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias, TypeVar

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""What the product writes as JSON; exact numbers that are not whole are texts such as `1/2`."""

Choice = TypeVar("Choice", bound=StrEnum)


class DocumentError(ValueError):
    """A stored document is not what it should be; the sentence says where and what was expected."""


def compact_json(value: Json) -> str:
    """Return the one shortest text of a JSON value, keys in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def canonical_json(value: Json) -> bytes:
    """Return the one text of a JSON value that its hash is taken of: keys sorted, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class Member:
    """A value inside a document, with the path that leads to it.

    Every reader raises DocumentError where the value is of another kind.
    """

    value: object
    path: str = "document"

    def __getitem__(self, key: str) -> "Member":
        """Return a member of an object; a member that is absent holds None."""
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        return Member(self.value.get(key), f"{self.path}.{key}")

    def __iter__(self) -> Iterator["Member"]:
        """Yield the members of a list."""
        if not isinstance(self.value, list | tuple):
            raise self.wrong("a list")
        for place, value in enumerate(self.value):
            yield Member(value, f"{self.path}[{place}]")

    @property
    def is_absent(self) -> bool:
        """Say whether there is nothing here."""
        return self.value is None

    def text(self) -> str:
        """Return a text."""
        if not isinstance(self.value, str):
            raise self.wrong("a text")
        return self.value

    def number(self) -> int:
        """Return a whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.wrong("a whole number")
        return self.value

    def claim(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value

    def exact(self) -> Fraction:
        """Return an exact number that is written as a text, such as `2` or `1/2`."""
        try:
            return Fraction(self.text())
        except (ValueError, ZeroDivisionError):
            raise self.wrong("an exact number such as 1/2") from None

    def choice(self, choices: type[Choice]) -> Choice:
        """Return one of an enumeration's values."""
        try:
            return choices(self.text())
        except ValueError:
            raise self.wrong(f"one of {', '.join(choices)}") from None

    def wrong(self, expected: str) -> DocumentError:
        """Return the error that says what was expected here."""
        return DocumentError(f"{self.path} is {str(self.value)[:40]!r}, but should be {expected}")
