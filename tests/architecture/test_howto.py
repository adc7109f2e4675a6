"""The pages for those who run the product name commands, options and settings that there are."""

import re
import shutil
import subprocess
import sys
from getpass import getuser
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


def blocks(page: str, language: str) -> list[str]:
    """Return what stands between fences of a language on a page."""
    text = (ROOT / "docs" / "howto" / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(2))
def test_the_units_are_what_systemd_takes(number: int, tmp_path: Path) -> None:
    unit = blocks("install", "ini")[number]
    assert "[Service]" in unit
    command = Path(sys.executable).with_name("inspect-app")
    # Here the program lies elsewhere, and other people run it; everything else is as it is typed.
    unit = unit.replace("/opt/inspect/.venv/bin/inspect-app", str(command))
    unit = unit.replace("User=inspect\n", f"User={getuser()}\n")
    place = tmp_path / "inspect@.service"
    place.write_text(unit, encoding="utf-8")
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("No systemd here: its units are not checked.")

    checked = subprocess.run(
        [program, "verify", str(place.with_name("inspect@1.service"))],
        capture_output=True,
        text=True,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )

    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_proxy_s_configuration_is_whole_and_nginx_takes_it(tmp_path: Path) -> None:
    (server,) = blocks("install", "nginx")
    lines = [
        line.strip() for line in server.splitlines() if line.strip() and not line.strip().startswith("#")
    ]
    assert all(line.endswith((";", "{", "}")) for line in lines)
    assert server.count("{") == server.count("}")
    assert "access_log off;" in lines
    program = shutil.which("nginx")
    if program is None:
        return
    plain = re.sub(r"^ *ssl_certificate.*$", "", server.replace("443 ssl", "8443"), flags=re.MULTILINE)
    place = tmp_path / "nginx.conf"
    place.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{plain}}}\n", encoding="utf-8")

    checked = subprocess.run([program, "-t", "-c", str(place)], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stderr
