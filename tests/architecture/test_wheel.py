"""The wheel holds the product, the whole product and nothing but the product."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.architecture.places import PACKAGES, ROOT

SHIPPED = (
    ".py",
    ".yaml",
    ".html",
    ".txt",
    ".xml",
    ".css",
    ".js",
    ".svg",
    ".png",
    ".ico",
    ".webmanifest",
    ".mo",
    ".mako",
)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names of all files in a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as opened:
        return set(opened.namelist())


def test_every_file_of_the_packages_is_in_the_wheel(names: set[str]) -> None:
    files = {place.relative_to(ROOT).as_posix() for package in PACKAGES for place in shipped_files(package)}

    assert files - names == set()


def test_the_wheel_has_at_its_top_the_packages_and_the_entry_for_servers_alone(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}

    assert {top for top in tops if not top.endswith(".dist-info")} == {*PACKAGES, "wsgi.py"}


@pytest.mark.parametrize(
    "needed",
    [
        "checklists/standards/F8.yaml",
        "checklists/recipes/mystery.yaml",
        "inspect_app/migrations/script.py.mako",
        "checklists/conversions/zh-Hant.txt",
        "inspect_app/translations/en/LC_MESSAGES/messages.mo",
        "inspect_app/translations/zh_Hant/LC_MESSAGES/messages.mo",
    ],
)
def test_what_is_read_while_running_is_in_the_wheel(needed: str, names: set[str]) -> None:
    assert needed in names


def test_nothing_of_the_workshop_is_in_the_wheel(names: set[str]) -> None:
    strays = {
        name for name in names if "__pycache__" in name or "tests/" in name or name.endswith(".sqlite3")
    }

    assert strays == set()


def shipped_files(package: str) -> list[Path]:
    """Return the files of a package that have to be shipped."""
    return [place for place in (ROOT / package).rglob("*") if place.suffix in SHIPPED]
