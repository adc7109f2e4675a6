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
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from inspect_app.db import open_database, reading, transaction
from inspect_app.errors import ConflictError
from inspect_app.models.inspections import (
    Draft,
    Inspection,
    Review,
    Revision,
    Submission,
    SubmissionConflict,
)
from inspect_app.models.visits import SettingAside, VisitState
from inspect_app.models.waves import Wave, WaveState
from inspect_app.queries.inspections import (
    draft_of_inspection,
    fields_of_draft,
    inspections_of,
    newest_revision_of_visit,
)
from inspect_app.services.drafts import Filling, save_draft
from inspect_app.services.journal import Actor
from inspect_app.services.reviews import approve, set_aside
from inspect_app.services.submissions import ConflictKept
from inspect_app.services.waves import close_wave
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


def test_of_saves_at_once_the_newest_is_kept_whichever_comes_last(bank: Bank) -> None:
    inspection_id, submission_id = uuid.uuid4(), uuid.uuid4()

    def save(turn: int, session: Session, number: int) -> str:
        sequence = turn * SENDERS + number + 1
        fields = (("S01.words", str(sequence)),)
        filling = Filling(inspection_id, submission_id, fields, sequence=sequence)
        visit = own_visit(session, bank, "0101")
        return str(save_draft(session, bank.user("inspector"), visit, filling, now=NOW).sequence)

    for turn in range(5):
        all_at_once(bank, partial(save, turn))

        with reading(bank.database) as session:
            draft = draft_of_inspection(session, inspection_id)
            assert draft is not None
            assert draft.sequence == (turn + 1) * SENDERS
            assert fields_of_draft(draft) == (("S01.words", str(draft.sequence)),)


def test_what_is_saved_and_sent_at_once_leaves_no_draft_behind(bank: Bank) -> None:
    body = body_of(bank, "0101", seed=1)

    def act(session: Session, number: int) -> str:
        visit = own_visit(session, bank, "0101")
        if number == 0:
            return send(session, bank, "0101", body).submission.receipt
        filling = Filling(body.inspection_id, body.submission_id, body.fields, sequence=number)
        try:
            save_draft(session, bank.user("inspector"), visit, filling, now=NOW)
        except ConflictError:
            return "sent already"
        return "saved"

    all_at_once(bank, act)

    with reading(bank.database) as session:
        assert own_visit(session, bank, "0101").state is VisitState.SUBMITTED
        assert [count(session, table) for table in (Inspection, Submission, Draft)] == [1, 1, 0]


def test_a_wave_closed_while_visits_are_sent_loses_none_of_them(bank: Bank) -> None:
    def act(session: Session, number: int) -> str:
        if number < 3:
            code = ("0101", "0102", "0201")[number]
            return send(session, bank, code, body_of(bank, code, seed=number)).submission.receipt
        try:
            wave = session.get_one(Wave, bank.wave_id)
            close_wave(session, Actor.user(bank.user("administrator")), wave, now=NOW)
        except ConflictError:
            return "closed already"
        return "closed"

    answers = all_at_once(bank, act)

    assert answers.count("closed") == 1
    with reading(bank.database) as session:
        visits = [own_visit(session, bank, code) for code in bank.visits]
        assert {visit.state for visit in visits} == {VisitState.SUBMITTED}
        assert session.get_one(Wave, bank.wave_id).state is WaveState.CLOSED


def test_of_reviewers_at_once_one_writes_the_review(bank: Bank) -> None:
    with transaction(bank.database) as session:
        send(session, bank, "0101", body_of(bank, "0101", seed=1))

    def act(session: Session, number: int) -> str:
        revision = newest_revision_of_visit(session, own_visit(session, bank, "0101"))
        assert revision is not None
        reviewer = Actor.user(bank.user("reviewer" if number % 2 else "reviewer2"))
        try:
            if number % 2:
                approve(session, reviewer, revision, frozenset(), now=NOW)
            else:
                set_aside(session, reviewer, revision, SettingAside.FRAUD, "照片是旧的", now=NOW)
        except ConflictError:
            session.rollback()
            return "told"
        return "decided"

    answers = all_at_once(bank, act)

    assert answers.count("decided") in (1, 2)
    with reading(bank.database) as session:
        assert count(session, Review) == 1


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
