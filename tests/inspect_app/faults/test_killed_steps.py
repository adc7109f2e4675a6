"""kill -9 at every commit point of review and publishing: nothing is left half, lost or doubled."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inspect_app.db import transaction
from tests.inspect_app.cli.running import surroundings
from tests.inspect_app.made_up_bank import Bank, body_of, send

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to be killed")
def test_reviewing_and_publishing_killed_anywhere_leave_nothing_half_and_nothing_twice(bank: Bank) -> None:
    with transaction(bank.database) as session:
        for seed, code in enumerate(bank.visits):
            send(session, bank, code, body_of(bank, code, seed))
    bank.database.writing.dispose()

    program = [sys.executable, "-m", "tests.inspect_app.faults.killed_steps", bank.url]
    finished = subprocess.run(
        program, cwd=ROOT, env=surroundings(), capture_output=True, encoding="utf-8", check=False, timeout=300
    )

    assert finished.returncode == 0, finished.stderr
    told = {one["step"]: one for one in map(json.loads, finished.stdout.splitlines())}
    assert list(told) == ["begin", "approve", "return", "set aside", "disclose", "publish"]
    for step, one in told.items():
        assert one["killed"] == min(one["statements"], 8), step
        assert one["left"] == [], step
        assert {"journal_entry", "unsealed_entry", "visit"} <= set(one["changed"]), step
        assert one["doubled"] == [], step
        assert one["was_refused"], step
    assert {"ranking", "ranking_row", "visit_result", "wave"} <= set(told["publish"]["changed"])
    assert {"deficiency", "wave"} <= set(told["disclose"]["changed"])
    assert "review" in told["approve"]["changed"]
