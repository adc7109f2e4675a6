"""Runs the real command, as whoever types it does: a process of its own, in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
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
