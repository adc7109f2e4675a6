"""What the command line says, in which language, and how far it has come."""

import os
import subprocess
import sys

import pytest

from inspect_app.cli.speech import language_of
from tests.inspect_app.cli.running import surroundings

DRAW = "from inspect_app.cli.progress import show_progress; show_progress('2026Q3', 3, 12)"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "zh-Hans"),
        ({"LANG": "C.UTF-8"}, "zh-Hans"),
        ({"LANG": "de_DE.UTF-8"}, "zh-Hans"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-Hant"),
        ({"LANG": "zh_HK.UTF-8", "LC_MESSAGES": "zh_SG.UTF-8"}, "zh-Hans"),
    ],
)
def test_a_terminal_is_spoken_to_in_its_language_any_other_in_simplified_chinese(
    environ: dict[str, str], language: str
) -> None:
    assert language_of(environ) == language


def test_a_pipe_gets_no_progress_bar() -> None:
    drawn = subprocess.run([sys.executable, "-c", DRAW], capture_output=True, check=True, env=surroundings())

    assert (drawn.stdout, drawn.stderr) == (b"", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="There are no such terminals on Windows.")
def test_a_terminal_gets_a_progress_bar_apart_from_the_output() -> None:
    terminal, end = os.openpty()
    drawn = subprocess.run(
        [sys.executable, "-c", DRAW], stdout=subprocess.PIPE, stderr=end, check=True, env=surroundings()
    )
    shown = os.read(terminal, 1000).decode()
    os.close(terminal)
    os.close(end)

    assert drawn.stdout == b""
    assert "2026Q3" in shown
    assert "██████░░" in shown
    assert "3 / 12" in shown
