"""The table of the suite says what ran, what failed, and what nobody tests."""

from pathlib import Path

from tests.faults.cases import CASES, Priority
from tests.faults.table import Result, read_report, table, written

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite>
<testcase classname="tests.a" name="test_one"><properties><property name="fault" value="R01"/>
<property name="fault" value="R02"/><property name="fault_runs" value="50"/></properties></testcase>
<testcase classname="tests.a" name="test_two"><properties><property name="fault" value="R01"/>
</properties></testcase>
<testcase classname="tests.a" name="test_three"><properties><property name="fault" value="R02"/>
</properties><failure message="no">no</failure></testcase>
<testcase classname="tests.a" name="test_four"><properties><property name="fault" value="R10"/>
</properties><skipped message="no">no</skipped></testcase>
<testcase classname="tests.a" name="test_beside_it"/>
</testsuite></testsuites>
"""


def test_each_case_is_told_with_its_tests_runs_and_worst_result(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT, encoding="utf-8")

    lines = {line.case.id: line for line in table(read_report(report))}

    assert (lines["R01"].tests, lines["R01"].runs, lines["R01"].result) == (2, 51, Result.PASSED)
    assert (lines["R02"].tests, lines["R02"].runs, lines["R02"].result) == (2, 51, Result.FAILED)
    assert (lines["R10"].runs, lines["R10"].result) == (0, Result.SKIPPED)
    assert lines["R11"].result is Result.MISSING
    assert "R16" not in lines, "of the later ones only those that have a test"
    assert "R11 " in written(list(lines.values())).rpartition("without a test:")[2]


def test_every_case_has_its_own_id() -> None:
    assert len({case.id for case in CASES}) == len(CASES)
    assert sum(case.priority is Priority.FIRST for case in CASES) == 97
