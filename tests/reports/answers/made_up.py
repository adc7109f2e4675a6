"""A made-up workbook for answers, and what tests do to one."""

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.answers import AnswerRow, AnswerWords, Choices, Column, write_answer_workbook
from reports.answers.columns import MARK

MADE_AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
CHOICES = Choices(["岗位空缺", "没培训到", "其他"], ["培训演练", "调整排班"], ["大堂经理", "柜员"])
WORDS = AnswerWords(
    sheet="整改填报",
    lists_sheet="选项",
    title="整改填报 · 沙坪坝支行",
    note="蓝色表头的几列由您填写。",
    headings={column: f"列 {column.value}" for column in Column},
    wrong_choice="请从列表里选。",
    wrong_day="请填日期。",
    page="第 &P 页，共 &N 页",
)


def id_of(number: int) -> uuid.UUID:
    """Return the id of a made-up deficiency."""
    return uuid.UUID(int=number, version=4)


def row(number: int, **changes: object) -> AnswerRow:
    """Return a made-up row, the same for the same number."""
    given: Mapping[str, object] = {
        "deficiency": str(id_of(number)),
        "version": 1,
        "wave": "2026 年三季度",
        "branch_code": "0101",
        "branch_name": "沙坪坝支行",
        "item": "S06.A1",
        "standard": "客户进门 3 秒内起身、面向客户、微笑点头示意。",
        "seen": "抬头看了一眼，没有起身",
        "severity": "严重",
        "points": 125,
        "due_on": date(2026, 12, 8),
        **changes,
    }
    return AnswerRow(**given)  # type: ignore[arg-type]  # the fields of a row, by name


def book_of(*rows: AnswerRow) -> bytes:
    """Return a workbook as it is handed out."""
    return write_answer_workbook(rows, CHOICES, WORDS, MADE_AT)


Place = Callable[[Column, int], str]


def places_in(sheet: Worksheet) -> Place:
    """Return what tells the address of a column's cell in the n-th row of the table, from 0."""
    keys = {cell.value: cell.coordinate.rstrip("0123456789") for cell in sheet[1]}
    assert MARK in keys
    return lambda column, number: f"{keys[column.value]}{5 + number}"


def fill_in(book: bytes, change: Callable[[Worksheet, Place], None]) -> bytes:
    """Return a workbook as somebody saved it who has changed something in it."""
    opened = load_workbook(BytesIO(book))
    sheet = opened.worksheets[0]
    change(sheet, places_in(sheet))
    saved = BytesIO()
    opened.save(saved)
    return saved.getvalue()
