"""The drill: `inspect-app backup` while somebody writes, `restore` elsewhere, and whatever can go wrong."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.demo_bank import DemoBank
from tests.inspect_app.cli.running import free_port, run, serving, surroundings

ROOT = Path(__file__).parents[3]


def in_folder(folder: Path) -> Mapping[str, str]:
    """Return the settings of whoever works on the database in a folder."""
    return {"INSPECT_DATA_DIR": str(folder)}


def inspect_app(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command on the database in a folder."""
    return run(folder.parent, *arguments, environ=in_folder(folder))


def elsewhere(bank: DemoBank) -> Path:
    """Return an empty folder on another machine, to which the secret was brought."""
    folder = bank.folder.with_name("elsewhere")
    folder.mkdir()
    shutil.copy(bank.folder / "secret.key", folder)
    return folder


def rows(folder: Path, table: str) -> set[str]:
    """Return the ids of a table."""
    with closing(sqlite3.connect(folder / "inspect.sqlite3")) as connection:
        return {row for (row,) in connection.execute(f"SELECT id FROM {table}")}  # noqa: S608 - our names


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {place.name: place.read_bytes() for place in folder.iterdir() if place.is_file()}


@pytest.fixture
def backup(demo_bank: DemoBank, tmp_path: Path) -> Path:
    """Return a backup of the demonstration."""
    finished = inspect_app(demo_bank.folder, "backup", tmp_path / "backup")
    assert (finished.returncode, finished.stderr) == (0, "")
    return tmp_path / "backup"


@contextmanager
def writer(folder: Path, journal: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that submits without a pause, and writes down each submission once it is acknowledged."""
    program = [sys.executable, "-m", "tests.inspect_app.cli.busy_writer", str(folder), str(journal)]
    process = subprocess.Popen(program, cwd=ROOT, env=surroundings())
    try:
        until(lambda: journal.exists() and len(journal.read_text().splitlines()) >= 2)
        yield process
    finally:
        process.kill()
        process.wait()


def until(claim: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(600):
        if claim():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to be")


@pytest.mark.fault("D09")
def test_a_backup_made_while_others_write_holds_all_that_was_acknowledged_before(
    demo_bank: DemoBank, tmp_path: Path
) -> None:
    acknowledged = tmp_path / "acknowledged"
    with writer(demo_bank.folder, acknowledged):
        before = set(acknowledged.read_text().split())
        made = inspect_app(demo_bank.folder, "backup", tmp_path / "backup")
        at_the_end = len(acknowledged.read_text().split())
        until(lambda: len(acknowledged.read_text().split()) > at_the_end)
    target = elsewhere(demo_bank)
    restored = inspect_app(target, "restore", tmp_path / "backup")

    assert (made.returncode, restored.returncode, restored.stderr) == (0, 0, "")
    assert before <= rows(target, "submission") <= rows(demo_bank.folder, "submission")
    assert inspect_app(target, "verify").returncode == 0
    assert inspect_app(demo_bank.folder, "verify").returncode == 0
    manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["tables"]["submission"]["rows"] == len(rows(target, "submission"))


@pytest.mark.fault("D09")
def test_what_is_restored_is_what_was_kept_and_the_secret_is_not_among_it(
    demo_bank: DemoBank, backup: Path
) -> None:
    assert sorted(place.name for place in backup.iterdir()) == ["database.sqlite3", "manifest.json"]
    target = elsewhere(demo_bank)

    assert inspect_app(target, "restore", backup).returncode == 0

    for table in ("submission", "revision", "journal_entry", "ranking", "user_account"):
        assert rows(target, table) == rows(demo_bank.folder, table) != set()


@pytest.mark.skipif(os.name != "posix", reason="files have no modes here")
def test_nobody_but_its_owner_reads_a_backup(backup: Path) -> None:
    modes = {place.stat().st_mode & 0o077 for place in (backup, *backup.iterdir())}

    assert modes == {0}


def test_a_backup_is_never_written_over_something(demo_bank: DemoBank, backup: Path) -> None:
    before = content(backup)

    finished = inspect_app(demo_bank.folder, "backup", backup)

    assert finished.returncode == 1
    assert "里已经有东西了" in finished.stderr
    assert content(backup) == before


def cut_the_copy(backup: Path) -> None:
    """Leave half of the copy of the database."""
    place = backup / "database.sqlite3"
    os.truncate(place, place.stat().st_size // 2)


def lose_the_copy(backup: Path) -> None:
    """Leave the manifest alone."""
    (backup / "database.sqlite3").unlink()


def lose_the_manifest(backup: Path) -> None:
    """Leave what a backup that was interrupted has."""
    (backup / "manifest.json").unlink()


def cut_the_manifest(backup: Path) -> None:
    """Leave half of the manifest."""
    os.truncate(backup / "manifest.json", 200)


def change_a_byte(backup: Path) -> None:
    """Change one byte of the copy."""
    with (backup / "database.sqlite3").open("r+b") as file:
        file.seek(50_000)
        byte = file.read(1)
        file.seek(50_000)
        file.write(bytes([byte[0] ^ 1]))


def come_from_another_version(backup: Path) -> None:
    """Say that the database has taken other steps."""
    place = backup / "manifest.json"
    manifest = json.loads(place.read_text(encoding="utf-8"))
    place.write_text(json.dumps(manifest | {"schema": "9999", "version": "9.0"}), encoding="utf-8")


def come_from_a_server(backup: Path) -> None:
    """Say that it is of a database server."""
    place = backup / "manifest.json"
    manifest = json.loads(place.read_text(encoding="utf-8"))
    place.write_text(json.dumps(manifest | {"kind": "postgresql"}), encoding="utf-8")


@pytest.mark.fault("D10")
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (cut_the_copy, "备份不完整：database.sqlite3"),
        (lose_the_copy, "备份不完整：database.sqlite3"),
        (lose_the_manifest, "不是完整的备份"),
        (cut_the_manifest, "不是完整的备份"),
        (change_a_byte, "备份损坏：database.sqlite3"),
        (come_from_another_version, "备份是版本 9.0 (9999) 做的"),
        (come_from_a_server, "备份来自 postgresql"),
    ],
)
def test_what_is_not_a_whole_backup_of_this_version_is_refused_before_anything_is_touched(
    demo_bank: DemoBank, backup: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    spoil(backup)
    before = content(demo_bank.folder)

    finished = inspect_app(demo_bank.folder, "restore", "--replace", backup)

    assert finished.returncode == 1
    assert sentence in finished.stderr
    assert content(demo_bank.folder) == before


@pytest.mark.fault("D10")
def test_a_database_that_is_there_is_not_replaced_unless_asked_to(demo_bank: DemoBank, backup: Path) -> None:
    before = content(demo_bank.folder)

    finished = inspect_app(demo_bank.folder, "restore", backup)

    assert finished.returncode == 1
    assert "--replace" in finished.stderr
    assert content(demo_bank.folder) == before


def test_a_database_that_is_being_served_is_not_replaced(demo_bank: DemoBank, backup: Path) -> None:
    arguments = ("demo", "--data", str(demo_bank.folder), "--port", str(free_port()))
    with serving(demo_bank.folder, *arguments):
        finished = inspect_app(demo_bank.folder, "restore", "--replace", backup)

    assert finished.returncode == 1
    assert "正在使用，请先停止服务" in finished.stderr


@pytest.mark.fault("D10")
def test_what_a_killed_server_left_in_its_log_is_put_aside_and_not_mixed_in(
    demo_bank: DemoBank, backup: Path, tmp_path: Path
) -> None:
    acknowledged = tmp_path / "acknowledged"
    with writer(demo_bank.folder, acknowledged):
        pass
    assert (demo_bank.folder / "inspect.sqlite3-wal").stat().st_size > 0

    finished = inspect_app(demo_bank.folder, "restore", "--replace", backup)

    assert (finished.returncode, finished.stderr) == (0, "")
    assert not (demo_bank.folder / "inspect.sqlite3-wal").exists()
    assert not rows(demo_bank.folder, "submission") & set(acknowledged.read_text().split())
    (aside,) = demo_bank.folder.glob("inspect.sqlite3.replaced-*")
    old = tmp_path / "old"
    old.mkdir()
    aside.rename(old / "inspect.sqlite3")
    assert set(acknowledged.read_text().split()) <= rows(old, "submission")


@pytest.mark.fault("D10")
def test_a_log_without_its_database_is_not_taken_for_the_restored_ones(
    demo_bank: DemoBank, backup: Path
) -> None:
    target = elsewhere(demo_bank)
    for ending in ("-wal", "-shm"):
        (target / f"inspect.sqlite3{ending}").write_bytes(b"left over from another database" * 400)

    assert inspect_app(target, "restore", backup).returncode == 0

    assert sorted(place.name for place in target.iterdir()) == ["inspect.sqlite3", "secret.key"]
    assert rows(target, "submission") == rows(demo_bank.folder, "submission")


def test_a_database_that_cannot_even_be_read_is_put_aside_as_it_is(demo_bank: DemoBank, backup: Path) -> None:
    demo_bank.database.writing.dispose()
    broken = b"not a database any more" * 1000
    (demo_bank.folder / "inspect.sqlite3").write_bytes(broken)

    finished = inspect_app(demo_bank.folder, "restore", "--replace", backup)

    assert (finished.returncode, finished.stderr) == (0, "")
    (aside,) = demo_bank.folder.glob("inspect.sqlite3.replaced-*")
    assert aside.read_bytes() == broken
    assert inspect_app(demo_bank.folder, "verify").returncode == 0


def test_without_the_secret_nothing_is_restored_unless_it_is_said_to_be_lost(
    demo_bank: DemoBank, backup: Path
) -> None:
    target = demo_bank.folder.with_name("elsewhere")

    refused = inspect_app(target, "restore", backup)
    names = sorted(place.name for place in target.iterdir())
    taken = inspect_app(target, "restore", "--other-secret", backup)

    assert refused.returncode == 1
    assert "回执号不是用现在的密钥发出的" in refused.stderr
    assert names == ["secret.key"]
    assert taken.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nobody can be killed here")
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_killed_at_any_step_the_old_database_is_whole_and_no_half_backup_looks_like_one(
    demo_bank: DemoBank, backup: Path, tmp_path: Path, command: str
) -> None:
    demo_bank.database.writing.dispose()
    submitted = rows(demo_bank.folder, "submission")
    arguments = {
        "backup": ["backup", str(tmp_path / "new")],
        "restore": ["restore", "--replace", str(backup)],
    }
    killed_at = []
    finished = None
    for nth in range(2, 60, 2):
        program = [
            sys.executable,
            "-m",
            "tests.inspect_app.cli.killed_command",
            str(nth),
            *arguments[command],
        ]
        environ = surroundings() | dict(in_folder(demo_bank.folder))
        finished = subprocess.run(program, cwd=ROOT, env=environ, capture_output=True, check=False)
        if finished.returncode != -signal.SIGKILL:
            break
        killed_at.append(nth)
        assert not (tmp_path / "new").exists()
        assert rows(demo_bank.folder, "submission") == submitted

    assert len(killed_at) >= 2
    assert finished is not None
    assert finished.returncode == 0
    assert inspect_app(demo_bank.folder, "verify").returncode == 0
