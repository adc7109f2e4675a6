"""`inspect-app db upgrade`, and what the other commands say of a database that cannot be used."""

import json
from pathlib import Path

import pytest

from tests.inspect_app.cli.running import run

NOT_MIGRATED = "数据库还没有准备好，请先运行 inspect-app db upgrade。\n"


def test_upgrading_makes_the_database_and_may_be_repeated(tmp_path: Path) -> None:
    first, second = run(tmp_path, "db", "upgrade"), run(tmp_path, "db", "upgrade")

    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == second.stdout
    assert json.loads(run(tmp_path, "wave", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    "command", [("wave", "list"), ("serve",), ("data", "export", "--wave", "2026Q3", "--out", "x")]
)
def test_a_database_that_was_not_migrated_is_refused_and_not_made(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    finished = run(tmp_path, *command)

    assert (finished.returncode, finished.stdout, finished.stderr) == (1, "", NOT_MIGRATED)
    assert not (tmp_path / "data" / "inspect.sqlite3").exists()


def test_an_empty_database_is_not_migrated(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite3").touch()

    environ = {"INSPECT_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
    finished = run(tmp_path, "wave", "list", environ=environ)

    assert (finished.returncode, finished.stderr) == (1, NOT_MIGRATED)


def test_what_is_no_database_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite3").write_text("no database at all, but long enough to be looked at" * 40)

    environ = {"INSPECT_DATABASE_URL": f"sqlite:///{tmp_path / 'text.sqlite3'}"}
    finished = run(tmp_path, "db", "upgrade", environ=environ)

    assert finished.returncode == 1
    assert finished.stderr.startswith(f"用不了数据库 sqlite:///{tmp_path / 'text.sqlite3'}：")
    assert len(finished.stderr.splitlines()) == 1


def test_an_unknown_setting_stops_the_command(tmp_path: Path) -> None:
    finished = run(tmp_path, "db", "upgrade", environ={"INSPECT_DATA_DIRR": "x"})

    assert finished.returncode == 1
    assert "INSPECT_DATA_DIRR" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")

    finished = run(tmp_path, "db", "upgrade")

    assert finished.returncode == 1
    assert finished.stderr.startswith("用不了数据文件夹 data：")


def test_a_database_of_another_kind_is_refused_with_what_is_possible(tmp_path: Path) -> None:
    finished = run(tmp_path, "db", "upgrade", environ={"INSPECT_DATABASE_URL": "mysql://bank/inspect"})

    assert finished.returncode == 1
    assert "'mysql'" in finished.stderr
    assert "sqlite:/// or postgresql://" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1
