"""What the histories share: the made-up bank in a database, and a server on it that can be killed."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.databases import Databases
from tests.faults.phone.ground import Ground
from tests.faults.phone.server import serving
from tests.inspect_app import made_up_bank
from tests.inspect_app.conftest import founded_bank, migrated_url
from tests.inspect_app.made_up_bank import Bank

__all__ = ["founded_bank", "migrated_url"]

OpenGround = Callable[[str], AbstractContextManager[Ground]]
"""Serves the bank; takes the name of a fault to plant into the server, or nothing."""


@pytest.fixture(scope="session")
def open_ground(
    databases: Databases, founded_bank: Bank, tmp_path_factory: pytest.TempPathFactory
) -> OpenGround:
    """Serves the bank with several processes on one database of its own."""

    @contextmanager
    def serve(plant: str) -> Iterator[Ground]:
        served_bank = made_up_bank.at(founded_bank, databases.copy_of(founded_bank.url))
        with serving(served_bank.url, tmp_path_factory.mktemp("server"), plant=plant) as served:
            yield Ground(served_bank, served)
        served_bank.database.writing.dispose()
        databases.drop(served_bank.url)

    return serve


@pytest.fixture(scope="session")
def ground(open_ground: OpenGround) -> Iterator[Ground]:
    """Return the bank with a sound server; tests share it, each on its own visits."""
    with open_ground("") as opened:
        yield opened
