"""How long 23,000 branches take to be written; the floor is the driver's own executemany of the same rows."""

import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import delete, insert

from benchmarks.measuring import Budget, Figure, beside
from inspect_app.db import Database, open_database, transaction
from inspect_app.migrations import upgrade
from inspect_app.models.organisation import Branch, Region
from inspect_app.services.writing import write_rows

BRANCHES = 23_000
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
