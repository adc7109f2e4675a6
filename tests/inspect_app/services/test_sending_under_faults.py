"""Two senders at once, and a server that is killed: nothing is lost, nothing is there twice."""

import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from inspect_app.db import open_database, reading, transaction
from inspect_app.models.inspections import Draft, Inspection, Revision, Submission, SubmissionConflict
from inspect_app.queries.inspections import inspections_of
from inspect_app.services.drafts import Filling, save_draft
from inspect_app.services.submissions import ConflictKept
from tests.databases import Databases
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, count, journal_of, own_visit, send

ROOT = Path(__file__).parents[3]
SENDERS = 8


def all_at_once(bank: Bank, act: Callable[[Session, int], str]) -> list[str]:
    """Return what each of eight servers answered to the same at once, each with connections of its own."""
    gate = threading.Barrier(SENDERS)

    def one(number: int) -> str:
        database = open_database(bank.url)
        gate.wait()
        with transaction(database) as session:
            answer = act(session, number)
        database.writing.dispose()
        return answer

    with ThreadPoolExecutor(SENDERS) as servers:
        return list(servers.map(one, range(SENDERS)))


def test_the_same_bytes_at_once_make_one_inspection_and_one_receipt(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)
    news = []

    def act(session: Session, _: int) -> str:
        accepted = send(session, bank, "0101", body)
        news.append(accepted.is_new)
        return accepted.submission.receipt

    receipts = all_at_once(bank, act)

    assert len(set(receipts)) == 1
    assert sorted(news) == [False] * (SENDERS - 1) + [True]
    with reading(bank.database) as session:
        assert [count(session, table) for table in (Inspection, Submission, Revision)] == [1, 1, 1]
        told = [entry.action for entry in journal_of(session, bank.visits["0101"])]
        assert told.count("submit_inspection") == 1


def test_other_bytes_under_one_id_at_once_are_all_kept_and_one_counts(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)

    def act(session: Session, number: int) -> str:
        try:
            return send(session, bank, "0101", replace(body, payload=b"%d" % number)).submission.receipt
        except ConflictKept:
            return "kept"

    answers = all_at_once(bank, act)

    assert answers.count("kept") == SENDERS - 1
    with reading(bank.database) as session:
        assert [count(session, table) for table in (Inspection, Submission, Revision)] == [1, 1, 1]
        assert count(session, SubmissionConflict) == SENDERS - 1


def test_different_inspections_of_one_visit_at_once_are_all_kept_and_one_counts(bank: Bank) -> None:
    def act(session: Session, number: int) -> str:
        return send(session, bank, "0101", body_of(bank, "0101", seed=number)).submission.receipt

    receipts = all_at_once(bank, act)

    assert len(set(receipts)) == SENDERS
    with reading(bank.database) as session:
        visit = own_visit(session, bank, "0101")
        flags = {one.id: one.is_conflict for one in inspections_of(session, visit)}
        assert sorted(flags.values()) == [False] + [True] * (SENDERS - 1)
        assert visit.counting_inspection_id is not None
        assert not flags[visit.counting_inspection_id]


def test_first_answers_at_once_make_one_inspection_and_one_draft(bank: Bank) -> None:
    inspection_id, submission_id = uuid.uuid4(), uuid.uuid4()

    def act(session: Session, number: int) -> str:
        filling = Filling(inspection_id, submission_id, (("S01.gate", "occurred"),), sequence=number + 1)
        visit = own_visit(session, bank, "0101")
        return str(save_draft(session, bank.user("inspector"), visit, filling, now=NOW).sequence)

    all_at_once(bank, act)

    with reading(bank.database) as session:
        assert [count(session, table) for table in (Inspection, Draft)] == [1, 1]
        told = [entry.action for entry in journal_of(session, bank.visits["0101"])]
        assert told.count("begin_inspection") == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="senders are forked to be killed")
def test_a_server_killed_anywhere_loses_and_doubles_nothing(
    bank: Bank, databases: Databases, tmp_path: Path
) -> None:
    bank.database.writing.dispose()
    outcomes = killed_senders(bank, databases, tmp_path / "committed")

    killed, committed = outcomes[:-1], outcomes[-1]
    assert len(killed) > 10
    for outcome in killed:
        assert outcome["left"] == [0, 0, 0], outcome
        assert outcome["is_new"], outcome
    assert committed["was_committed"]
    assert committed["left"] == [1, 1, 1]
    assert not committed["is_new"]
    assert committed["receipt"] == committed["receipt_left"]
    for outcome in outcomes:
        assert outcome["rows"] == [1, 1, 1], outcome
        assert outcome["entries"] == 1, outcome
    assert len({outcome["receipt"] for outcome in outcomes}) == 1


def killed_senders(bank: Bank, databases: Databases, committed: Path) -> list[dict[str, object]]:
    """Return what became of senders killed at one statement after the other, up to one that has committed."""
    program = [sys.executable, "-m", "tests.inspect_app.services.killed_senders"]
    arguments = [str(committed), str(bank.visits["0101"])]
    outcomes: list[dict[str, object]] = []
    with subprocess.Popen(
        [*program, *arguments], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as senders:
        assert senders.stdin is not None
        assert senders.stdout is not None
        while not outcomes or not outcomes[-1]["was_committed"]:
            url = databases.copy_of(bank.url)
            print(url, file=senders.stdin, flush=True)
            outcomes.append(json.loads(senders.stdout.readline()))
            databases.drop(url)
        senders.stdin.close()
    return outcomes
