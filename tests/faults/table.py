"""`python -m tests.faults.table`: runs the tests of the suite's cases, and prints which cases hold."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import starmap
from pathlib import Path

from defusedxml.ElementTree import parse

from tests.faults.cases import CASES, Case, Priority
from tests.faults.marks import FAULT, RUNS

ROOT = Path(__file__).parents[2]


class Result(StrEnum):
    """How a test, or all tests of a case, ended."""

    PASSED = "passed"
    FAILED = "FAILED"
    SKIPPED = "skipped"
    MISSING = "MISSING"


WORST_FIRST = (Result.FAILED, Result.PASSED, Result.SKIPPED)
"""A case that ran somewhere has passed, though it was skipped elsewhere."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of one test: its name, the cases that it is about, how often it tried them, how it ended."""

    test: str
    ids: tuple[str, ...]
    runs: int
    result: Result


@dataclass(frozen=True, slots=True)
class Line:
    """What all tests of one case came to."""

    case: Case
    tests: int
    runs: int
    result: Result


def read_report(report: Path) -> list[Ran]:
    """Return the tests of the suite in a report of pytest (`--junitxml`)."""
    found = []
    for test in parse(report).iter("testcase"):
        told = [(one.get("name", ""), one.get("value", "")) for one in test.iter("property")]
        ids = tuple(dict.fromkeys(value for name, value in told if name == FAULT))
        if ids:
            runs = sum([int(value) for name, value in told if name == RUNS]) or 1
            parts = {part.tag for part in test}
            name = f"{test.get('classname')}::{test.get('name')}"
            found.append(Ran(name, ids, runs, _result(parts)))
    return found


def _result(parts: set[str]) -> Result:
    if parts & {"failure", "error"}:
        return Result.FAILED
    return Result.SKIPPED if "skipped" in parts else Result.PASSED


def table(ran: Iterable[Ran]) -> list[Line]:
    """Return a line for each case of the first priority, and for each other one that has a test."""
    by_id: dict[str, list[Ran]] = {}
    for one in ran:
        for id in one.ids:
            by_id.setdefault(id, []).append(one)
    lines = [_line(case, by_id.get(case.id, [])) for case in CASES]
    return [line for line in lines if line.tests or line.case.priority is Priority.FIRST]


def _line(case: Case, ran: Sequence[Ran]) -> Line:
    results = {one.result for one in ran}
    worst = next(
        (one for one in (Result.FAILED, Result.PASSED, Result.SKIPPED) if one in results), Result.MISSING
    )
    tried = sum(one.runs for one in ran if one.result is not Result.SKIPPED)
    return Line(case, len({one.test for one in ran}), tried, worst)


def written(lines: Sequence[Line]) -> str:
    """Return the table as text, with a last line that counts."""
    rows = [("id", "case", "", "tests", "runs", "result")]
    rows += [
        (line.case.id, line.case.title, line.case.priority, str(line.tests), str(line.runs), line.result)
        for line in lines
    ]
    text = "\n".join(starmap("{:<4} {:<58} {:<3} {:>5} {:>7}  {}".format, rows))
    counted = {result: sum(line.result is result for line in lines) for result in Result}
    named = [line.case.id for line in lines if line.result is Result.MISSING]
    return "\n".join(
        (
            text,
            "",
            ", ".join(f"{number} {result}" for result, number in counted.items()),
            f"without a test: {' '.join(named) or 'none'}",
        )
    )


def run_tests(database: str, report: Path, marks: str, paths: Sequence[str]) -> None:
    """Run the suite's tests on one database, and leave a report."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "--no-header", "-m", marks),
            *(f"--database={database}", f"--junitxml={report}", *paths),
        ],
        cwd=ROOT,
        check=False,
    )


def main(arguments: Sequence[str]) -> int:
    """Run or read, print, and return 1 where a case failed."""
    reader = argparse.ArgumentParser(prog="python -m tests.faults.table", description=__doc__)
    reader.add_argument("--from", dest="reports", type=Path, nargs="+", help="read reports, run nothing")
    reader.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    reader.add_argument("--volume", action="store_true", help="run what is long as well")
    reader.add_argument("paths", nargs="*", help="run the tests in these places only")
    chosen = reader.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        reports = chosen.reports or []
        if not reports:
            marks = FAULT if chosen.volume else f"{FAULT} and not volume"
            databases = ("sqlite", "postgresql") if chosen.database == "both" else (chosen.database,)
            for database in databases:
                reports.append(Path(folder) / f"{database}.xml")
                run_tests(database, reports[-1], marks, chosen.paths)
        lines = table(ran for report in reports for ran in read_report(report))
    sys.stdout.write(f"{written(lines)}\n")
    return int(any(line.result is Result.FAILED for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
