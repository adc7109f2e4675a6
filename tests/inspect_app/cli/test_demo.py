"""`inspect-app demo`."""

import json
import re
import signal
import socket
import uuid
from collections import defaultdict
from pathlib import Path

from sqlalchemy import select

from inspect_app.db import open_database, reading
from inspect_app.models.visits import Visit
from tests.inspect_app.cli.running import free_port, run, serving
from tests.inspect_app.cli.sheets import rows_of, sheets_of

KINDS = {"administrator", "reviewer", "inspector", "regional_manager", "branch_manager"}


def visits_in(folder: Path) -> set[uuid.UUID]:
    """Return the ids of a bank's visits, which are drawn anew for each bank that is made."""
    database = open_database(f"sqlite:///{folder / 'inspect.sqlite3'}")
    with reading(database) as session:
        found = set(session.scalars(select(Visit.id)))
    database.writing.dispose()
    return found


def test_it_makes_a_bank_serves_it_and_opens_the_same_one_again(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, "demo", "--port", str(port), "--data", "bank") as (server, lines):
        server.send_signal(signal.SIGTERM)
        exit_status = server.wait(timeout=30)
    made = visits_in(tmp_path / "bank")
    with serving(tmp_path, "demo", "--port", str(port), "--data", "bank"):
        opened = visits_in(tmp_path / "bank")

    assert exit_status == 0
    # Nothing but the start-up lines: a pipe gets no progress bar.
    guards = ["数据库", "进程", "数据文件夹", "工作簿防护", "调试", "密钥", "后台任务", "邮件"]
    assert [line.split("：")[0] for line in lines] == ["示范银行建好了", *guards, "打开"]
    assert re.fullmatch(r"示范银行建好了：用时 \d+:\d\d，占用 \d+\.\d MB。", lines[0])
    assert lines[-1] == f"打开：http://127.0.0.1:{port}/"
    assert opened == made
    assert made
    accounts = json.loads((tmp_path / "bank" / "accounts.json").read_text(encoding="utf-8"))
    scopes: dict[str, set[str]] = defaultdict(set)
    for account in accounts:
        assert set(account) == {"role", "username", "password", "scope", "url"}
        assert account["url"].startswith(f"http://127.0.0.1:{port}/")
        scopes[account["role"]].add(account["scope"])
    assert set(scopes) == KINDS
    for kind in ("inspector", "regional_manager", "branch_manager"):
        assert len(scopes[kind]) >= 2


def test_its_rankings_come_out_of_its_own_lines_again(tmp_path: Path) -> None:
    environ = {"INSPECT_DATA_DIR": str(tmp_path / "demo-data")}
    with serving(tmp_path, "demo", "--port", str(free_port())):
        pass
    waves = json.loads(run(tmp_path, "wave", "list", "--json", environ=environ).stdout)
    first, second = (wave["code"] for wave in waves if wave["rankings"])
    for code in (first, second):
        export = ("data", "export", "--wave", code, "--out", f"{code}.jsonl")
        assert run(tmp_path, *export, environ=environ).returncode == 0
    book = ("ranking", "export", "--wave", second, "--out", "book.xlsx")
    assert run(tmp_path, *book, environ=environ).returncode == 0

    scored = run(tmp_path, "score", f"{second}.jsonl", "--previous", f"{first}.jsonl", "--out", "scored.xlsx")

    assert (scored.returncode, scored.stderr) == (0, "")
    published, recomputed = sheets_of(tmp_path / "book.xlsx"), sheets_of(tmp_path / "scored.xlsx")
    assert list(published) == list(recomputed)
    for name in list(published)[1:-1]:
        assert rows_of(published[name]) == rows_of(recomputed[name])
    numbers = ("机构代码", "流程", "条款", "作答", "得分率", "扣分", "岗位")
    details = [
        sorted([str(row[head]) for head in numbers] for row in rows_of(sheets["明细"]))
        for sheets in (published, recomputed)
    ]
    assert details[0] == details[1] != []


def test_a_taken_port_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        finished = run(tmp_path, "demo", "--port", str(other.getsockname()[1]))

    assert finished.returncode == 1
    assert len(finished.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")

    finished = run(tmp_path, "demo", "--data", "mine")

    assert finished.returncode == 1
    assert finished.stderr.startswith("用不了数据文件夹 mine：")
    assert len(finished.stderr.splitlines()) == 1
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


def test_a_size_nobody_knows_is_a_typing_error(tmp_path: Path) -> None:
    assert run(tmp_path, "demo", "--scale", "huge").returncode == 2
