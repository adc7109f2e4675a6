"""The locked packages: for every system that the product runs on, from nowhere but the public index."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename

from tests.architecture.places import ROOT

LOCK = ROOT / "uv.lock"
HOSTS = {"pypi.org", "files.pythonhosted.org"}
UV = Path(sys.executable).with_name("uv")
PYTHONS = [(3, minor) for minor in range(11, 15)]


@dataclass(frozen=True, slots=True)
class System:
    """A kind of machine, as markers and the names of wheels know it."""

    sys_platform: str
    machine: str
    platforms: tuple[str, ...]

    def markers(self, python: tuple[int, int]) -> dict[str, str]:
        """Return what a requirement's marker is asked of this machine."""
        version = ".".join(map(str, python))
        return {
            "sys_platform": self.sys_platform,
            "platform_machine": self.machine,
            "os_name": "nt" if self.sys_platform == "win32" else "posix",
            "python_version": version,
            "python_full_version": f"{version}.0",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }

    def accepted(self, python: tuple[int, int]) -> set[Tag]:
        """Return the tags of the wheels that this machine installs."""
        return {
            *cpython_tags(python, platforms=self.platforms),
            *compatible_tags(python, f"cp{python[0]}{python[1]}", platforms=self.platforms),
        }


def linux(machine: str) -> System:
    """Return Linux with a C library of 2018 or younger."""
    old_names = ("manylinux2014", "manylinux2010", "manylinux1")
    names = [f"manylinux_2_{minor}" for minor in range(28, 4, -1)]
    return System("linux", machine, tuple(f"{name}_{machine}" for name in (*names, *old_names)))


SYSTEMS = {
    "Linux x86-64": linux("x86_64"),
    "Linux arm64": linux("aarch64"),
    "macOS arm64": System("darwin", "arm64", tuple(mac_platforms((14, 0), "arm64"))),
    "Windows x64": System("win32", "AMD64", ("win_amd64",)),
}


@pytest.mark.parametrize("python", PYTHONS, ids=lambda python: f"3.{python[1]}")
@pytest.mark.parametrize("name", SYSTEMS)
def test_every_package_that_runs_has_a_wheel_for_every_system(name: str, python: tuple[int, int]) -> None:
    system = SYSTEMS[name]
    wheels = wheels_by_package()
    accepted = system.accepted(python)

    needed = [each for each in run_requirements() if applies(each, system, python)]
    missing = [each.name for each in needed if not wheels[canonicalize_name(each.name)] & accepted]

    assert len(needed) > 30
    assert not missing


def test_the_newer_sqlite_comes_where_it_has_wheels_and_nowhere_else() -> None:
    sqlite = next(each for each in run_requirements() if each.name == "pysqlite3")

    served = {name for name, system in SYSTEMS.items() if applies(sqlite, system, (3, 12))}

    assert served == {"Linux x86-64", "macOS arm64", "Windows x64"}


def test_the_lock_names_no_other_host_than_the_public_index() -> None:
    found = re.findall(r'"(https?://[^"]+)"', LOCK.read_text(encoding="utf-8"))

    assert found
    assert {urlsplit(url).hostname for url in found} == HOSTS


@pytest.mark.parametrize(("purpose", "group"), [("run", "build"), ("test", "test")])
def test_the_requirements_are_what_the_lock_exports(purpose: str, group: str) -> None:
    command = [
        str(UV),
        "export",
        "--frozen",
        "--offline",
        "--no-emit-project",
        "--no-header",
        "--group",
        group,
    ]

    exported = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout

    assert (ROOT / "requirements" / f"{purpose}.txt").read_text(encoding="utf-8") == exported


def test_what_tests_install_contains_what_runs() -> None:
    run, test = requirements("run"), requirements("test")

    assert set(map(str, run)) <= set(map(str, test))


def wheels_by_package() -> dict[str, set[Tag]]:
    """Return the tags of all locked wheels, by package."""
    packages = tomllib.loads(LOCK.read_text(encoding="utf-8"))["package"]
    return {package["name"]: set(tags_of(package.get("wheels", []))) for package in packages}


def tags_of(wheels: list[dict[str, str]]) -> Iterator[Tag]:
    """Yield the tags of some wheels."""
    for wheel in wheels:
        yield from parse_wheel_filename(wheel["url"].rsplit("/", 1)[1])[3]


def run_requirements() -> list[Requirement]:
    """Return what `run.py demo` installs."""
    return requirements("run")


def requirements(purpose: str) -> list[Requirement]:
    """Return the locked requirements of a purpose."""
    lines = (ROOT / "requirements" / f"{purpose}.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix("\\")) for line in lines if re.match(r"[a-z]", line)]


def applies(requirement: Requirement, system: System, python: tuple[int, int]) -> bool:
    """Say whether a requirement is installed on a system."""
    return requirement.marker is None or requirement.marker.evaluate(system.markers(python))
