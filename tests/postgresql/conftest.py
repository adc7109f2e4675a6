"""What the tests of PostgreSQL share: the made-up bank, and a pooler before the server."""

from collections.abc import Iterator

import pytest

from tests.databases import PostgresqlDatabases, name_of
from tests.inspect_app.conftest import bank, founded_bank, migrated_url
from tests.inspect_app.made_up_bank import Bank
from tests.pooler import address_by, start_pooler

__all__ = ["bank", "founded_bank", "migrated_url"]


@pytest.fixture
def pooled_url(databases: PostgresqlDatabases, bank: Bank) -> Iterator[str]:
    """Return the address of the bank behind a pgbouncer that hands out connections by transaction."""
    pooler = start_pooler(databases.server)
    yield address_by(pooler.folder, name_of(bank.url))
    pooler.remove()
