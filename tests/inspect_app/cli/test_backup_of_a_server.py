"""The drill on a PostgreSQL server: dumped, loaded into a new database and checked."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import text

from inspect_app.db import open_database, transaction
from inspect_app.migrations import upgrade
from tests.inspect_app import made_up_bank
from tests.inspect_app.cli.running import run
from tests.inspect_app.made_up_bank import SECRET, body_of, send
from tests.postgresql_server import FAST, PostgresqlServer, start_server

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no server can be run here")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresqlServer]:
    """Return a server with a bank, which one inspection was sent to, and an empty database `new`."""
    server = start_server(*FAST)
    server.administer(
        *(f"CREATE DATABASE {name} OWNER inspect TEMPLATE template0" for name in ("bank", "new"))
    )
    url = server.address("bank")
    database = open_database(url)
    upgrade(database)
    bank = made_up_bank.build(database, url)
    with transaction(database) as session:
        send(session, bank, "0101", body_of(bank, "0101", seed=1))
    database.writing.dispose()
    yield server
    server.remove()


def on(server: PostgresqlServer, name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command on one database of the server, whose programs are on the path."""
    return run(Path("/tmp"), *arguments, environ=settings(server, name))  # noqa: S108 - nothing is written there


def settings(server: PostgresqlServer, name: str) -> Mapping[str, str]:
    """Return the settings of whoever works on one database of the server."""
    return {
        "INSPECT_DATABASE_URL": server.address(name),
        "INSPECT_SECRET_KEY": SECRET,
        "PATH": f"{server.programs}:{os.environ['PATH']}",
    }


@pytest.mark.fault("D09")
@pytest.mark.fault("D10")
def test_a_dump_is_loaded_into_a_new_database_and_not_over_another(
    server: PostgresqlServer, tmp_path: Path
) -> None:
    made = on(server, "bank", "backup", tmp_path / "backup")
    restored = on(server, "new", "restore", tmp_path / "backup")
    again = on(server, "new", "restore", tmp_path / "backup")

    assert (made.returncode, restored.returncode, restored.stderr) == (0, 0, "")
    assert again.returncode == 1
    assert "里已经有数据" in again.stderr
    database = open_database(server.address("new"))
    with database.reading.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM submission")) == 1
    database.writing.dispose()


def test_without_the_server_s_programs_it_says_what_is_missing(
    server: PostgresqlServer, tmp_path: Path
) -> None:
    empty = tmp_path / "no-programs"
    empty.mkdir()
    environ = {**settings(server, "bank"), "PATH": str(empty)}

    finished = run(tmp_path, "backup", tmp_path / "backup", environ=environ)

    assert finished.returncode == 1
    assert "找不到程序 pg_dump" in finished.stderr
    assert not (tmp_path / "backup").exists()


@pytest.mark.fault("D02")
def test_a_role_that_may_do_everything_does_not_serve(server: PostgresqlServer, tmp_path: Path) -> None:
    environ = {**settings(server, "bank"), "INSPECT_DATABASE_URL": server.address("bank", "postgres")}

    finished = run(tmp_path, "serve", environ=environ)

    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith("数据库账号 postgres 的权限太大")


@pytest.mark.fault("D10")
def test_half_a_dump_is_refused(server: PostgresqlServer, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    on(server, "bank", "backup", backup)
    shutil.copy(backup / "manifest.json", backup / "database.dump")

    finished = on(server, "new", "restore", backup)

    assert finished.returncode == 1
    assert "database.dump" in finished.stderr
