"""The real programs that some tests need: a browser, an office program, a printer of pages.

A missing one skips its tests with one sentence on a developer's machine, and fails them in CI.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from run import BROWSER, OFFICE, PICTURES, Part

BROWSER_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)
"""What keeps Chromium from calling home; root needs it without its sandbox."""

DOTS_PER_INCH = 60
"""How finely a printed page is drawn: enough to read the figures on an A4 page."""

Print = Callable[[Path], list[Path]]
"""Prints a workbook and returns a PNG picture of each page, in order."""

Recalculate = Callable[[Path], Path]
"""Opens a workbook as a user would, computes its formulas, and returns the copy that was saved."""


def require(part: Part) -> str:
    """Return the path of a part's program; without it skip the test, or fail it in CI."""
    found = part.find()
    if found is None:
        miss(part.sentence)
    return found


def miss(sentence: str) -> NoReturn:
    """Skip the test for want of a part; fail it in CI, where every part has to be."""
    if os.environ.get("CI") == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def player() -> Iterator[Playwright]:
    """What starts browsers; of these a process can have one only."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(player: Playwright) -> Iterator[Browser]:
    """A Chromium without a window; every test opens its own context in it."""
    opened = player.chromium.launch(executable_path=chromium_of(player), args=list(BROWSER_FLAGS))
    yield opened
    opened.close()


def chromium_of(playwright: Playwright) -> str:
    """Return the path of the machine's Chromium, or of the one that playwright has installed."""
    own = playwright.chromium.executable_path
    if BROWSER.find() is None and Path(own).exists():
        return own
    return require(BROWSER)


@pytest.fixture
def print_workbook(tmp_path: Path) -> Print:
    """Prints workbooks with LibreOffice, to see what a reader sees on paper."""
    office, pictures = require(OFFICE), require(PICTURES)

    def print_it(workbook: Path) -> list[Path]:
        pages = convert(office, workbook, "pdf", tmp_path)
        subprocess.run(
            [pictures, "-r", str(DOTS_PER_INCH), "-png", pages, tmp_path / workbook.stem], check=True
        )
        return sorted(tmp_path.glob(f"{workbook.stem}-*.png"))

    return print_it


@pytest.fixture
def recalculate_workbook(tmp_path: Path) -> Recalculate:
    """Opens and saves workbooks with LibreOffice, which computes every formula."""
    office = require(OFFICE)
    return lambda workbook: convert(office, workbook, "xlsx", tmp_path / "recalculated")


def convert(office: str, source: Path, form: str, folder: Path) -> Path:
    """Convert a file with LibreOffice; its profile is a new one, so that two can run at once."""
    profile = folder / "office-profile"
    folder.mkdir(exist_ok=True)
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", form]
    subprocess.run([*command, "--outdir", folder, source], check=True, capture_output=True, timeout=120)
    return folder / f"{source.stem}.{form}"
