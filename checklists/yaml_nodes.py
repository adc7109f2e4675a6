"""YAML files read with every fault told by file and line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from operator import itemgetter
from typing import TypeVar

import yaml

Choice = TypeVar("Choice", bound=StrEnum)

_TEXT = "tag:yaml.org,2002:str"
_WHOLE = "tag:yaml.org,2002:int"
_NULL = "tag:yaml.org,2002:null"
_CLAIM = "tag:yaml.org,2002:bool"
_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """A file is no YAML at all; `line`, counted from 1, and `sentence` say where and why."""

    def __init__(self, file: str, line: int, sentence: str) -> None:
        """Keep the place apart from the sentence."""
        self.line = line
        self.sentence = sentence
        super().__init__(f"{file}:{line}: {sentence}")


@dataclass(slots=True)
class Faults:
    """Everything that is wrong with one file."""

    file: str
    _found: list[tuple[int, str]] = field(default_factory=list)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each fault behind its file and line, by line."""
        return tuple(f"{self.file}:{line}: {sentence}" for line, sentence in self.by_line())

    def by_line(self) -> list[tuple[int, str]]:
        """Return each fault's line, counted from 1, and sentence, by line."""
        return sorted(self._found, key=itemgetter(0))

    def note(self, line: int, sentence: str) -> None:
        """Note a fault at a line, counted from 1."""
        self._found.append((line, sentence))


@dataclass(frozen=True, slots=True)
class YamlNode:
    """A value in a file, under the name that its place gives it.

    Every reader notes a fault where the value is of another kind, and returns something of the right kind all
    the same, so that one reading finds all faults. What is absent reads as its default without a fault.
    """

    node: yaml.Node | None
    line: int
    name: str
    faults: Faults

    @property
    def is_absent(self) -> bool:
        """Say whether there is nothing here."""
        return self.node is None or self.node.tag == _NULL

    def require(self, required: Sequence[str], known: Sequence[str]) -> None:
        """Note each key that must be there and is not, each that nobody knows, and each that stands twice."""
        seen: set[str] = set()
        if not (self.is_absent or isinstance(self.node, yaml.MappingNode)):
            self.note(f"{self.name} should hold keys and values")
            return
        for key, value in self.pairs():
            if key not in known:
                value.note(f"{self._of(key)} is no key; the keys here are {', '.join(known)}")
            if key in seen:
                value.note(f"{self._of(key)} stands twice")
            seen.add(key)
        for key in required:
            if self.member(key).is_absent:
                self.note(f"{self._of(key)} is missing")

    def member(self, key: str) -> "YamlNode":
        """Return what stands under a key; absent if nothing does."""
        return next((value for name, value in self.pairs() if name == key), self._inside(None, key))

    def at(self, path: Sequence[str]) -> "YamlNode":
        """Return what a path of keys leads to, as far as it leads; in a list a key is a member's text."""
        found = self
        for key in path:
            inner = found.member(key) if isinstance(found.node, yaml.MappingNode) else found._listed(key)
            if inner.is_absent:
                break
            found = inner
        return found

    def pairs(self) -> Iterator[tuple[str, "YamlNode"]]:
        """Yield each key with its value."""
        if self.is_absent:
            return
        if not isinstance(self.node, yaml.MappingNode):
            self.note(f"{self.name} should hold keys and values")
            return
        for key, value in self.node.value:
            yield str(key.value), self._inside(value, str(key.value), key)

    def members(self) -> Iterator["YamlNode"]:
        """Yield each member of a list."""
        if self.is_absent:
            return
        if not isinstance(self.node, yaml.SequenceNode):
            self.note(f"{self.name} should be a list, such as [a, b]")
            return
        for place, value in enumerate(self.node.value, start=1):
            yield self._inside(value, f"no. {place}", value)

    def text(self) -> str:
        """Return a text."""
        if self.is_absent:
            return ""
        if self._tag() != _TEXT:
            self.note(f"{self.name} should be a text; put what looks like a number in quotes")
            return ""
        return self._scalar().strip()

    def whole(self, default: int) -> int:
        """Return a whole number."""
        if self.is_absent:
            return default
        digits = self._scalar().removeprefix("-")
        if self._tag() != _WHOLE or not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            self.note(f"{self.name} should be a whole number")
            return default
        return int(self._scalar())

    def claim(self, *, default: bool) -> bool:
        """Return true or false."""
        if self.is_absent:
            return default
        if self._tag() != _CLAIM or self._scalar() not in ("true", "false"):
            self.note(f"{self.name} should be true or false")
            return default
        return self._scalar() == "true"

    def exact(self, default: Fraction) -> Fraction:
        """Return an exact number: a whole one, or a text such as "3/2" or "0.1"."""
        if self.is_absent:
            return default
        try:
            if self._tag() in (_TEXT, _WHOLE):
                return Fraction(self._scalar())
        except (ValueError, ZeroDivisionError):
            pass
        self.note(f'{self.name} should be an exact number: a whole one, or in quotes such as "3/2" or "0.1"')
        return default

    def choice(self, choices: type[Choice], default: Choice) -> Choice:
        """Return one of an enumeration's values."""
        if self.is_absent:
            return default
        written = self._scalar()
        for choice in choices:
            if choice.value == written:
                return choice
        self.note(f"{self.name} is {written!r}, but should be one of {', '.join(choices)}")
        return default

    def note(self, sentence: str) -> None:
        """Note a fault at this place."""
        self.faults.note(self.line, sentence)

    def _inside(self, node: yaml.Node | None, key: str, start: yaml.Node | None = None) -> "YamlNode":
        line = self.line if start is None else start.start_mark.line + 1
        return YamlNode(node, line, self._of(key), self.faults)

    def _of(self, key: str) -> str:
        return f"{self.name} {key}".strip()

    def _listed(self, written: str) -> "YamlNode":
        """Return the last member of a list that says just this, or that holds it as its code."""
        found = self._inside(None, written)
        if isinstance(self.node, yaml.SequenceNode):
            for member in self.members():
                named = member.member("code") if isinstance(member.node, yaml.MappingNode) else member
                if isinstance(named.node, yaml.ScalarNode) and named.node.value == written:
                    found = member
        return found

    def _tag(self) -> str:
        return self.node.tag if isinstance(self.node, yaml.ScalarNode) else ""

    def _scalar(self) -> str:
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""


def read_yaml(written: str, faults: Faults) -> YamlNode:
    """Return the root of a file.

    Raises:
        YamlError: it is no YAML, or empty.
    """
    try:
        root = yaml.compose(written, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlError(faults.file, line, f"this is no YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise YamlError(faults.file, 1, f"this is no YAML: {error}") from error
    if root is None:
        raise YamlError(faults.file, 1, "the file is empty")
    return YamlNode(root, 1, "", faults)
