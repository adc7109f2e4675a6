"""Databases for tests: files of SQLite or, with `--database=postgresql`, of one PostgreSQL server.

With `--database=pgbouncer` the tests of PostgreSQL reach that server through a pooler, but for migrating.
"""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest

from inspect_app.db import embedded_file
from tests.pooler import Pooler, address_by, start_pooler
from tests.postgresql_server import FAST, ROLE, PostgresqlServer, start_server

SERVER = pytest.StashKey[PostgresqlServer]()
STARTED_POOLER = pytest.StashKey[Pooler]()
FOLDER_OF_SERVER = "TEST_POSTGRESQL_FOLDER"
PROGRAMS_OF_SERVER = "TEST_POSTGRESQL_PROGRAMS"
FOLDER_OF_POOLER = "TEST_POSTGRESQL_POOLER"


class Databases(Protocol):
    """Makes databases, each told by the address under which the product opens it."""

    def new(self) -> str:
        """Return the address of a new database without any table."""

    def copy_of(self, url: str) -> str:
        """Return the address of a copy of a database that nobody has open."""

    def direct(self, url: str) -> str:
        """Return the address of a database past any pooler, as migrations need it."""

    def drop(self, url: str) -> None:
        """Throw a database away."""


class SqliteFiles:
    """Databases as files in one folder."""

    def __init__(self, folder: Path) -> None:
        """Make them in this folder."""
        self.folder = folder
        self.numbers = count(1)

    def new(self) -> str:
        """Return the address of a file that is not there yet."""
        return f"sqlite:///{self.folder / f'{next(self.numbers)}.sqlite3'}"

    def copy_of(self, url: str) -> str:
        """Copy the file."""
        copied = self.new()
        shutil.copy(file_of(url), file_of(copied))
        return copied

    def direct(self, url: str) -> str:
        """Return the same address: nothing stands before a file."""
        return url

    def drop(self, url: str) -> None:
        """Delete the file, and the journal beside it."""
        place = file_of(url)
        for name in (place.name, f"{place.name}-wal", f"{place.name}-shm"):
            place.with_name(name).unlink(missing_ok=True)


class PostgresqlDatabases:
    """Databases of one server, owned by the product's plain role."""

    def __init__(self, server: PostgresqlServer, prefix: str, pooler: Path | None = None) -> None:
        """Make them on this server, with names that begin alike; reach them by the pooler, if any."""
        self.server = server
        self.prefix = prefix
        self.pooler = pooler
        self.numbers = count(1)

    def new(self) -> str:
        """Make a database without any table."""
        return self._made_of("template0")

    def copy_of(self, url: str) -> str:
        """Copy its files, which is faster here than to write them anew."""
        return self._made_of(name_of(url))

    def direct(self, url: str) -> str:
        """Return the server's own address of a database."""
        return self.server.address(name_of(url))

    def drop(self, url: str) -> None:
        """Drop it, whoever still has it open."""
        self.server.administer(f"DROP DATABASE {name_of(url)} WITH (FORCE)")

    def _made_of(self, template: str) -> str:
        name = f"{self.prefix}_{next(self.numbers)}"
        if self.pooler is not None:
            # A pooler keeps connections that nobody uses, and a database that is open is not copied.
            self.server.administer(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'"  # noqa: S608 - our names
            )
        self.server.administer(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template} STRATEGY file_copy")
        return self.server.address(name) if self.pooler is None else address_by(self.pooler, name)


def file_of(url: str) -> Path:
    """Return the file of a SQLite database."""
    place = embedded_file(url)
    if place is None:
        raise ValueError(f"{url} is no file")
    return place


def name_of(url: str) -> str:
    """Return the name of a database on a server."""
    return url.partition("?")[0].rpartition("/")[2]


def begin_server(config: pytest.Config) -> None:
    """Start the server of this run where one is wanted; all of the run's processes share it."""
    if config.getoption("database") == "sqlite" or hasattr(config, "workerinput"):
        return
    server = config.stash[SERVER] = start_server(*FAST)
    os.environ[FOLDER_OF_SERVER] = str(server.folder)
    os.environ[PROGRAMS_OF_SERVER] = str(server.programs)
    if config.getoption("database") == "pgbouncer":
        pooler = config.stash[STARTED_POOLER] = start_pooler(server)
        os.environ[FOLDER_OF_POOLER] = str(pooler.folder)


def end_server(config: pytest.Config) -> None:
    """Throw the server of this run away."""
    pooler, server = config.stash.get(STARTED_POOLER, None), config.stash.get(SERVER, None)
    if pooler is not None:
        pooler.remove()
    if server is not None:
        server.remove()


@pytest.fixture(scope="session")
def databases(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Databases:
    """Return what makes the databases of this process. Tests that ask for it run on either kind."""
    if pytestconfig.getoption("database") == "sqlite":
        return SqliteFiles(tmp_path_factory.mktemp("databases"))
    server = PostgresqlServer(Path(os.environ[FOLDER_OF_SERVER]), Path(os.environ[PROGRAMS_OF_SERVER]))
    pooler = os.environ.get(FOLDER_OF_POOLER)
    return PostgresqlDatabases(server, f"of_{worker_id}", None if pooler is None else Path(pooler))


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """Return the address of a database without any table."""
    url = databases.new()
    yield url
    databases.drop(url)
