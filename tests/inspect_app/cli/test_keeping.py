"""`inspect-app data erase-expired`, `hold`, `release` and `people erase`, and restoring after it."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.demo_bank import DemoBank
from tests.inspect_app.cli.running import run


def names(folder: Path) -> set[str]:
    """Return how everybody is called."""
    with closing(sqlite3.connect(folder / "inspect.sqlite3")) as connection:
        return {
            name
            for row in connection.execute("SELECT username, display_name FROM user_account")
            for name in row
        }


def test_what_has_had_its_time_is_counted_first_and_then_erased(demo_bank: DemoBank) -> None:
    folder, environ = (
        demo_bank.folder,
        {"INSPECT_DATA_DIR": str(demo_bank.folder), "INSPECT_KEEP_TRACES_DAYS": "1"},
    )

    held = run(folder, "data", "hold", "2026Q2", "有争议", environ=environ)
    looked = run(folder, "data", "erase-expired", "--dry-run", environ=environ)
    again = run(folder, "data", "erase-expired", "--dry-run", environ=environ)
    done = run(folder, "data", "erase-expired", environ=environ)
    after = run(folder, "data", "erase-expired", environ=environ)

    assert (held.returncode, held.stderr, looked.stderr, done.stderr) == (0, "", "", "")
    assert looked.stdout == again.stdout == f"{done.stdout}只是看看：什么也没有改动。\n"
    assert [line.split()[0] for line in after.stdout.splitlines()] == ["0"] * 6
    unknown = run(folder, "data", "hold", "NONE", "有争议", environ=environ)
    assert (unknown.returncode, unknown.stderr) == (1, "没有期次 NONE。\n")


def test_somebody_is_forgotten_in_two_steps_and_again_after_an_older_backup_is_restored(
    demo_bank: DemoBank, tmp_path: Path
) -> None:
    folder, environ = demo_bank.folder, {"INSPECT_DATA_DIR": str(demo_bank.folder)}
    account = demo_bank.accounts_of("inspector")[0].username
    with closing(sqlite3.connect(folder / "inspect.sqlite3")) as connection:
        (name,) = connection.execute(
            "SELECT display_name FROM user_account WHERE username = ?", [account]
        ).fetchone()
    demo_bank.database.writing.dispose()
    before = names(folder)
    backup = run(folder, "backup", tmp_path / "backup", environ=environ)

    looked = run(folder, "people", "erase", account, "--dry-run", environ=environ)
    unasked = run(folder, "people", "erase", account, "--confirm", "12345678", environ=environ)
    asked = run(folder, "people", "erase", account, environ=environ)
    kept = names(folder)
    code = asked.stdout.split()[-1]
    wrong = run(folder, "people", "erase", account, "--confirm", "12345678", environ=environ)
    done = run(folder, "people", "erase", account, "--confirm", code, environ=environ)

    assert (backup.returncode, looked.returncode, asked.returncode, done.returncode) == (0, 0, 0, 0)
    assert (unasked.returncode, wrong.returncode) == (1, 1)
    assert kept == before
    assert not {account, name} & names(folder)
    (line,) = (folder / "erasures.jsonl").read_text().splitlines()
    assert account not in line
    assert set(json.loads(line)) == {"user", "erased_on"}
    target = tmp_path / "elsewhere"
    target.mkdir()
    for brought in ("secret.key", "erasures.jsonl"):
        shutil.copy(folder / brought, target)
    restored = run(target, "restore", tmp_path / "backup", environ={"INSPECT_DATA_DIR": str(target)})
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "备份之后抹掉的 1 人" in restored.stdout
    assert not {account, name} & names(target)
    assert run(target, "verify", environ={"INSPECT_DATA_DIR": str(target)}).returncode == 0
