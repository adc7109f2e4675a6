"""Reads the lines of a data export and says everything that is wrong with them, line by line."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.export import Export, ExportedVisit, ExportedWave
from reports.line_fields import Field, expectation
from reports.visit_reading import read_visit
from reports.wave_reading import read_wave
from reports.waves import Wave


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with a line; numbered from 1 as they stand in the file."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}"


class ExportError(ValueError):
    """The lines are no data export; `problems` holds everything that is wrong, by line."""

    def __init__(self, problems: Sequence[LineProblem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def read_export(lines: Iterable[str]) -> Export:
    """Return what the lines of a data export say; empty lines are passed over, unknown keys too.

    Raises:
        ExportError: at least one line is wrong; all problems of all lines are in it.
    """
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        text = line.lstrip("\ufeff").strip() if number == 1 else line.strip()
        if text:
            reader.read(number, text)
    return reader.finish()


class _Reader:
    """Takes line after line; what one line says is held against those before it."""

    def __init__(self) -> None:
        self.problems: list[LineProblem] = []
        self.head: ExportedWave | None = None
        self.visits: list[ExportedVisit] = []
        self.branches: frozenset[str] = frozenset()
        self.lines_of_visits: dict[str, int] = {}
        self.has_begun = False

    def read(self, number: int, text: str) -> None:
        found: list[str] = []
        field = Field(_parsed(text, found), "", found)
        if not found:
            self._take(number, field)
        self.has_begun = True
        self.problems.extend(LineProblem(number, sentence) for sentence in found)

    def finish(self) -> Export:
        if not self.has_begun:
            self.problems.append(LineProblem(1, "there is nothing here; the first line should be the wave's"))
        if self.problems or self.head is None:
            raise ExportError(self.problems)
        return Export(self.head, tuple(self.visits))

    def _take(self, number: int, field: Field) -> None:
        kind = field["kind"].value
        if not self.has_begun:
            if kind == "wave":
                self._take_wave(field)
            else:
                field.problems.append('the first line should be the wave\'s, with "kind": "wave"')
        elif kind == "visit":
            self._take_visit(number, field)
        else:
            wanted = '"visit"; only the first line is a wave\'s'
            field.problems.append(expectation("kind", kind, wanted))

    def _take_wave(self, field: Field) -> None:
        head = read_wave(field)
        if not field.problems:
            self.branches = frozenset(target.code for target in head.wave.targets)
            self.head = head

    def _take_visit(self, number: int, field: Field) -> None:
        visit = read_visit(field)
        first = self.lines_of_visits.setdefault(visit.visit, number)
        if first != number:
            field.problems.append(f"visit {visit.visit} stands on line {first} already; each counts once")
        if self.head is not None:
            self._hold_against_wave(field, self.head.wave)
        if not field.problems:
            self.visits.append(visit)

    def _hold_against_wave(self, field: Field, wave: Wave) -> None:
        said, branch = field["wave"].text(), field["branch"].value
        if said and wave.code and said != wave.code:
            field.problems.append(f"wave is {said}, but the first line is of wave {wave.code}")
        if isinstance(branch, str) and branch and branch not in self.branches:
            field.problems.append(f"branch {branch} is not among the wave's targets")


def _parsed(text: str, problems: list[str]) -> object:
    """Return a line's JSON object; notes why it is none."""
    try:
        parsed: object = json.loads(text)
    except RecursionError:
        problems.append("the line is nested more deeply than any line of an export")
        return None
    except ValueError as error:
        problems.append(f"the line is not JSON: {error}")
        return None
    if not isinstance(parsed, dict):
        problems.append("the line should be a JSON object, in braces")
    return parsed
