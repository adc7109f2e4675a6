"""The form's fields: their names, the reading of what was posted in them, and what may be wrong with it."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from checklists.checklist import Checklist, Item, Section
from checklists.handbook import Kind
from checklists.scoring.inspection import LeftOut

LEAVE_OUT = "left_out"
"""The value of an item's own field where the inspector leaves the item out."""

HAPPENED = "yes"
"""The value of a deduction's field where the conduct was met with; empty or `no` where it was not."""

LONGEST_WORDS = 500
"""The most characters that a field of free words keeps."""

MOST_PEOPLE = 99
"""The most people that one item counts."""

MOST_PHOTOS = 9
"""The most photos that one item carries."""

CHOOSABLE_REASONS = {reason.value: reason for reason in LeftOut if reason is not LeftOut.NOT_SAID}
"""The reasons that an inspector can choose, by value; `not_said` is set by the reader of the form alone."""

_LONGEST_NAME = 60
_MOST_STRAYS = 20
_MOST_VALUES = 50
_NUMBERS = {str(number): number for number in range(1000)}
_NEVER_A_SIGN = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    f"{_NEVER_A_SIGN}]"
)
_SHA256 = re.compile(r"[0-9a-f]{64}")


Choice = TypeVar("Choice")


class Arity(StrEnum):
    """How many values a field takes, and of what sort."""

    ONE = "one"
    MANY = "many"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class FieldName:
    """One field of the form by the name that page, phone and server share, such as `S06.A1`."""

    name: str
    arity: Arity


class FaultCode(StrEnum):
    """What is wrong with a field. Only the three that say `missing` may stand in a draft."""

    UNKNOWN = "unknown"
    INVALID = "invalid"
    TOO_LONG = "too_long"
    MISSING = "missing"
    MISSING_REASON = "missing_reason"
    MISSING_WORDS = "missing_words"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing that keeps what was filled in from being sent, at the field that must be mended."""

    name: str
    code: FaultCode

    @property
    def is_gap(self) -> bool:
        """Something is still to be filled in; a draft may have gaps."""
        return self.code in (FaultCode.MISSING, FaultCode.MISSING_REASON, FaultCode.MISSING_WORDS)

    @property
    def section(self) -> str:
        """The code of the section the field stands in, such as `S06`; `deduction` for deductions."""
        return self.name.partition(".")[0]

    @property
    def question(self) -> str:
        """The question the field belongs to: an item's code, or `S06.gate`, `S06.role`, `deduction.…`."""
        parts = self.name.split(".")
        return ".".join(parts[:2]).removesuffix("_reason").removesuffix("_words") if parts[1:] else self.name


def names(section: Section) -> tuple[FieldName, ...]:
    """Return every field that a section's form can post, in the order of the form."""
    gate = [] if section.standing else _gate_names(section.code)
    return (*gate, *(field for item in section.items for field in _item_names(item)))


def deduction_names(checklist: Checklist) -> tuple[FieldName, ...]:
    """Return the fields of the conduct that costs points off the total."""
    return tuple(
        field
        for rule in checklist.deductions
        for field in (
            FieldName(f"deduction.{rule.code}", Arity.ONE),
            FieldName(f"deduction.{rule.code}.words", Arity.TEXT),
        )
    )


def _gate_names(code: str) -> list[FieldName]:
    return [
        FieldName(f"{code}.gate", Arity.ONE),
        FieldName(f"{code}.gate_reason", Arity.ONE),
        FieldName(f"{code}.gate_words", Arity.TEXT),
        FieldName(f"{code}.role", Arity.ONE),
    ]


def _item_names(item: Item) -> list[FieldName]:
    code = item.code
    parts = [f"{code}.el{place}" for place in range(len(item.elements))] if item.kind is Kind.PHRASE else []
    if item.counted is not None:
        parts = [f"{code}.of", f"{code}.met", f"{code}.partly"]
    return [
        *(FieldName(name, Arity.ONE) for name in (code, *parts)),
        FieldName(f"{code}.why", Arity.MANY),
        FieldName(f"{code}.words", Arity.TEXT),
        FieldName(f"{code}.left", Arity.ONE),
        FieldName(f"{code}.photos", Arity.MANY),
    ]


def printable(words: str) -> str:
    """Return words without what no person typed: control signs, lone surrogates, overrides of direction."""
    return _UNPRINTABLE.sub("", words.replace("\r\n", "\n").replace("\r", "\n")).strip()


class Posted:
    """What was posted, read field by field; what is wrong with it gathers in `faults`.

    A field is read as empty where its value is not one it can have, so that reading never fails.
    """

    def __init__(self, fields: Iterable[Sequence[object]], known: Container[str]) -> None:
        """Take the fields as (name, value) or (name, value, time); the time is not looked at.

        Args:
            fields: a value is a text, or a list of texts; a name given again adds to its values.
            known: every name that the checklist's form can post.
        """
        self.faults: list[FieldFault] = []
        self._strays = 0
        self._values: dict[str, list[str]] = {}
        for field in fields:
            self._take(field, known)

    def one(self, name: str, choices: Mapping[str, Choice]) -> Choice | None:
        """Return the choice posted in a field; None where it is empty or none of the choices."""
        value = self._single(name)
        if not value:
            return None
        if value not in choices:
            self.note(name, FaultCode.INVALID)
        return choices.get(value)

    def number(self, name: str, most: int) -> int | None:
        """Return the number posted in a field, from 0 to `most`; None where there is no such number."""
        value = self._single(name)
        if not value:
            return None
        if value not in _NUMBERS or _NUMBERS[value] > most:
            self.note(name, FaultCode.INVALID)
            return None
        return _NUMBERS[value]

    def words(self, name: str) -> str:
        """Return the free words posted in a field, cleaned; the first of them where they are too many."""
        values = self._values.get(name)
        if not values:
            return ""
        words = printable(values[-1])
        if len(words) > LONGEST_WORDS:
            self.note(name, FaultCode.TOO_LONG)
        return words[:LONGEST_WORDS]

    def places(self, name: str, length: int) -> tuple[int, ...]:
        """Return the places ticked of a list of `length`, ascending, each once."""
        ticked = [value for value in self._values.get(name, ()) if value]
        if not ticked:
            return ()
        wanted = {str(place): place for place in range(length)}
        if any(value not in wanted for value in ticked):
            self.note(name, FaultCode.INVALID)
        return tuple(sorted({wanted[value] for value in ticked if value in wanted}))

    def photos(self, name: str) -> tuple[str, ...]:
        """Return the SHA-256 of each photo in a field, in the order posted, each once."""
        values = self._values.get(name)
        if not values:
            return ()
        posted = tuple(dict.fromkeys(value for value in values if value))
        photos = tuple(value for value in posted if _SHA256.fullmatch(value))
        if photos != posted or len(photos) > MOST_PHOTOS:
            self.note(name, FaultCode.INVALID)
        return photos[:MOST_PHOTOS]

    def note(self, name: str, code: FaultCode) -> None:
        """Note what is wrong with a field."""
        self.faults.append(FieldFault(name, code))

    def miss(self, name: str, code: FaultCode = FaultCode.MISSING) -> None:
        """Note a gap where nothing was posted in a field."""
        if not any(printable(value) for value in self._values.get(name, ())):
            self.note(name, code)

    def _single(self, name: str) -> str:
        """Return the one value of a field, trimmed; of two that contradict each other the last holds."""
        values = self._values.get(name)
        if not values:
            return ""
        if len(values) > 1 and any(value != values[-1] for value in values):
            self.note(name, FaultCode.CONTRADICTION)
        return values[-1].strip()

    def _take(self, field: Sequence[object], known: Container[str]) -> None:
        if isinstance(field, str) or len(field) < 2 or not isinstance(field[0], str):
            return self._note_stray("")
        name, value = field[0], field[1]
        if name not in known:
            return self._note_stray(name)
        if isinstance(value, str) and name not in self._values:
            self._values[name] = [value]
            return None
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list | tuple):
            return self.note(name, FaultCode.INVALID)
        taken = self._values.setdefault(name, [])
        texts = [one for one in values[:_MOST_VALUES] if isinstance(one, str)]
        if len(texts) != len(values) or len(taken) + len(texts) > _MOST_VALUES:
            return self.note(name, FaultCode.INVALID)
        taken.extend(texts)
        return None

    def _note_stray(self, name: str) -> None:
        """Note a field that the form does not have; the first few are enough to tell another form."""
        self._strays += 1
        if self._strays <= _MOST_STRAYS:
            self.note(printable(name[:_LONGEST_NAME]), FaultCode.UNKNOWN)
