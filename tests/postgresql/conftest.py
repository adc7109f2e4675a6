"""What the tests of PostgreSQL share: the made-up bank, and a pooler before the server."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from run import POOLER
from tests.databases import PostgresqlDatabases, name_of
from tests.inspect_app.conftest import bank, founded_bank, migrated_url
from tests.inspect_app.made_up_bank import Bank
from tests.parts import require
from tests.postgresql_server import ROLE
from tests.waiting import until

__all__ = ["bank", "founded_bank", "migrated_url"]

PORT = 6432
"""A socket's name, not a port that anything else could have."""


@pytest.fixture
def pooled_url(databases: PostgresqlDatabases, bank: Bank) -> Iterator[str]:
    """Return the address of the bank behind a pgbouncer that hands out connections by transaction."""
    program = require(POOLER)
    folder = Path(tempfile.mkdtemp(prefix="pooler-"))
    folder.chmod(0o777)
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={databases.server.folder} user={ROLE}\n"
        "[pgbouncer]\npool_mode = transaction\nauth_type = any\n"
        f"listen_port = {PORT}\nunix_socket_dir = {folder}\ndefault_pool_size = 4\n"
    )
    # Like the server itself it refuses to be run by root.
    user = "nobody" if os.geteuid() == 0 else None
    pooler = subprocess.Popen([program, "--quiet", settings], user=user, extra_groups=[] if user else None)
    address = f"postgresql://{ROLE}@/{name_of(bank.url)}?host={folder}&port={PORT}"
    try:
        until(lambda: answers(address))
        yield address
    finally:
        pooler.kill()
        pooler.wait()
        shutil.rmtree(folder)


def answers(address: str) -> bool:
    """Say whether a database can be reached."""
    try:
        with psycopg.connect(address):
            return True
    except psycopg.OperationalError:
        return False
