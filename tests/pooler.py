"""A pooler before the PostgreSQL server of a run: it gives every transaction whichever connection is free."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL

from run import POOLER
from tests.parts import require
from tests.postgresql_server import ROLE, PostgresqlServer
from tests.waiting import until

PORT = 6432
"""A socket's name, not a port that anything else could have."""


@dataclass(frozen=True, slots=True)
class Pooler:
    """A running pgbouncer; its socket lies in its folder."""

    folder: Path
    process: subprocess.Popen[bytes]

    def remove(self) -> None:
        """Stop it and throw it away."""
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder)


def start_pooler(server: PostgresqlServer) -> Pooler:
    """Start a pgbouncer before a server, for the product's role in whichever database."""
    program = require(POOLER)
    folder = Path(tempfile.mkdtemp(prefix="pooler-"))
    folder.chmod(0o777)
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={server.folder} user={ROLE}\n"
        "[pgbouncer]\npool_mode = transaction\nauth_type = any\nmax_client_conn = 500\n"
        f"listen_port = {PORT}\nunix_socket_dir = {folder}\ndefault_pool_size = 4\n"
    )
    # Like the server itself it refuses to be run by root.
    user = "nobody" if os.geteuid() == 0 else None
    pooler = subprocess.Popen([program, "--quiet", settings], user=user, extra_groups=[] if user else None)
    until(lambda: answers(address_by(folder, "postgres")))
    return Pooler(folder, pooler)


def address_by(folder: Path, database: str) -> str:
    """Return the address of a database behind the pooler whose socket lies in a folder."""
    url = URL.create("postgresql", ROLE, database=database, query={"host": str(folder), "port": str(PORT)})
    return url.render_as_string(hide_password=False)


def answers(address: str) -> bool:
    """Say whether a database can be reached."""
    try:
        with psycopg.connect(address):
            return True
    except psycopg.OperationalError:
        return False
