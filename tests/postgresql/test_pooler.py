"""Behind a pooler that gives each transaction another connection."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from inspect_app.db import open_database, reading, transaction
from inspect_app.models.inspections import Submission
from tests.inspect_app.made_up_bank import Bank, at, body_of, count, send

pytestmark = pytest.mark.postgresql

THREADS = 8


def test_inspections_sent_at_once_are_all_taken_in_and_read_back(bank: Bank, pooled_url: str) -> None:
    pooled = at(bank, pooled_url)

    def act(seed: int) -> str:
        with transaction(pooled.database) as session:
            receipt = send(session, pooled, "0101", body_of(pooled, "0101", seed)).submission.receipt
        with reading(pooled.database) as session:
            assert count(session, Submission) >= 1
        return receipt

    with ThreadPoolExecutor(THREADS) as phones:
        receipts = list(phones.map(act, range(THREADS * 4)))

    assert len(set(receipts)) == THREADS * 4
    pooled.database.writing.dispose()


def test_what_one_transaction_sets_is_gone_in_the_next(pooled_url: str) -> None:
    database = open_database(pooled_url)

    def settings() -> tuple[str, str, str]:
        with reading(database) as session:
            names = ("transaction_isolation", "transaction_read_only", "statement_timeout")
            isolation, is_read_only, longest = (session.scalar(text(f"SHOW {name}")) for name in names)
        with transaction(database) as session:
            session.execute(text("CREATE TABLE IF NOT EXISTS written (at timestamptz)"))
        return isolation, is_read_only, longest

    found = {settings() for _ in range(20)}

    assert found == {("repeatable read", "on", "1min")}
    database.writing.dispose()
