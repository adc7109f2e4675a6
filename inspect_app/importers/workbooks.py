"""A workbook as plain cells, read by a limited child process after a look from outside."""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from checklists.json_values import DocumentError, Member
from inspect_app.importers import limits
from inspect_app.importers.archives import require_harmless
from inspect_app.importers.refusals import FileRefusal, FileRefusedError

HOME = Path(__file__).parents[2]
PROGRAM = f"import sys; sys.path.append({str(HOME)!r}); from inspect_app.importers.child import main; main()"
KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP")


RawRow = tuple[int, Sequence[str], Mapping[int, str]]
"""A row's number, the texts of its cells in order, and by place the kind of each that is no text."""


class CellKind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    TRUTH = "truth"
    FORMULA = "formula"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell that is not empty: its address, such as `K17`, and what it holds, a day as ISO has it."""

    address: str
    kind: CellKind
    text: str

    @property
    def column(self) -> str:
        """Return the letters of the address."""
        return self.address.rstrip("0123456789")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that is not empty: its number and its cells by the letters of their columns."""

    number: int
    cells: Mapping[str, ReadCell]


def read_workbook(data: bytes, mark: str) -> tuple[ReadRow, ...]:
    """Return the rows of the sheet that bears a mark in one of its first rows.

    Raises:
        FileRefusedError: it is no workbook that is read; `reason` says why.
    """
    try:
        return tuple(_row(row) for row in _said(data, (mark,), limits.MOST_ROWS, "by_address")["rows"])
    except DocumentError as error:
        raise FileRefusedError(FileRefusal.TOO_DEMANDING) from error


def read_sheet(data: bytes, marks: Collection[str]) -> Iterator[RawRow]:
    """Yield the rows of the sheet that bears one of these headings in one of its first rows.

    Raises:
        FileRefusedError: it is no workbook that is read; `reason` says why.
    """
    rows = _said(data, marks, limits.MOST_LISTED, "in_order")["rows"]
    # Our own child wrote these; a check of each of half a million texts takes longer than reading them.
    for number, texts, kinds in cast(list[tuple[int, list[str], dict[str, str]]], rows.value):
        yield number, texts, {int(place): kind for place, kind in kinds.items()}


def _said(data: bytes, marks: Collection[str], most_rows: int, shape: str) -> Member:
    """Return what the child process said of a workbook that it read."""
    require_harmless(data)
    asked = json.dumps([sorted(marks), most_rows, shape]).encode()
    try:
        said = Member(json.loads(_run(asked + b"\n" + data)))
        if not said["refused"].is_absent:
            raise FileRefusedError(said["refused"].choice(FileRefusal))
    except (ValueError, DocumentError) as error:
        # It ended without a word: the limits took it down.
        raise FileRefusedError(FileRefusal.TOO_DEMANDING) from error
    return said


def _run(given: bytes) -> bytes:
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter, with a program of our own
            [sys.executable, "-I", "-c", PROGRAM],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=limits.PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefusedError(FileRefusal.TOO_DEMANDING) from error
    return done.stdout


def _row(row: Member) -> ReadRow:
    number, cells = list(row)
    read = [_cell(cell) for cell in cells]
    return ReadRow(number.number(), {cell.column: cell for cell in read})


def _cell(cell: Member) -> ReadCell:
    address, kind, text = list(cell)
    return ReadCell(address.text(), kind.choice(CellKind), text.text())
