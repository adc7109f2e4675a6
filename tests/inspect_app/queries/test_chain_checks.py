"""Whatever somebody does to the journal with the database in hand is found, and the first bad row named."""

import uuid
from collections.abc import Sequence
from functools import partial

import pytest
from sqlalchemy import text

from inspect_app.db import Database, reading, transaction
from inspect_app.jobs import seal_all
from inspect_app.models.journal import JournalSeal
from inspect_app.models.journal_chain import Head
from inspect_app.queries.chain_checks import Broken, CheckedChain, Fault, check_chain
from inspect_app.queries.journal_chain import head_of_journal, links_after
from inspect_app.services.journal import Actor, record
from tests.inspect_app.made_up_bank import NOW, Bank
from tests.inspect_app.published_waves import published
from tests.inspect_app.tampering import seal_anew, tamper


@pytest.fixture
def sealed(bank: Bank) -> Database:
    """Return the bank's database with all of its journal sealed."""
    seal_all(bank.database)
    return bank.database


def check(database: Database, *heads: Head) -> CheckedChain:
    """Check the chain."""
    return check_chain(partial(reading, database), heads)


def seals(database: Database) -> Sequence[JournalSeal]:
    """Return the seals in their order."""
    with reading(database) as session:
        return [link.seal for link in links_after(session, None)]


def head(database: Database) -> Head:
    """Return the chain's head, as it was written down at that moment."""
    with reading(database) as session:
        found = head_of_journal(session)
    assert found is not None
    return found


def hex_of(entry_id: uuid.UUID) -> str:
    """Return an id as SQLite keeps it."""
    return entry_id.hex


def broken(database: Database, *heads: Head) -> tuple[Fault, int]:
    """Return what is wrong, and in which row."""
    found = check(database, *heads).broken
    assert found is not None
    return found.fault, found.sequence


def test_an_untouched_journal_holds_to_its_last_link(sealed: Database) -> None:
    checked = check(sealed, head(sealed))

    assert checked.broken is None
    assert checked.held == len(seals(sealed)) > 20
    assert checked.head == head(sealed)
    assert (checked.waiting.count, checked.waiting.since) == (0, None)


def test_a_chain_longer_than_one_piece_is_read_to_its_end(database: Database) -> None:
    with transaction(database) as session:
        for number in range(2_100):
            record(session, Actor.system(), "add_region", "region", str(number), now=NOW)
    seal_all(database)

    checked = check(database)

    assert (checked.held, checked.broken) == (2_100, None)


def test_what_waits_for_its_seal_is_reported_and_is_no_fault(sealed: Database) -> None:
    with transaction(sealed) as session:
        record(session, Actor.system(), "add_region", "region", "R99", now=NOW)

    checked = check(sealed)

    assert checked.broken is None
    assert (checked.waiting.count, checked.waiting.since) == (1, NOW)


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'another'",
        "action = 'approve'",
        "actor_kind = 'inspector'",
        "subject_id = 'another'",
        "to_state = 'planned'",
        "details = '[]'",
        "at = '2026-01-01 00:00:00.000000'",
        "id = '0123456789abcdef0123456789abcdef'",
    ],
)
@pytest.mark.fault("L01")
def test_an_edited_entry_is_named(sealed: Database, change: str) -> None:
    seal = seals(sealed)[6]
    tamper(
        sealed,
        f"UPDATE journal_entry SET {change} WHERE id = :id",  # noqa: S608 - the test's own words
        id=hex_of(seal.entry_id),
    )

    fault, sequence = broken(sealed)

    assert sequence == 7
    assert fault is (Fault.DELETED if change.startswith("id") else Fault.EDITED)


def test_an_entry_that_cannot_be_read_any_more_is_named(sealed: Database) -> None:
    if sealed.writing.dialect.name != "sqlite":
        pytest.skip("only SQLite keeps what is no moment in a column of moments")
    seal = seals(sealed)[6]
    tamper(sealed, "UPDATE journal_entry SET at = 'never' WHERE id = :id", id=hex_of(seal.entry_id))

    assert broken(sealed) == (Fault.EDITED, 7)


@pytest.mark.parametrize("column", ["hash", "previous_hash"])
@pytest.mark.fault("L01")
def test_an_edited_seal_is_named(sealed: Database, column: str) -> None:
    tamper(
        sealed,
        f"UPDATE journal_seal SET {column} = :digits WHERE sequence = 7",  # noqa: S608 - the test's own words
        digits="ab" * 32,
    )

    assert broken(sealed) == (Fault.EDITED, 7)


def test_an_edited_moment_of_sealing_is_named(sealed: Database) -> None:
    tamper(
        sealed,
        "UPDATE journal_seal SET sealed_at = '2020-01-01 00:00:00.000000' WHERE sequence = 7",
    )

    assert broken(sealed) == (Fault.EDITED, 7)


@pytest.mark.fault("L01")
def test_a_deleted_entry_is_named(sealed: Database) -> None:
    seal = seals(sealed)[6]
    tamper(sealed, "DELETE FROM journal_entry WHERE id = :id", id=hex_of(seal.entry_id))

    assert check(sealed).broken == Broken(Fault.DELETED, 7, seal.entry_id)


@pytest.mark.parametrize("sequence", [1, 7])
def test_a_deleted_entry_with_its_seal_is_named(sealed: Database, sequence: int) -> None:
    seal = seals(sealed)[sequence - 1]
    tamper(
        sealed,
        "DELETE FROM journal_seal WHERE sequence = :sequence",
        "DELETE FROM journal_entry WHERE id = :id",
        sequence=sequence,
        id=hex_of(seal.entry_id),
    )

    assert broken(sealed) == (Fault.DELETED, sequence)


def test_a_deleted_link_is_named_where_those_after_it_moved_up(sealed: Database) -> None:
    seal = seals(sealed)[6]
    tamper(
        sealed,
        "DELETE FROM journal_seal WHERE sequence = 7",
        "DELETE FROM journal_entry WHERE id = :id",
        "UPDATE journal_seal SET sequence = -sequence WHERE sequence > 7",
        "UPDATE journal_seal SET sequence = -sequence - 1 WHERE sequence < 0",
        id=hex_of(seal.entry_id),
    )

    assert broken(sealed) == (Fault.DELETED, 7)


INSERTED = (
    "INSERT INTO journal_entry (id, at, actor_kind, action, subject, subject_id, details) "
    "VALUES ('0123456789abcdef0123456789abcdef', '2026-08-01 00:00:00.000000', 'system', 'approve', 'visit', "
    "'another', '{}')",
    "UPDATE journal_seal SET sequence = -sequence WHERE sequence >= 7",
    "UPDATE journal_seal SET sequence = 1 - sequence WHERE sequence < 0",
    "INSERT INTO journal_seal (sequence, entry_id, previous_hash, hash, sealed_at) "
    "SELECT 7, '0123456789abcdef0123456789abcdef', hash, :digits, sealed_at "
    "FROM journal_seal WHERE sequence = 6",
)
"""A link that was not there, put in at the seventh place; those after it move down."""


@pytest.mark.fault("L01")
def test_an_inserted_entry_is_named(sealed: Database) -> None:
    tamper(sealed, *INSERTED, digits="cd" * 32)

    assert broken(sealed) == (Fault.INSERTED, 7)


def test_an_inserted_entry_is_named_where_its_own_hash_is_right(sealed: Database) -> None:
    old = seals(sealed)
    tamper(sealed, *INSERTED, digits="cd" * 32)
    seal_anew(sealed, 7)
    for seal in old[6:]:
        tamper(
            sealed,
            "UPDATE journal_seal SET previous_hash = :previous, hash = :digits WHERE sequence = :sequence",
            previous=seal.previous_hash,
            digits=seal.hash,
            sequence=seal.sequence + 1,
        )

    assert broken(sealed) == (Fault.INSERTED, 7)


@pytest.mark.parametrize(("one", "other"), [(7, 8), (7, 12)])
@pytest.mark.fault("L01")
def test_two_links_that_changed_places_are_named(sealed: Database, one: int, other: int) -> None:
    tamper(
        sealed,
        "UPDATE journal_seal SET sequence = -1 WHERE sequence = :one",
        "UPDATE journal_seal SET sequence = :one WHERE sequence = :other",
        "UPDATE journal_seal SET sequence = :other WHERE sequence = -1",
        one=one,
        other=other,
    )

    assert broken(sealed) == (Fault.REORDERED, one)


def test_two_entries_that_changed_their_seals_are_named(sealed: Database) -> None:
    first, second = seals(sealed)[6], seals(sealed)[9]
    tamper(
        sealed,
        "UPDATE journal_seal SET entry_id = '00000000000000000000000000000000' WHERE sequence = 7",
        "UPDATE journal_seal SET entry_id = :first WHERE sequence = 10",
        "UPDATE journal_seal SET entry_id = :second WHERE sequence = 7",
        first=hex_of(first.entry_id),
        second=hex_of(second.entry_id),
    )

    assert broken(sealed) == (Fault.REORDERED, 7)


@pytest.mark.fault("L01")
def test_a_cut_tail_is_found_by_the_head_that_was_written_down(sealed: Database) -> None:
    known = head(sealed)
    cut = [hex_of(seal.entry_id) for seal in seals(sealed)[19:]]
    for entry_id in cut:
        tamper(
            sealed,
            "DELETE FROM journal_seal WHERE entry_id = :id",
            "DELETE FROM journal_entry WHERE id = :id",
            id=entry_id,
        )

    assert check(sealed).broken is None
    assert broken(sealed, known) == (Fault.CUT, 20)


@pytest.mark.fault("L01")
def test_an_emptied_journal_is_found_by_the_head_that_was_written_down(sealed: Database) -> None:
    known = head(sealed)
    tamper(sealed, "DELETE FROM journal_seal", "DELETE FROM journal_entry")

    assert broken(sealed, known) == (Fault.CUT, 1)


def test_a_chain_rewritten_from_a_row_on_is_found_by_the_head_that_was_written_down(sealed: Database) -> None:
    known = head(sealed)
    seal = seals(sealed)[6]
    tamper(sealed, "UPDATE journal_entry SET action = 'forged' WHERE id = :id", id=hex_of(seal.entry_id))
    seal_anew(sealed, 7)

    assert check(sealed).broken is None
    assert broken(sealed, known) == (Fault.REWRITTEN, known.sequence)
    assert broken(sealed, Head.read(known.shown)) == (Fault.REWRITTEN, known.sequence)


def test_of_several_heads_the_first_that_contradicts_is_named(sealed: Database) -> None:
    known = [Head(seal.sequence, seal.hash) for seal in seals(sealed)]
    seal = seals(sealed)[6]
    tamper(sealed, "UPDATE journal_entry SET action = 'forged' WHERE id = :id", id=hex_of(seal.entry_id))
    seal_anew(sealed, 7)

    assert broken(sealed, known[20], known[4], known[9]) == (Fault.REWRITTEN, 10)


def test_a_chain_that_was_cut_and_rewritten_contradicts_the_head_printed_with_a_ranking(bank: Bank) -> None:
    seal_all(bank.database)
    with transaction(bank.database) as session:
        published(session, bank)
    seal_all(bank.database)
    assert check(bank.database).broken is None

    tamper(bank.database, "UPDATE journal_entry SET action = 'forged' WHERE action = 'plan_wave'")
    seal_anew(bank.database, 1)

    fault, _sequence = broken(bank.database)
    assert fault is Fault.REWRITTEN


@pytest.mark.fault("L01")
def test_the_database_itself_refuses_what_no_verb_does(sealed: Database) -> None:
    for statement in (
        "UPDATE journal_entry SET action = 'forged'",
        "DELETE FROM journal_entry",
        "UPDATE journal_seal SET hash = 'forged'",
        "DELETE FROM journal_seal",
    ):
        with (
            pytest.raises(Exception, match="is never changed"),
            transaction(sealed) as session,
        ):
            session.execute(text(statement))


@pytest.mark.parametrize("wrong", ["", "7", "7:", "0:0123456789abcdef", "7:0123", "x:0123456789abcdef"])
def test_what_is_no_head_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a sequence"):
        Head.read(wrong)


def test_a_head_is_read_as_it_is_printed() -> None:
    assert Head.read("4711: 0123 4567 89AB CDEF") == Head(4711, "0123456789abcdef")
