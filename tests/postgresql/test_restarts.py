"""A database server that loses its power: what was acknowledged is there, once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy.exc import DBAPIError

from inspect_app.db import open_database, reading, transaction
from inspect_app.migrations import upgrade
from inspect_app.models.inspections import Inspection, Revision, Submission
from inspect_app.queries.inspections import submission_with_id
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import Bank, body_of, count, send
from tests.postgresql_server import ROLE, PostgresqlServer, start_server
from tests.waiting import until

pytestmark = pytest.mark.postgresql

PHONES = 3
BODIES = 60
RESTARTS = 4


@pytest.fixture
def server() -> Iterator[PostgresqlServer]:
    """Return a server that keeps its promises about the disk, to be stopped by the test."""
    started = start_server()
    yield started
    started.remove()


@pytest.fixture
def own_bank(server: PostgresqlServer) -> Iterator[Bank]:
    """Return the made-up bank on that server."""
    server.administer(f"CREATE DATABASE bank OWNER {ROLE}")
    url = server.address("bank")
    database = open_database(url)
    upgrade(database)
    yield made_up_bank.build(database, url)
    database.writing.dispose()


@pytest.mark.fault("D05")
def test_what_was_acknowledged_outlives_every_restart_and_nothing_is_there_twice(
    server: PostgresqlServer, own_bank: Bank
) -> None:
    receipts: dict[int, str] = {}

    def sent(seed: int) -> bool:
        body = body_of(own_bank, "0101", seed)
        try:
            with transaction(own_bank.database) as session:
                receipt = send(session, own_bank, "0101", body).submission.receipt
        except DBAPIError:
            return False  # The phone keeps it and sends the same bytes again.
        receipts[seed] = receipt
        return True

    with ThreadPoolExecutor(PHONES) as phones:
        sending = [phones.submit(until, partial(sent, seed)) for seed in range(BODIES)]
        for restart in range(1, RESTARTS + 1):
            until(partial(has_at_least, receipts, restart * BODIES // (RESTARTS + 1)))
            server.stop("immediate")
            server.start()
        for one in sending:
            one.result()

    with reading(own_bank.database) as session:
        assert [count(session, table) for table in (Inspection, Submission, Revision)] == [BODIES] * 3
        for seed, receipt in receipts.items():
            stored = submission_with_id(session, body_of(own_bank, "0101", seed).submission_id)
            assert stored is not None
            assert stored.receipt == receipt


def has_at_least(receipts: dict[int, str], wanted: int) -> bool:
    """Say whether so many were acknowledged."""
    return len(receipts) >= wanted
