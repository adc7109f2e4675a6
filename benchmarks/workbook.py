"""How long the ranking workbook of 23,000 branches takes to write, at 1/100, 1/10 and 1/1 of them.

The floor writes the same rows as raw XML into a zip file; the peer is openpyxl without any look. Prints a
table, and the same as JSON; ends with status 1 where the workbook grows faster than the bank.
"""

import json
import random
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO
from time import perf_counter
from xml.sax.saxutils import escape

from openpyxl import Workbook

from benchmarks.measuring import Budget, Figure, beside
from checklists.handbook import Kind, Mode
from checklists.scoring import Scores
from inspect_app.labels.workbook import workbook_words
from reports.fingerprint import fingerprint
from reports.rankings import CountedVisit, RankBy, Ranking, Region, Target, Wave, rank
from reports.workbook import DetailRow, NamedRole, Report, write_workbook

SIZES = (230, 2_300, 23_000)
REGIONS = 40
ROLES = (NamedRole("lobby_manager", "大堂经理"), NamedRole("teller", "柜员"))
GROWTH = 13
"""How many times longer ten times the branches may take: ten, and what sorting adds."""


def main() -> int:
    """Time floor, peer and workbook at every size; return 1 where the workbook grows faster than the bank."""
    words = workbook_words("zh-Hans")
    seconds: dict[int, dict[str, float]] = {}
    for size in SIZES:
        report = report_of(size)
        rows = rows_of(report)
        seconds[size] = {
            "raw XML": timed(lambda rows=rows: raw(rows)),  # type: ignore[misc]  # bound at once
            "openpyxl, no looks": timed(lambda rows=rows: plain(rows)),  # type: ignore[misc]  # bound at once
            "workbook": timed(lambda report=report: write_workbook(report, words)),  # type: ignore[misc]
        }
    print(f"{'':20}" + "".join(f"{size:>12,} branches" for size in SIZES))
    for name in seconds[SIZES[0]]:
        cells = [(seconds[size][name], seconds[size]["raw XML"]) for size in SIZES]
        print(f"{name:20}" + "".join(f"{taken:12.2f} s {taken / floor:5.1f}×" for taken, floor in cells))
    print(json.dumps({"seconds": seconds}))
    grown = seconds[SIZES[-1]]["workbook"] / seconds[SIZES[-2]]["workbook"]
    if grown > GROWTH:
        print(f"ten times the branches take {grown:.1f} times as long", file=sys.stderr)
    return 1 if grown > GROWTH else 0


def figures() -> Iterator[Figure]:
    """Write the workbook of a national wave beside the same rows without any look."""
    words, report = workbook_words("zh-Hans"), report_of(SIZES[-1])
    rows = rows_of(report)
    yield beside(
        f"workbook of {SIZES[-1]:,} branches",
        Budget(times=2.5),
        lambda: write_workbook(report, words),
        "openpyxl, the same rows without any look",
        lambda: plain(rows),
        turns=1,
    )


def timed(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    begun = perf_counter()
    call()
    return round(perf_counter() - begun, 3)


def report_of(size: int) -> Report:
    """Return the report of a made-up wave with two visits and one shortcoming a branch."""
    ranking = ranking_of(size)
    details = [
        DetailRow(
            target.code,
            target.name,
            "业务咨询",
            "S06.A1",
            "走到客户面前，再开口询问",
            Kind.ACTION,
            Fraction(1, 2),
            58,
            "teller",
            "隔着柜台问的",
            "待整改",
            date(2026, 10, 19),
        )
        for target in ranking.wave.targets
    ]
    return Report(
        ranking=ranking,
        roles=ROLES,
        details=details,
        fingerprint=fingerprint(ranking),
        rules_version="1",
        edition="1",
        veto_cap=5900,
        published_at=datetime(2026, 10, 12, 1, tzinfo=UTC),
    )


def ranking_of(size: int) -> Ranking:
    """Return the ranking of as many branches."""
    chance = random.Random(size)  # noqa: S311 - the same size must give the same ranking
    regions = (
        Region("HO", "总行", None),
        *(Region(f"R{n:02}", f"第 {n} 分行", "HO") for n in range(REGIONS)),
    )
    targets = tuple(
        Target(f"{n:05}", f"第 {n} 支行", ("基础", "精品")[n % 2], ("HO", f"R{n % REGIONS:02}"))
        for n in range(size)
    )
    wave = Wave(
        "2026Q3", Mode.MYSTERY, date(2026, 7, 1), date(2026, 9, 20), 1, RankBy.SCORE, regions, targets
    )
    visits = (
        CountedVisit(f"{target.code}-{turn}", target.code, 1, scores(chance), {})
        for target in targets
        for turn in range(2)
    )
    return rank(wave, visits)


def scores(chance: random.Random) -> Scores:
    """Return the scores of a made-up visit."""
    visit = chance.randint(6000, 10_000)
    roles = {role.code: chance.randint(5000, 10_000) for role in ROLES}
    return Scores(visit, {}, {}, roles, roles, visit, visit, visit, None, 0, visit, visit, None)


def rows_of(report: Report) -> list[list[str | int]]:
    """Return as many cells as the workbook holds, for floor and peer."""
    ranking = report.ranking
    ranked = [*ranking.branches, *(row for rows in ranking.roles.values() for row in rows)]
    cells = [
        [row.rank or 0, row.unit, row.unit, "分行", "基础", row.score or 0, 1, 2, 3, 4, 5, 6]
        for row in ranked
    ]
    return [*cells, *([one.branch_code, one.branch_name, one.demand, *range(9)] for one in report.details)]


def raw(rows: list[list[str | int]]) -> bytes:
    """Write rows as the least XML that is a sheet."""
    kept = BytesIO()
    with (
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package,
        package.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        sheet.write(b"<worksheet><sheetData>")
        for row in rows:
            sheet.write(f"<row>{''.join(map(cell, row))}</row>".encode())
        sheet.write(b"</sheetData></worksheet>")
    return kept.getvalue()


def cell(value: str | int) -> str:
    """Return a cell as XML."""
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def plain(rows: list[list[str | int]]) -> bytes:
    """Write rows with openpyxl, without any look."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("rows")
    for row in rows:
        sheet.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


if __name__ == "__main__":
    sys.exit(main())
