"""The real command, killed at its n-th step on the disk: when it syncs, renames, links or removes a file."""

import os
import signal
import sys

from inspect_app.cli import main

STEPS = ("os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "shutil.copyfile")
"""Events of the interpreter that stand for a step on the disk."""


def die_at(number: int) -> None:
    """Kill this process just before its n-th step."""
    steps = 0

    def count(event: str, _arguments: object) -> None:
        nonlocal steps
        if event in STEPS:
            steps += 1
            if steps == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


if __name__ == "__main__":
    die_at(int(sys.argv.pop(1)))
    main()
