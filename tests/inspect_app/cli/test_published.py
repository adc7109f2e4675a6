"""`inspect-app wave`, `ranking` and `data`: what comes out of a database."""

import json
import secrets
from pathlib import Path

import pytest
from sqlalchemy import update

from inspect_app.db import transaction
from inspect_app.models.visits import VisitIdentity
from inspect_app.services.phone_places import Place, place_text
from tests.inspect_app.cli.published import publish, restate_without
from tests.inspect_app.cli.running import run
from tests.inspect_app.cli.sheets import Cells, in_common, not_ranked, printed, rows_of, sheets_of
from tests.inspect_app.made_up_bank import Bank
from tests.reports import independent

ALL = ("0101", "0102", "0201")


@pytest.fixture
def settings(tmp_path: Path, bank: Bank) -> dict[str, str]:
    """Return the settings of the made-up bank."""
    return {
        "INSPECT_DATA_DIR": str(tmp_path),
        "INSPECT_DATABASE_URL": bank.url,
        "INSPECT_SECRET_KEY": secrets.token_urlsafe(48),
    }


def branch_rows(file: Path) -> list[Cells]:
    """Return the rows of a workbook's branches."""
    return rows_of(sheets_of(file)["网点排名"])


def test_waves_are_listed_with_their_rankings(tmp_path: Path, bank: Bank, settings: dict[str, str]) -> None:
    before = run(tmp_path, "wave", "list", "--json", environ=settings)
    publish(bank, *ALL)
    restate_without(bank, "0102")

    after = run(tmp_path, "wave", "list", "--json", environ=settings)

    wave = {"code": "2026Q3", "mode": "phone", "opens_on": "2026-07-01", "closes_on": "2026-09-20"}
    assert json.loads(before.stdout) == [wave | {"state": "open", "rankings": []}]
    assert json.loads(after.stdout) == [wave | {"state": "published", "rankings": [1, 2]}]


def test_the_lines_alone_give_the_published_workbook(
    tmp_path: Path, bank: Bank, settings: dict[str, str]
) -> None:
    publish(bank, "0101", "0201")

    lines = run(tmp_path, "data", "export", "--wave", "2026Q3", "--out", "wave.jsonl", environ=settings)
    book = run(tmp_path, "ranking", "export", "--wave", "2026Q3", "--out", "book.xlsx", environ=settings)
    scored = run(tmp_path, "score", "wave.jsonl", "--out", "scored.xlsx")

    for finished in (lines, book, scored):
        assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    expected = independent.recompute((tmp_path / "wave.jsonl").read_text(encoding="utf-8").splitlines())
    for file in ("book.xlsx", "scored.xlsx"):
        sheets = sheets_of(tmp_path / file)
        for sheet, table in {"区域排名": "region", "网点排名": "branch"}.items():
            found = {row["机构代码"]: in_common(row) for row in rows_of(sheets[sheet])}
            ranked = [row for row in expected.tables[table].values() if row.unranked is None]
            assert found == {row.code: printed(row) for row in ranked}
        assert not_ranked(sheets["网点排名"]) == {"0102": "没有计入的检查"}
    stated = json.loads((tmp_path / "wave.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert stated["fingerprint"] == expected.fingerprint


def test_nothing_in_the_files_tells_who_inspected(
    tmp_path: Path, bank: Bank, settings: dict[str, str]
) -> None:
    publish(bank, *ALL)
    place = Place(latitude=-47.853, longitude=-133.791, accuracy=7)
    with transaction(bank.database) as session:
        session.execute(update(VisitIdentity).values(place=place_text(place)))

    run(tmp_path, "data", "export", "--wave", "2026Q3", "--out", "wave.jsonl", environ=settings)

    exported = (tmp_path / "wave.jsonl").read_text(encoding="utf-8")
    assert "47.853" not in exported
    assert "133.791" not in exported
    for name in ("inspector", "inspector2"):
        user = bank.user(name)
        assert str(user.id) not in exported
        assert user.display_name not in exported


def test_a_restated_ranking_and_the_one_before_can_both_be_had(
    tmp_path: Path, bank: Bank, settings: dict[str, str]
) -> None:
    publish(bank, *ALL)
    restate_without(bank, "0102")

    first = ("ranking", "export", "--wave", "2026Q3", "--ranking", "1", "--out", "first.xlsx")
    run(tmp_path, *first, environ=settings)
    run(tmp_path, "ranking", "export", "--wave", "2026Q3", "--out", "latest.xlsx", environ=settings)

    assert {row["机构代码"] for row in branch_rows(tmp_path / "first.xlsx")} == set(ALL)
    assert {row["机构代码"] for row in branch_rows(tmp_path / "latest.xlsx")} == {"0101", "0201"}


def test_of_a_region_only_its_own_rows_come_with_both_places(
    tmp_path: Path, bank: Bank, settings: dict[str, str]
) -> None:
    publish(bank, *ALL)

    where = ("--region", "R02", "--out", "r02.xlsx")
    run(tmp_path, "ranking", "export", "--wave", "2026Q3", *where, environ=settings)
    run(tmp_path, "ranking", "export", "--wave", "2026Q3", "--out", "whole.xlsx", environ=settings)

    whole = {row["机构代码"]: row["名次"] for row in branch_rows(tmp_path / "whole.xlsx")}
    rows = [(row["机构代码"], row["名次"], row["区内名次"]) for row in branch_rows(tmp_path / "r02.xlsx")]
    assert rows == [("0201", whole["0201"], 1)]
    details = rows_of(sheets_of(tmp_path / "r02.xlsx")["明细"])
    assert {row["机构代码"] for row in details} == {"0201"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--wave", "2026Q9"), "没有期次 2026Q9。"),
        (("--wave", "2026Q3", "--ranking", "2"), "期次 2026Q3 没有第 2 次排名。"),
        (("--wave", "2026Q3", "--region", "R09"), "期次 2026Q3 没有区域 R09。"),
        (("--wave", "2026Q9", "--lang", "zh-Hant"), "沒有期次 2026Q9。"),
    ],
)
def test_what_is_not_there_is_named(
    tmp_path: Path, bank: Bank, settings: dict[str, str], arguments: tuple[str, ...], sentence: str
) -> None:
    publish(bank, *ALL)

    finished = run(tmp_path, "ranking", "export", *arguments, "--out", "book.xlsx", environ=settings)

    assert (finished.returncode, finished.stderr) == (1, f"{sentence}\n")
    assert not (tmp_path / "book.xlsx").exists()


def test_a_wave_without_ranking_says_so(tmp_path: Path, settings: dict[str, str]) -> None:
    finished = run(tmp_path, "data", "export", "--wave", "2026Q3", "--out", "wave.jsonl", environ=settings)

    assert (finished.returncode, finished.stderr) == (1, "期次 2026Q3 还没有发布排名。\n")
