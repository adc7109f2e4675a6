"""The pages for those who run the product name commands, options and settings that there are."""

import re
from pathlib import Path

import pytest
from click import Context, Group

from inspect_app.cli import commands
from inspect_app.config import KNOWN
from tests.architecture.places import ROOT

PAGES = sorted((ROOT / "docs" / "howto").glob("*.md"))
TYPED = re.compile(r"inspect-app ([a-z][^`\n…]*)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_is_one_and_takes_its_options(page: Path) -> None:
    for typed in TYPED.findall(page.read_text(encoding="utf-8")):
        words = typed.split()
        command = commands.get_command(Context(commands), words[0])
        assert command is not None, typed
        if isinstance(command, Group):
            command = command.commands[words[1]]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, typed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_setting_is_one(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert set(re.findall(r"\bINSPECT_\w+", text)) <= set(KNOWN)
