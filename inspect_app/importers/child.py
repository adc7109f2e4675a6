"""The child process that reads one workbook: whatever its XML does to the reader, it does it here alone."""

import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import cast

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet.worksheet import Worksheet

from inspect_app.importers import limits
from inspect_app.importers.headings import as_heading
from inspect_app.importers.refusals import FileRefusal, FileRefusedError

AnyCell = Cell | ReadOnlyCell
Shape = Callable[[Sequence[AnyCell]], list[object]]
FOUND_ABOVE = 10
"""The mark of a form, or the headings of a list, stand in one of the first rows."""


def main() -> None:
    """Read what is asked and the workbook from the input, write its rows, and end."""
    _limit_itself()
    warnings.simplefilter("ignore")
    marks, most_rows, shape = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        rows = list(_rows(data, frozenset(marks), most_rows, SHAPES[shape]))
        sys.stdout.write(json.dumps({"rows": rows}, ensure_ascii=True))
    except FileRefusedError as refused:
        sys.stdout.write(json.dumps({"refused": refused.reason.value}))
    except MemoryError:
        sys.stdout.write(json.dumps({"refused": FileRefusal.TOO_DEMANDING.value}))
    # A reader of foreign XML may raise anything; whatever it is, the file is not one that we wrote.
    except Exception:  # noqa: BLE001
        sys.stdout.write(json.dumps({"refused": FileRefusal.DAMAGED.value}))
    sys.stdout.flush()
    os._exit(0)


def _limit_itself() -> None:
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # macOS knows the name of one of them, but not how to keep it
            continue


def _rows(data: bytes, marks: frozenset[str], most_rows: int, shape: Shape) -> Iterator[list[object]]:
    """Yield the rows of the sheet that bears a mark, each its number and its cells."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    sheet = next((one for one in book.worksheets if _bears(one, marks)), None)
    if sheet is None:
        raise FileRefusedError(FileRefusal.ANOTHER_FORM)
    empty = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = shape(cast(Sequence[AnyCell], row[: limits.MOST_COLUMNS]))
        empty = 0 if cells else empty + 1
        if empty > limits.EMPTY_ROWS:
            return
        if number > most_rows:
            raise FileRefusedError(FileRefusal.TOO_MANY_ROWS)
        if cells:
            yield [number, *cells]


def _by_address(row: Sequence[AnyCell]) -> list[object]:
    """Return the cells that are not empty, each its address, the kind of what it holds, and that as text."""
    cells = [[f"{cell.column_letter}{cell.row}", *_content(cell)] for cell in row if cell.value is not None]
    return [cells] if cells else []


def _in_order(row: Sequence[AnyCell]) -> list[object]:
    """Return the texts of all cells, and by its place the kind of each that is neither text nor number."""
    texts, kinds = [], {}
    for place, cell in enumerate(row):
        kind, text = ("text", "") if cell.value is None else _content(cell)
        texts.append(text)
        if kind not in ("text", "number"):
            kinds[place] = kind
    return [texts, kinds] if any(texts) or kinds else []


def _bears(sheet: Worksheet, marks: frozenset[str]) -> bool:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # a sheet that is only read has it
    rows = sheet.iter_rows(max_row=FOUND_ABOVE, max_col=limits.MOST_COLUMNS, values_only=True)
    return any(as_heading(value) in marks for row in rows for value in row if isinstance(value, str))


def _content(cell: AnyCell) -> tuple[str, str]:
    """Return what kind of thing a cell holds, and that as text."""
    value = cell.value
    if cell.data_type == "f":
        return "formula", ""
    if cell.data_type == "e":
        return "error", str(value)
    if isinstance(value, datetime | date):
        return "day", value.isoformat()[:10]
    if isinstance(value, bool):
        return "truth", str(value)
    if isinstance(value, int | float):
        return "number", repr(int(value) if value == int(value) else value)
    return "text", str(value)[: limits.LONGEST_TEXT + 1]


SHAPES: Mapping[str, Shape] = {"by_address": _by_address, "in_order": _in_order}
"""In which form the cells of a row are written."""
