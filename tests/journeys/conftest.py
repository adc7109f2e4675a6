"""What journeys start from: a demonstration of their own, or a bank with an inspector's phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.demo_bank import demo_bank, prepared_demo
from tests.journeys.phones import Served, new_phone, serving, sign_in

__all__ = ["demo_bank", "prepared_demo"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a bank in which `inspector` has a visit by each shipped recipe."""
    with serving(tmp_path_factory.mktemp("bank")) as bank:
        yield bank


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Page]:
    """A phone that has just been signed in, whose scripts have nothing to complain about."""
    context = new_phone(browser)
    page = sign_in(context, served.address)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Security Policy" in said.text else None)
    yield page
    context.close()
    assert problems == []
