"""All figures in one run, or those of the parts that are named: one table with budgets, and the same as JSON.

Ends with status 1 where something misses its budget.
"""

import json
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks import backup, branches, forms, generation, pages, scoring, submission, workbook
from benchmarks.measuring import IS_PROCESSOR_TIME, Figure, shown

HEADS = ("work", "budget", "takes", "floor", "ratio", "met", "what the floor does")
PARTS = (submission, forms, scoring, generation, branches, pages, workbook, backup)


def main() -> int:
    """Print every figure; return 1 where one misses its budget."""
    chosen = [part for part in PARTS if part.__name__.rpartition(".")[2] in sys.argv[1:]] or PARTS
    taken = [figure for part in chosen for figure in _told(part.figures())]
    clock = "processor time" if IS_PROCESSOR_TIME else "by the clock"
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores of {platform.machine()}"
    print(f"\n{datetime.now(UTC):%Y-%m-%d}, {machine}, {clock}\n")
    for line in table(taken):
        print(line)
    print(json.dumps([_as_json(figure) for figure in taken], ensure_ascii=False))
    return 0 if all(figure.is_met for figure in taken) else 1


def table(figures: list[Figure]) -> Iterator[str]:
    """Yield the lines of a table that Markdown shows as one."""
    yield f"| {' | '.join(HEADS)} |"
    yield f"|{'---|' * len(HEADS)}"
    for one in figures:
        cells = (
            one.work,
            str(one.budget),
            shown(one.own),
            shown(one.floor),
            f"{one.ratio:.2f}×",
            "yes" if one.is_met else "NO",
            one.floor_is,
        )
        yield f"| {' | '.join(cells)} |"


def _told(figures: Iterator[Figure]) -> Iterator[Figure]:
    """Say on a terminal how far it has come."""
    for figure in figures:
        sys.stderr.write(f"{figure.work}: {shown(figure.own)}\n")
        yield figure


def _as_json(figure: Figure) -> dict[str, object]:
    return {
        "work": figure.work,
        "seconds": figure.own,
        "floor_seconds": figure.floor,
        "ratio": round(figure.ratio, 3),
        "budget": str(figure.budget),
        "met": figure.is_met,
    }


if __name__ == "__main__":
    sys.exit(main())
