"""How long 23,000 branches take: written beside the driver's executemany, their list read and taken in."""

import csv
import sqlite3
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook, load_workbook
from sqlalchemy import delete, insert

from benchmarks.measuring import Budget, Figure, beside
from inspect_app.db import Database, open_database, transaction
from inspect_app.importers.unit_lists import UnitList, read_units
from inspect_app.labels.lists import unit_form, unit_levels
from inspect_app.migrations import upgrade
from inspect_app.models.organisation import Branch, Region
from inspect_app.queries.unit_changes import unit_changes
from inspect_app.services.journal import Actor
from inspect_app.services.name_keys import name_key
from inspect_app.services.unit_lists import take_in_units
from inspect_app.services.writing import write_rows

BRANCHES, REGIONS = 23_000, 40
HEADINGS = ("机构代码", "机构名称", "机构层级", "上级机构代码", "网点类型", "地址")
NOW = datetime(2026, 8, 3, tzinfo=UTC)
Rows = list[dict[str, object]]


def figures() -> Iterator[Figure]:
    """Write the branches of a national bank in one transaction."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "bank.sqlite3"
        database = open_database(f"sqlite:///{place}")
        upgrade(database)
        rows = _rows(database)
        raw = sqlite3.connect(Path(folder) / "raw.sqlite3")
        raw.execute("CREATE TABLE branch (id, code UNIQUE, name, name_key, kind, address, region_id)")
        cells = [tuple(str(cell) for cell in row.values()) for row in rows]
        yield beside(
            f"write {BRANCHES:,} branches",
            Budget(times=4),
            lambda: _write(database, rows),
            "executemany without the product",
            lambda: _write_raw(raw, cells),
            turns=5,
        )
        database.writing.dispose()
    yield from _of_the_list()


def _rows(database: Database) -> Rows:
    region = uuid.uuid4()
    with transaction(database) as session:
        root: dict[str, object] = {"id": region, "code": "HO", "name": "总行", "name_key": "", "path": "/HO/"}
        session.execute(insert(Region), [root])
    return [
        {
            "id": uuid.uuid4(),
            "code": f"{number:05}",
            "name": f"第 {number} 支行",
            "name_key": f"di {number} zhi hang",
            "kind": "基础",
            "address": f"人民路 {number} 号",
            "region_id": region,
        }
        for number in range(BRANCHES)
    ]


def _write(database: Database, rows: Rows) -> None:
    with transaction(database) as session:
        session.execute(delete(Branch))
        write_rows(session, Branch, rows)


def _write_raw(raw: sqlite3.Connection, cells: list[tuple[str, ...]]) -> None:
    with raw:
        raw.execute("DELETE FROM branch")
        raw.executemany("INSERT INTO branch VALUES (?, ?, ?, ?, ?, ?, ?)", cells)


def _of_the_list() -> Iterator[Figure]:
    """Read the list from both kinds of file, and take it in."""
    rows = [HEADINGS, *_listed()]
    lines = StringIO()
    csv.writer(lines).writerows(rows)
    text, book = lines.getvalue(), _workbook(rows)
    if _read(text.encode()).units != _read(book).units:
        raise AssertionError("the two files do not say the same")
    yield beside(
        f"read {BRANCHES:,} branches of a csv file, every cell checked",
        Budget(seconds=1),
        lambda: _read(text.encode()),
        "the csv module alone",
        lambda: list(csv.reader(StringIO(text))),
        turns=3,
    )
    yield beside(
        f"read {BRANCHES:,} branches of a workbook, every cell checked",
        Budget(times=1.5),
        lambda: _read(book),
        "openpyxl, read-only",
        lambda: _read_raw(book),
        turns=3,
    )
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'bank.sqlite3'}")
        upgrade(database)
        listed = _read(text.encode())
        _take_in(database, listed)
        yield beside(
            f"take in {BRANCHES:,} branches, with their journal",
            Budget(times=4),
            lambda: _again(database, listed),
            "their names in pinyin",
            lambda: [name_key(unit.name) for unit in listed.units],
            turns=3,
        )
        database.writing.dispose()


def _listed() -> list[tuple[str, ...]]:
    regions = [(f"R{number:02}", f"第 {number} 分行", "分行", "HO", "", "") for number in range(REGIONS)]
    branches = [
        (f"{number:05}", f"人民路第 {number} 支行", "网点", f"R{number % REGIONS:02}", "基础", "人民路 1 号")
        for number in range(BRANCHES)
    ]
    return [("HO", "总行", "总行", "", "", ""), *regions, *branches]


def _workbook(rows: list[tuple[str, ...]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _read(data: bytes) -> UnitList:
    return read_units(data, unit_form(), unit_levels())


def _read_raw(book: bytes) -> list[tuple[object, ...]]:
    sheet = load_workbook(BytesIO(book), read_only=True).worksheets[0]
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def _again(database: Database, listed: UnitList) -> None:
    with transaction(database) as session:
        session.execute(delete(Branch))
    _take_in(database, listed)


def _take_in(database: Database, listed: UnitList) -> None:
    with transaction(database) as session:
        changes = unit_changes(session, listed)
        take_in_units(session, Actor.system(), changes, digest="0" * 64, now=NOW)
