"""What the histories share: the made-up bank in a database, and a server on it that can be killed."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.faults.phone.ground import Ground
from tests.faults.phone.server import serving
from tests.inspect_app.conftest import bank, founded_bank, migrated_url
from tests.inspect_app.made_up_bank import Bank

__all__ = ["bank", "founded_bank", "migrated_url"]

OpenGround = Callable[[str], AbstractContextManager[Ground]]
"""Serves the bank; takes the name of a fault to plant into the server, or nothing."""


@pytest.fixture
def open_ground(bank: Bank, tmp_path: Path) -> OpenGround:
    """Serves the bank with two processes on one database."""

    @contextmanager
    def serve(plant: str) -> Iterator[Ground]:
        with serving(bank.url, tmp_path / "server", plant=plant) as served:
            yield Ground(bank, served)

    return serve


@pytest.fixture
def ground(open_ground: OpenGround) -> Iterator[Ground]:
    """Return the bank with its server, in which nothing is spoiled."""
    with open_ground("") as opened:
        yield opened
