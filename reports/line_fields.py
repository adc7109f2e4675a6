"""Reads the fields of a JSON line and collects everything that is wrong with them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)

EXACT = re.compile(r"[0-9]{1,40}(/[0-9]{1,40}|\.[0-9]{1,40})?")
NO_DAY = date.min


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a line, with the path that leads to it.

    What is not of the wanted kind adds a sentence to `problems` and reads as a harmless stand-in of that
    kind, so that reading goes on; a line with problems must not be used.
    """

    value: object
    path: str
    problems: list[str]

    def __getitem__(self, key: str) -> "Field":
        """Return a member of an object; a member that is absent holds None."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Field(value, f"{self.path}.{key}" if self.path else key, self.problems)

    def is_object(self) -> bool:
        """Say whether the value is an object, and note it where it is not."""
        if not isinstance(self.value, dict):
            self.note("an object")
            return False
        return True

    def members(self) -> Iterator["Field"]:
        """Yield the members of a list."""
        if not isinstance(self.value, list):
            self.note("a list")
            return
        for place, value in enumerate(self.value):
            yield Field(value, f"{self.path}[{place}]", self.problems)

    def entries(self) -> Iterator[tuple[str, "Field"]]:
        """Yield the keys of an object with their values."""
        if self.is_object() and isinstance(self.value, dict):
            for key in self.value:
                yield key, self[key]

    def text(self) -> str:
        """Return a text that is not empty."""
        if isinstance(self.value, str) and self.value:
            return self.value
        self.note("a text")
        return ""

    def text_or_empty(self) -> str:
        """Return a text; an absent one is empty."""
        return "" if self.value is None or self.value == "" else self.text()

    def text_or_none(self) -> str | None:
        """Return a text, or None where there is none."""
        return None if self.value is None else self.text()

    def number(self, at_least: int = 0) -> int:
        """Return a whole number."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and self.value >= at_least:
            return self.value
        self.note(f"a whole number from {at_least} up")
        return at_least

    def claim(self) -> bool:
        """Return true or false."""
        if isinstance(self.value, bool):
            return self.value
        self.note("true or false")
        return False

    def exact(self) -> Fraction:
        """Return an exact number from 0 up, written as a text such as `2` or `1/2`."""
        found = exact_number(self.value)
        if found is None:
            self.note('an exact number as a text, such as "2" or "1/2"')
            return Fraction(1)
        return found

    def choice(self, choices: type[Choice]) -> Choice:
        """Return one of an enumeration's values."""
        if isinstance(self.value, str) and self.value in list(choices):
            return choices(self.value)
        self.note(f"one of {', '.join(choices)}")
        return next(iter(choices))

    def day(self) -> date:
        """Return a day, written as `2026-07-01`."""
        if isinstance(self.value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", self.value):
            try:
                return date.fromisoformat(self.value)
            except ValueError:
                self.note("a day of the calendar")
                return NO_DAY
        self.note("a day such as 2026-07-01")
        return NO_DAY

    def note(self, expected: str) -> None:
        """Collect that something else was expected here."""
        self.problems.append(expectation(self.path, self.value, expected))


def exact_number(value: object) -> Fraction | None:
    """Return the exact number that a text means; None where it is none, or longer than any weight is."""
    if not isinstance(value, str) or not EXACT.fullmatch(value):
        return None
    try:
        return Fraction(value)
    except ZeroDivisionError:
        return None


def expectation(path: str, value: object, expected: str) -> str:
    """Return the sentence that says what is there and what was expected."""
    if value is None:
        return f"{path} is missing or null, but should be {expected}"
    shown = repr(value)
    return f"{path} is {shown if len(shown) <= 60 else shown[:57] + '...'}, but should be {expected}"
