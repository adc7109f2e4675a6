"""Reads a ranking workbook as its reader does: sheet by sheet, row by row."""

from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.reports import independent

HEAD_ROW = 4
Cells = dict[str, object]


def sheets_of(file: Path) -> dict[str, Worksheet]:
    """Return a workbook's sheets by name."""
    book = load_workbook(file)
    return {sheet.title: sheet for sheet in book.worksheets}


def rows_of(sheet: Worksheet) -> list[Cells]:
    """Return the rows below a sheet's head, up to the first empty one, by heading."""
    heads = [str(cell.value) for cell in sheet[HEAD_ROW]]
    return [
        dict(zip(heads, values, strict=True))
        for values in _until_empty(sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True))
    ]


def not_ranked(sheet: Worksheet) -> dict[object, object]:
    """Return why each unit that stands apart was not ranked, by its code."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD_ROW + 1)]
    head = next((number for number, row in enumerate(rows) if "原因" in row), None)
    if head is None:
        return {}
    code, why = rows[head].index("机构代码"), rows[head].index("原因")
    return {row[code]: row[why] for row in rows[head + 1 :]}


def printed(row: independent.Row) -> Cells:
    """Return what a row of the second program prints in the columns that every ranking has."""
    return {
        "机构代码": row.code,
        "名次": row.rank,
        "得分": _points(row.score),
        "名次变化": row.rank_change,
        "得分变化": _points(row.score_change),
        "访问次数": row.visits,
    }


def in_common(row: Cells) -> Cells:
    """Return of a sheet's row what every ranking has."""
    return {
        heading: row[heading] for heading in ("机构代码", "名次", "得分", "名次变化", "得分变化", "访问次数")
    }


def _points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


def _until_empty(rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        if not any(value is not None for value in row):
            return
        yield row
