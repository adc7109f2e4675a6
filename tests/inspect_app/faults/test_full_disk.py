"""D03: a full disk loses nothing that was acknowledged, lets everybody read on, and passes.

While a log line is written: `tests/inspect_app/operations/test_serving.py`.
"""

import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.demo_bank import DemoBank
from tests.inspect_app.cli.running import run, surroundings
from tests.inspect_app.cli.test_backup import rows

ROOT = Path(__file__).parents[3]


@pytest.mark.fault("D03")
@pytest.mark.skipif(find_spec("resource") is None, reason="files cannot be kept from growing here")
def test_a_full_disk_refuses_with_a_sentence_lets_read_on_and_passes(demo_bank: DemoBank) -> None:
    before = rows(demo_bank.folder, "submission")
    demo_bank.database.writing.dispose()

    program = [sys.executable, "-m", "tests.inspect_app.faults.full_disk", str(demo_bank.folder)]
    finished = subprocess.run(
        program, cwd=ROOT, env=surroundings(), capture_output=True, encoding="utf-8", check=True, timeout=120
    )

    told = json.loads(finished.stdout)
    assert "disk" in told["refusal"]
    assert 2 <= told["kept"] < 22
    assert told["refused"] == 507
    assert "服务器的磁盘满了" in told["page"]
    assert told["read"] == 200
    assert (told["again"], told["then"]) == (303, "")
    acknowledged = set(told["acknowledged"])
    assert len(acknowledged) == told["kept"] + 2
    assert rows(demo_bank.folder, "submission") == before | acknowledged
    verified = run(demo_bank.folder, "verify", environ={"INSPECT_DATA_DIR": str(demo_bank.folder)})
    assert verified.returncode == 0


@pytest.mark.fault("D03")
@pytest.mark.skipif(find_spec("resource") is None, reason="files cannot be kept from growing here")
def test_where_the_log_cannot_be_taken_over_into_the_database_nothing_is_lost(demo_bank: DemoBank) -> None:
    before = rows(demo_bank.folder, "submission")
    demo_bank.database.writing.dispose()

    program = [sys.executable, "-m", "tests.inspect_app.faults.full_checkpoint", str(demo_bank.folder)]
    finished = subprocess.run(
        program, cwd=ROOT, env=surroundings(), capture_output=True, encoding="utf-8", check=True, timeout=120
    )

    told = json.loads(finished.stdout)
    assert "disk" in told["refused"]
    assert told["then"] == ""
    assert told["read"] == len(before) + 12
    assert rows(demo_bank.folder, "submission") == before | set(told["acknowledged"])


@pytest.mark.fault("D03")
@pytest.mark.skipif(os.name != "posix", reason="files cannot be kept from growing here")
def test_an_export_onto_a_full_disk_is_refused_and_leaves_no_half_file(
    demo_bank: DemoBank, tmp_path: Path
) -> None:
    demo_bank.database.writing.dispose()
    environ = {"INSPECT_DATA_DIR": str(demo_bank.folder)}
    out = tmp_path / "out" / "ranking.xlsx"
    out.parent.mkdir()
    out.write_bytes(b"last time's")
    export = f"{sys.executable} -B -m inspect_app ranking export --wave 2026Q2 --out {out}"

    finished = subprocess.run(
        ["bash", "-c", f"ulimit -f 40; exec {export}"],
        cwd=ROOT,
        env=surroundings() | environ,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )

    assert finished.returncode == 1
    assert finished.stderr.startswith(f"写不了 {tempfile.gettempdir()}：")
    assert len(finished.stderr.splitlines()) == 1
    assert out.read_bytes() == b"last time's"
    assert [one.name for one in out.parent.iterdir()] == ["ranking.xlsx"]
