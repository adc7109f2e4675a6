"""Runs the real command, as whoever types it does: a process of its own, in a folder of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

NO_SETTINGS: Mapping[str, str] = {}


def run(
    folder: Path, *arguments: str | Path, environ: Mapping[str, str] = NO_SETTINGS
) -> subprocess.CompletedProcess[str]:
    """Run `inspect-app` in a folder, its output on pipes, with no settings but those given."""
    return subprocess.run(
        [sys.executable, "-m", "inspect_app", *map(str, arguments)],
        cwd=folder,
        env=surroundings() | dict(environ),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def surroundings() -> dict[str, str]:
    """Return this process's environment without settings of the product and without a language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INSPECT_", "LC_"))}
    return kept | {"LANG": "C.UTF-8"}


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run a server, its home in the folder; yield it with what it printed up to its address."""
    (folder / "home").mkdir(exist_ok=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "inspect_app", *arguments],
        cwd=folder,
        env=surroundings() | {"HOME": str(folder / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert server.stdout is not None
    lines: list[str] = []
    try:
        for line in server.stdout:
            lines.append(line.rstrip("\n"))
            if "http://" in line:
                break
        yield server, lines
    finally:
        server.kill()
        server.stdout.close()
        server.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
