"""A workbook as plain cells, read by a limited child process after a look from outside."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from checklists.json_values import DocumentError, Member
from inspect_app.importers import limits
from inspect_app.importers.archives import require_harmless
from inspect_app.importers.refusals import FileRefusal, FileRefusedError

HOME = Path(__file__).parents[2]
PROGRAM = f"import sys; sys.path.append({str(HOME)!r}); from inspect_app.importers.child import main; main()"
KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP")


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
    require_harmless(data)
    try:
        said = Member(json.loads(_run(mark.encode() + b"\n" + data)))
        if not said["refused"].is_absent:
            raise FileRefusedError(said["refused"].choice(FileRefusal))
        return tuple(_row(row) for row in said["rows"])
    except (ValueError, DocumentError) as error:
        # It ended without a word: the limits took it down.
        raise FileRefusedError(FileRefusal.TOO_DEMANDING) from error


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
