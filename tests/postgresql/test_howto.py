"""What docs/howto/postgresql.md tells to type does what it says."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspect_app.db import open_database
from inspect_app.migrations import is_current
from tests.inspect_app.cli.running import free_port, surroundings
from tests.postgresql_server import ADMINISTRATOR, FAST, ROLE, PostgresqlServer, start_server

pytestmark = pytest.mark.postgresql

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "postgresql.md"
BLOCKS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def server() -> Iterator[PostgresqlServer]:
    """Return a server as it is after installing: without the product's role."""
    started = start_server(*FAST)
    started.administer(f"DROP ROLE {ROLE}")
    yield started
    started.remove()


def test_the_commands_make_a_database_and_serve_it(server: PostgresqlServer, tmp_path: Path) -> None:
    blocks = BLOCKS.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) == 2
    programs = [str(Path(sys.executable).parent), str(server.programs), os.environ["PATH"]]
    socket = {"PGHOST": str(server.folder), "PATH": os.pathsep.join(programs)}

    typed("".join(blocks[:1]), tmp_path, socket | {"PGUSER": ADMINISTRATOR})
    lines = typed(f"{blocks[1].strip()} --port {free_port()}", tmp_path, socket)

    assert "数据库：PostgreSQL" in lines
    assert "数据库账号：inspect，普通账号" in lines
    assert "进程：4 个" in lines
    assert "服务地址：" in lines
    database = open_database(server.address("inspect"))
    assert is_current(database)
    database.writing.dispose()


def typed(commands: str, folder: Path, environ: dict[str, str]) -> str:
    """Return what the commands print, up to the address where they serve."""
    shell = subprocess.Popen(
        ["bash", "-euc", commands],
        cwd=folder,
        env=surroundings() | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    assert shell.stdout is not None
    printed = ""
    for line in shell.stdout:
        printed += line
        if "http://" in line:
            os.killpg(shell.pid, signal.SIGTERM)
    shell.stdout.close()
    status = shell.wait()
    assert status == 0 or "http://" in printed, printed
    return printed
