"""`inspect-app journal verify`."""

import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from inspect_app.db import reading, transaction
from inspect_app.jobs import seal_all
from inspect_app.models.journal_chain import Head
from inspect_app.queries.journal_chain import head_of_journal, links_after
from inspect_app.services.journal import Actor, record
from tests.inspect_app.cli.running import run
from tests.inspect_app.made_up_bank import NOW, SECRET, Bank
from tests.inspect_app.tampering import seal_anew, tamper


@pytest.fixture
def sealed(bank: Bank) -> Bank:
    """Return the made-up bank with its journal sealed."""
    seal_all(bank.database)
    return bank


def verify(folder: Path, bank: Bank, *options: str) -> CompletedProcess[str]:
    """Run the command on the bank's database."""
    environ = {
        "INSPECT_DATA_DIR": str(folder),
        "INSPECT_DATABASE_URL": bank.url,
        "INSPECT_SECRET_KEY": SECRET,
    }
    return run(folder, "journal", "verify", *options, environ=environ)


def head_of(bank: Bank) -> Head:
    """Return the chain's head."""
    with reading(bank.database) as session:
        head = head_of_journal(session)
    assert head is not None
    return head


def entry_sealed_as(bank: Bank, sequence: int) -> str:
    """Return the id of the entry with a seal."""
    with reading(bank.database) as session:
        return str(links_after(session, sequence - 1, 1)[0].seal.entry_id)


def test_a_journal_that_holds_is_said_to_hold_with_its_head_to_be_written_down(
    tmp_path: Path, sealed: Bank
) -> None:
    head = head_of(sealed)

    finished = verify(tmp_path, sealed)

    said = f"日志完好：封存的 {head.sequence} 条首尾相接，链头 {head}\n"
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, said, "")


def test_the_unsealed_tail_is_reported(tmp_path: Path, sealed: Bank) -> None:
    with transaction(sealed.database) as session:
        record(session, Actor.system(), "add_region", "region", "R99", now=NOW)

    finished = verify(tmp_path, sealed)

    assert finished.returncode == 0
    assert finished.stdout.splitlines()[1] == "还没有封存的：1 条，最早的是 2026-08-03T02:30:00+00:00。"


def test_json_says_the_same_to_programs(tmp_path: Path, sealed: Bank) -> None:
    head = head_of(sealed)

    finished = verify(tmp_path, sealed, "--json")

    assert json.loads(finished.stdout) == {
        "ok": True,
        "sealed": head.sequence,
        "head": str(head),
        "unsealed": 0,
        "unsealed_since": None,
        "broken": None,
    }


@pytest.mark.fault("L01")
def test_the_first_bad_row_is_named_and_the_status_is_one(tmp_path: Path, sealed: Bank) -> None:
    entry = entry_sealed_as(sealed, 7)
    tamper(
        sealed.database,
        "UPDATE journal_entry SET action = 'forged' WHERE id = :id",
        id=entry.replace("-", ""),
    )

    finished = verify(tmp_path, sealed)
    told = verify(tmp_path, sealed, "--json")

    sentence = f"日志从第 7 条起对不上：这一条被改过（{entry}）。\n"
    assert (finished.returncode, finished.stdout, finished.stderr) == (1, "", sentence)
    assert (told.returncode, told.stderr) == (1, sentence)
    found = json.loads(told.stdout)
    assert (found["ok"], found["sealed"]) == (False, 6)
    assert found["broken"] == {"sequence": 7, "fault": "edited", "entry": entry}


@pytest.mark.fault("L01")
def test_a_rewritten_chain_holds_in_itself_and_contradicts_the_head_that_was_printed(
    tmp_path: Path, sealed: Bank
) -> None:
    printed = head_of(sealed).shown
    tamper(sealed.database, "UPDATE journal_entry SET action = 'forged' WHERE action = 'plan_wave'")
    seal_anew(sealed.database, 1)

    assert verify(tmp_path, sealed).returncode == 0
    finished = verify(tmp_path, sealed, "--head", printed)

    assert finished.returncode == 1
    assert finished.stderr.startswith(f"日志第 {head_of(sealed).sequence} 条与留底的链头不符")


@pytest.mark.fault("L01")
def test_a_cut_tail_contradicts_the_head_that_was_printed(tmp_path: Path, sealed: Bank) -> None:
    printed = head_of(sealed).shown
    tamper(
        sealed.database,
        "DELETE FROM journal_entry WHERE id IN (SELECT entry_id FROM journal_seal WHERE sequence >= 20)",
        "DELETE FROM journal_seal WHERE sequence >= 20",
    )

    assert verify(tmp_path, sealed).returncode == 0
    finished = verify(tmp_path, sealed, "--head", printed)

    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == "日志从第 20 条起被截掉了：留底的链头在它之后。\n"


def test_what_is_no_head_is_refused_as_typed_wrongly(tmp_path: Path, sealed: Bank) -> None:
    finished = verify(tmp_path, sealed, "--head", "seven")

    assert (finished.returncode, finished.stdout) == (2, "")
    assert "“seven”不是链头" in finished.stderr


def test_before_anything_is_sealed_that_is_what_is_said(tmp_path: Path, bank: Bank) -> None:
    finished = verify(tmp_path, bank)

    assert finished.returncode == 0
    assert finished.stdout.splitlines()[0] == "日志里还没有封存的条目。"
