"""The demonstration made in bulk leaves the same rows as the services do."""

import re
import shutil
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Table, inspect, literal, select
from sqlalchemy.orm import Session

from inspect_app.db import open_database, reading
from inspect_app.demo import Scale, prepare_demo
from inspect_app.demo.chance import chance
from inspect_app.demo.making import in_bulk
from inspect_app.demo.names import branch_names, first_level_names, people_names
from inspect_app.demo.scales import MEASURES
from inspect_app.models.base import Base
from tests.demo_bank import AS_OF, SEED, silent

RANDOM_BY_NATURE = {
    ("user_account", "password_hash"): "salted anew each time",
    ("journal_seal", "previous_hash"): "chains identifiers",
    ("journal_seal", "hash"): "chains identifiers",
    ("journal_anchor", "hash"): "chains identifiers",
    ("journal_seal", "sequence"): "entries of one moment are sealed in the order of their identifiers",
    ("journal_seal", "entry_id"): "entries of one moment are sealed in the order of their identifiers",
    ("journal_seal", "sealed_at"): "when this test ran",
}
"""What two demonstrations of one seed do not share, and why; all else is compared."""

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

Cells = dict[str, object]


def rows_by_table(folder: Path) -> Mapping[str, list[Cells]]:
    """Return every row of every table of a demonstration, but what is random or time by nature."""
    database = open_database(f"sqlite:///{folder / 'inspect.sqlite3'}")
    with reading(database) as session:
        rows = {table.name: list(_rows(session, table)) for table in _tables(session)}
    database.writing.dispose()
    return rows


def _tables(session: Session) -> Sequence[Table]:
    there = set(inspect(session.connection()).get_table_names())
    return [table for table in Base.metadata.sorted_tables if table.name in there]


def _rows(session: Session, table: Table) -> Iterator[Cells]:
    kept = [column for column in table.columns if (table.name, column.name) not in RANDOM_BY_NATURE]
    for row in session.execute(select(literal(1).label("there"), *kept)):
        yield dict(row._mapping)


def named_alike(rows: Mapping[str, list[Cells]]) -> Mapping[str, Counter[str]]:
    """Return the rows as texts in which every identifier is replaced by what it stands for.

    An identifier stands for what its row says, and the rows that it names say; found out step by step.
    """
    names: dict[str, str] = {}
    for _ in range(6):
        told: dict[str, str] = {}
        for table, cells in rows.items():
            for row in cells:
                own = row.get("id")
                if isinstance(own, uuid.UUID):
                    others = {name: value for name, value in row.items() if name != "id"}
                    told[str(own)] = f"{table}:{hash(_text(others, names))}"
        names = told
    return {table: Counter(_text(row, names) for row in cells) for table, cells in rows.items()}


def _text(row: Cells, names: Mapping[str, str]) -> str:
    cells = sorted((name, str(value)) for name, value in row.items())
    return UUID.sub(lambda found: names.get(found[0], "?"), f"{cells}")


@pytest.fixture(scope="module")
def made_in_bulk(tmp_path_factory: pytest.TempPathFactory, prepared_demo: Path) -> Path:
    """Return a small demonstration made in bulk, with the secret of the one that the services made."""
    folder = tmp_path_factory.mktemp("demo") / "in-bulk"
    folder.mkdir()
    shutil.copy(prepared_demo / "secret.key", folder)
    prepare_demo(folder, Scale.SMALL, SEED, silent, as_of=AS_OF, making=in_bulk(processes=2))
    return folder


def test_every_row_of_every_table_is_the_same_but_for_what_is_random_by_nature(
    made_in_bulk: Path, prepared_demo: Path
) -> None:
    by_services, in_one = rows_by_table(prepared_demo), rows_by_table(made_in_bulk)

    assert by_services.keys() == in_one.keys()
    wanted, made = named_alike(by_services), named_alike(in_one)
    differing: dict[str, object] = defaultdict(list)
    for table, rows in wanted.items():
        if rows != made[table]:
            differing[table] = (sorted(rows - made[table])[:3], sorted(made[table] - rows)[:3])
    assert not differing
    assert {table for table, rows in wanted.items() if rows} >= {
        "submission",
        "review",
        "journal_seal",
        "draft",
    }


def test_the_written_accounts_are_the_same(made_in_bulk: Path, prepared_demo: Path) -> None:
    written = [
        (folder / "accounts.json").read_text(encoding="utf-8") for folder in (made_in_bulk, prepared_demo)
    ]

    assert written[0] == written[1]


def test_there_are_names_for_the_largest_bank_and_none_twice() -> None:
    measures = MEASURES[Scale.NATIONAL]
    regions, branches = list(first_level_names()), list(branch_names())
    people = list(people_names(chance(SEED, "people")))

    assert len(regions) == len(set(regions)) >= len(measures.regions)
    assert len(branches) == len(set(branches)) >= measures.branches
    assert (
        len(people) == len(set(people)) >= measures.branches + measures.inspectors + len(measures.regions) + 4
    )
