"""`inspect-app verify`: whatever is changed behind the product's back is found and named."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from inspect_app.jobs import seal_all
from tests.demo_bank import DemoBank
from tests.inspect_app.cli.running import run

CHECKS = [
    "数据库文件",
    "外键",
    "检查表",
    "提交的原文",
    "回执",
    "答案和得分",
    "排名的指纹",
    "重算的排名",
    "重算的各项得分",
    "日志链",
    "照片",
]


def verify(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command on the demonstration in a folder."""
    return run(folder, "verify", environ={"INSPECT_DATA_DIR": str(folder)})


def tamper(folder: Path, statement: str) -> None:
    """Run a statement as somebody who holds the file, and whom no trigger stops."""
    with closing(sqlite3.connect(folder / "inspect.sqlite3", isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement).rowcount > 0


def faulty(finished: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the checks that were not passed."""
    return [line.split()[0] for line in finished.stdout.splitlines() if line.endswith("不符")]


def test_a_sound_database_passes_every_check(demo_bank: DemoBank) -> None:
    finished = verify(demo_bank.folder)

    assert (finished.returncode, finished.stderr) == (0, "")
    lines = [line.split() for line in finished.stdout.splitlines()]
    assert [line[0] for line in lines] == CHECKS
    assert {line[2] for line in lines} == {"相符"}
    counts = {line[0]: int(line[1]) for line in lines}
    assert counts["提交的原文"] == counts["回执"] > 50
    assert counts["重算的排名"] > 200


@pytest.mark.parametrize(
    ("statement", "check", "sentence"),
    [
        (
            "UPDATE submission SET body = CAST(body || ' ' AS BLOB) "
            "WHERE id = (SELECT min(id) FROM submission)",
            "提交的原文",
            "内容和指纹不符",
        ),
        (
            "UPDATE submission SET receipt_number = '2222-2222' WHERE id = (SELECT min(id) FROM submission)",
            "回执",
            "回执号不是用现在的密钥发出的",
        ),
        (
            "UPDATE submission SET receipt = '{}' WHERE id = (SELECT min(id) FROM submission)",
            "回执",
            "回执说的和收到的不符",
        ),
        (
            "UPDATE revision SET scores = json_set(scores, '$.visit', 9999) "
            "WHERE id = (SELECT min(id) FROM revision WHERE scores IS NOT NULL)",
            "答案和得分",
            "得分和按答案重算的不符",
        ),
        (
            "UPDATE revision SET answers = 'nonsense' WHERE id = (SELECT min(id) FROM revision)",
            "答案和得分",
            "内容读不出来",
        ),
        (
            "UPDATE ranking_row SET score = score + 1 WHERE \"table\" = 'branch' AND position = 1",
            "排名的指纹",
            "内容和指纹不符",
        ),
        (
            "UPDATE ranking_row SET vetoes = vetoes + 1 WHERE \"table\" = 'branch' AND position = 2",
            "重算的排名",
            "和重算的不符",
        ),
        ("UPDATE visit_result SET low = 0", "重算的各项得分", "和重算的不符"),
        ("DELETE FROM part_result WHERE figure = 'flow'", "重算的各项得分", "和重算的不符"),
        (
            'UPDATE checklist SET document = replace(document, \'"weight":"1"\', \'"weight":"3"\')',
            "检查表",
            "内容读不出来",
        ),
        (
            "UPDATE deficiency SET branch_id = 'ffffffffffffffffffffffffffffffff'",
            "外键",
            "指向的那一行不存在",
        ),
    ],
)
def test_what_was_changed_is_found_and_named(
    demo_bank: DemoBank, statement: str, check: str, sentence: str
) -> None:
    tamper(demo_bank.folder, statement)

    finished = verify(demo_bank.folder)

    assert finished.returncode == 1
    assert check in faulty(finished)
    assert sentence in finished.stderr
    assert finished.stderr.splitlines()[0].startswith("有 ")


def test_a_changed_entry_of_the_journal_is_found(demo_bank: DemoBank) -> None:
    seal_all(demo_bank.database)
    tamper(
        demo_bank.folder,
        "UPDATE journal_entry SET reason = '改过' "
        "WHERE id = (SELECT entry_id FROM journal_seal WHERE sequence = 2)",
    )

    finished = verify(demo_bank.folder)

    assert faulty(finished) == ["日志链"]
    assert "journal_seal 2" in finished.stderr


def test_another_secret_proves_no_receipt(demo_bank: DemoBank) -> None:
    (demo_bank.folder / "secret.key").write_text("abcdefghijklmnopqrstuvwxyz-0123456789", encoding="ascii")

    assert faulty(verify(demo_bank.folder)) == ["回执"]
