"""The command `inspect-app`: each subcommand in a module of its own, loaded only when it is called."""

import sys
from io import TextIOWrapper

from inspect_app.cli.lazy import LazyGroup

commands = LazyGroup(
    name="inspect-app",
    modules={
        "demo": "inspect_app.cli.demonstration",
        "serve": "inspect_app.cli.serving",
        "worker": "inspect_app.cli.working",
        "db": "inspect_app.cli.migrating",
        "people": "inspect_app.cli.people",
        "backup": "inspect_app.cli.backing_up",
        "restore": "inspect_app.cli.restoring",
        "verify": "inspect_app.cli.verifying",
        "handbook": "inspect_app.cli.handbook",
        "checklist": "inspect_app.cli.checklist",
        "score": "inspect_app.cli.score",
        "wave": "inspect_app.cli.waves",
        "ranking": "inspect_app.cli.rankings",
        "data": "inspect_app.cli.exports",
        "journal": "inspect_app.cli.journal",
    },
    help="Inspect / 神秘人检查",
)


def main() -> None:
    """Run the command that was typed. Exit status: 0 done, 1 refused, 2 typed wrongly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Chinese must come out whole, whatever the machine's own encoding; JSON is UTF-8 in any case.
            stream.reconfigure(encoding="utf-8")
    commands(prog_name="inspect-app")
