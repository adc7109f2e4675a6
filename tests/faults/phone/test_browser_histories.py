"""Seeded histories in a real browser: what was shown as stored arrives once, however often it is killed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.faults.phone.browser_history import BrowserHistory, Network
from tests.faults.phone.circumstances import drawn
from tests.faults.phone.driver import Tally
from tests.faults.phone.ground import Ground

CountRuns = Callable[[int], None]

MOST_KILLS = 3

SOME = (5004, 5008)
"""Seeds of which one has an old token, and two a wave that closes; each browser is killed."""

VOLUME = range(5001, 5031)

pytestmark = [pytest.mark.sqlite, pytest.mark.fault("C01", "C02", "C12")]


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    """What runs proxies."""
    running = Network()
    yield running
    running.end()


def lived(ground: Ground, seed: int, folder: Path, player: Playwright, network: Network) -> Tally:
    """Let one history happen in a browser."""
    circumstances = replace(drawn(seed), kills=min(drawn(seed).kills, MOST_KILLS))
    tally = Tally()
    tally.add(circumstances, BrowserHistory(ground, circumstances, folder, player, network).run())
    print(tally)  # noqa: T201 - what a run came to, for `pytest -s`
    return tally


@pytest.mark.slow
@pytest.mark.parametrize("seed", SOME)
def test_what_a_browser_showed_as_stored_arrives_once(
    ground: Ground, seed: int, tmp_path: Path, player: Playwright, network: Network
) -> None:
    tally = lived(ground, seed, tmp_path, player, network)

    assert tally.violations == {}


@pytest.mark.volume
@pytest.mark.parametrize("seed", VOLUME)
def test_what_thirty_browsers_showed_as_stored_arrives_once(
    ground: Ground, seed: int, tmp_path: Path, player: Playwright, network: Network
) -> None:
    tally = lived(ground, seed, tmp_path, player, network)

    assert tally.violations == {}
