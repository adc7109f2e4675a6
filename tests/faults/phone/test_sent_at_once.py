"""R12, C01, D08: one inspection from many sides at once, and many answers at once, each for who asked."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.phone.checker import Known, check
from tests.faults.phone.circumstances import Circumstances
from tests.faults.phone.faults import Fault
from tests.faults.phone.field_work import PlannedVisit, answers_for, frozen_body
from tests.faults.phone.ground import Ground
from tests.faults.phone.history import plan_history
from tests.faults.phone.replaying import LATER, put
from tests.faults.phone.scripts import calm, lived

CountRuns = Callable[[int], None]

PHONES = 20
ROUNDS = 5
ROWS, READS = 25, 500
PATIENCE = 60_000
"""Milliseconds: how fast an answer comes decides nothing here."""

pytestmark = pytest.mark.slow


def body_for(ground: Ground, planned: PlannedVisit, seed: int) -> tuple[str, bytes]:
    """Return a submission's id and its bytes."""
    checklist = ground.bank.checklist
    return frozen_body(planned.visit_id, checklist.hash, answers_for(checklist, seed), seed)


def sent_at_once(ground: Ground, path: str, body: bytes, token: str) -> list[tuple[int, bytes]]:
    """Send the same from all phones at the same moment."""
    start = threading.Barrier(PHONES)

    def send(_phone: int) -> tuple[int, bytes]:
        start.wait()
        return put(ground, path, body, token)

    with ThreadPoolExecutor(PHONES) as phones:
        return list(phones.map(send, range(PHONES)))


@pytest.mark.fault("R12", "R16")
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_twenty_equal_submissions_at_once_make_one_row_and_one_receipt(ground: Ground, seed: int) -> None:
    planned = plan_history(ground, seed)
    submission, body = body_for(ground, planned, seed)
    known = Known(planned.visit_id)
    known.note_sent(submission, body)

    answers = sent_at_once(ground, f"submissions/{submission}", body, ground.ask(planned.token))

    statuses = Counter(status for status, _ in answers)
    assert statuses[201] == 1
    assert set(statuses) <= {201, 200, *LATER}
    receipts = {json.loads(said)["receipt"] for status, said in answers if status not in LATER}
    assert len(receipts) == 1
    known.note_receipt(submission, receipts.pop())
    assert ground.ask(lambda session: check(session, ground.served.store, known)) == []


@pytest.mark.fault("C01")
@pytest.mark.parametrize("tabs", [2, 3])
def test_pages_that_know_locks_send_each_record_from_one_of_them(
    ground: Ground, tmp_path: Path, tabs: int
) -> None:
    told = lived(ground, with_tabs(calm(tabs), tabs, has_locks=True), tmp_path / "phone")

    assert told.violations == []
    assert told.faults[Fault.PASS] == 4, "the body, two photos, and the body that asks what has arrived"


@pytest.mark.fault("C01")
@pytest.mark.parametrize("tabs", [2, 3])
def test_pages_that_know_no_locks_send_one_inspection_all_the_same(
    ground: Ground, tmp_path: Path, tabs: int
) -> None:
    told = lived(ground, with_tabs(calm(10 + tabs), tabs, has_locks=False), tmp_path / "phone")

    assert told.violations == []


def with_tabs(circumstances: Circumstances, tabs: int, *, has_locks: bool) -> Circumstances:
    """Return the same with so many pages that send, on a phone that waits for a slow machine."""
    return replace(circumstances, tabs=tabs, has_locks=has_locks, patience=PATIENCE)


@pytest.mark.fault("D08")
def test_of_five_hundred_answers_at_once_each_is_for_who_asked(ground: Ground, count_runs: CountRuns) -> None:
    count_runs(READS)
    planned = plan_history(ground, 1)
    token = ground.ask(planned.token)
    bodies = dict(body_for(ground, planned, seed) for seed in range(ROWS))
    receipts = {}
    for submission, body in bodies.items():
        status, said = put(ground, f"submissions/{submission}", body, token)
        assert status in (201, 202)
        receipts[submission] = json.loads(said)["receipt"]

    def ask(number: int) -> tuple[str, str | None]:
        submission = list(bodies)[number % ROWS]
        _, said = put(ground, f"submissions/{submission}", bodies[submission], token)
        return submission, json.loads(said).get("receipt")

    with ThreadPoolExecutor(PHONES) as phones:
        answers = list(phones.map(ask, range(READS)))

    assert len(set(receipts.values())) == ROWS
    assert [receipt for _, receipt in answers] == [receipts[submission] for submission, _ in answers]
