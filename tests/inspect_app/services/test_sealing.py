"""The sealer: one chain in one order, however many append, seal or are killed."""

import os
import signal
import subprocess
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from inspect_app.db import Database, open_database, reading, transaction
from inspect_app.jobs import seal_all
from inspect_app.models.journal import JournalEntry, JournalSeal
from inspect_app.queries.chain_checks import check_chain
from inspect_app.queries.journal_chain import anything_unsealed, links_after
from inspect_app.services.journal import Actor, record
from inspect_app.services.sealing import seal_entries
from tests.inspect_app.made_up_bank import NOW, Bank, count

ROOT = Path(__file__).parents[3]
APPENDERS = 32
SEALERS = 4
EACH = 5


def append(database: Database, subject_id: str, minutes: int = 0) -> uuid.UUID:
    """Commit one entry; return its id."""
    now = NOW + timedelta(minutes=minutes)
    with transaction(database) as session:
        return record(session, Actor.system(), "add_region", "region", subject_id, now=now)


def sealed_order(database: Database) -> list[str]:
    """Return what the sealed entries are about, in the order of the chain."""
    with reading(database) as session:
        return [link.entry.subject_id for link in links_after(session, None) if link.entry]


def test_entries_are_sealed_in_the_order_of_their_moments_and_then_of_their_ids(database: Database) -> None:
    append(database, "late", minutes=2)
    same = {append(database, name, minutes=1): name for name in ("one", "two", "three")}
    append(database, "early")

    assert seal_all(database) == 5

    in_order_of_ids = [name for _id, name in sorted(same.items())]
    assert sealed_order(database) == ["early", *in_order_of_ids, "late"]


def test_what_was_sealed_keeps_its_place_when_something_earlier_is_committed_later(
    database: Database,
) -> None:
    append(database, "first", minutes=5)
    seal_all(database)
    append(database, "earlier", minutes=-5)

    seal_all(database)

    assert sealed_order(database) == ["first", "earlier"]
    assert check_chain(partial(reading, database)).broken is None


def test_nothing_is_sealed_twice_and_nothing_is_left(bank: Bank) -> None:
    with reading(bank.database) as session:
        entries = count(session, JournalEntry)

    assert seal_all(bank.database) == entries
    assert seal_all(bank.database) == 0

    with reading(bank.database) as session:
        assert count(session, JournalSeal) == entries
        assert not anything_unsealed(session)


def test_a_sealing_takes_no_more_than_it_may_and_the_next_goes_on(bank: Bank) -> None:
    with transaction(bank.database) as session:
        assert seal_entries(session, now=NOW, most=3) == 3
    with transaction(bank.database) as session:
        assert seal_entries(session, now=NOW, most=3) == 3

    checked = check_chain(partial(reading, bank.database))
    assert (checked.held, checked.broken) == (6, None)
    assert checked.waiting.count > 0


def test_an_entry_that_was_rolled_back_is_never_sealed(database: Database) -> None:
    with transaction(database) as session:
        record(session, Actor.system(), "add_region", "region", "gone", now=NOW)
        session.rollback()

    assert seal_all(database) == 0


@pytest.mark.fault("L02")
def test_many_who_append_and_several_who_seal_at_once_make_one_chain_without_fork_or_gap(
    bank: Bank,
) -> None:
    seal_all(bank.database)
    with reading(bank.database) as session:
        before = count(session, JournalEntry)
    gate, done = threading.Barrier(APPENDERS + SEALERS), threading.Event()

    def appender(number: int) -> None:
        database = open_database(bank.url)
        gate.wait()
        for turn in range(EACH):
            append(database, f"{number} {turn}", minutes=-number)
        database.writing.dispose()

    def sealer(_number: int) -> None:
        database = open_database(bank.url)
        gate.wait()
        while not done.is_set():
            seal_all(database)
        database.writing.dispose()

    with ThreadPoolExecutor(APPENDERS) as appenders, ThreadPoolExecutor(SEALERS) as sealers:
        sealing = [sealers.submit(sealer, number) for number in range(SEALERS)]
        list(appenders.map(appender, range(APPENDERS)))
        done.set()
        for one in sealing:
            one.result()
    seal_all(bank.database)

    checked = check_chain(partial(reading, bank.database))
    assert checked.broken is None
    assert checked.held == before + APPENDERS * EACH
    assert checked.waiting.count == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="sealers are forked to be killed")
@pytest.mark.fault("L02")
def test_a_sealer_killed_at_any_statement_leaves_a_chain_that_holds_and_the_next_goes_on(
    bank: Bank,
) -> None:
    bank.database.writing.dispose()
    killed = 0
    for statement in range(1, 1_000):
        program = [
            sys.executable,
            "-m",
            "tests.inspect_app.services.killed_sealers",
            bank.url,
            str(statement),
        ]
        status = subprocess.run(program, cwd=ROOT, check=False).returncode

        checked = check_chain(partial(reading, bank.database))
        assert checked.broken is None
        if status == 0:
            break
        assert status == -signal.SIGKILL
        killed += 1

    assert killed >= 8
    assert seal_all(bank.database) == 0
    assert check_chain(partial(reading, bank.database)).waiting.count == 0
