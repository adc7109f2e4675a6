"""`inspect-app serve`."""

import signal
import socket
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.inspect_app.cli.running import free_port, run, serving


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a migrated database."""
    run(tmp_path, "db", "upgrade")
    return tmp_path


def test_it_says_how_it_is_guarded_answers_and_stops_when_told(folder: Path) -> None:
    port = free_port()
    with serving(folder, "serve", "--port", str(port)) as (server, lines):
        with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            status = answer.status
        server.send_signal(signal.SIGTERM)
        exit_status = server.wait(timeout=30)

    assert (status, exit_status) == (200, 0)
    subjects = [line.split("：")[0] for line in lines]
    guards = ["数据库", "进程", "数据文件夹", "工作簿防护", "调试", "密钥", "后台任务", "邮件"]
    assert [subject for subject in subjects if subject != "磁盘"] == [*guards, "服务地址"]
    assert "SQLite 3." in lines[0]
    assert lines[-1] == f"服务地址：http://127.0.0.1:{port}/"


def test_it_leaves_nothing_in_the_home_of_who_runs_it(folder: Path) -> None:
    with serving(folder, "serve", "--port", str(free_port())):
        found = list((folder / "home").iterdir())

    assert found == []


def test_a_port_that_is_taken_is_refused(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        finished = run(folder, "serve", "--port", str(taken))

    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith(f"不能在 127.0.0.1:{taken} 上提供服务：")
    assert len(finished.stderr.splitlines()) == 1
