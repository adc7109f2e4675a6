"""Binds the sheets into one workbook."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook.branches import branch_table
from reports.workbook.cover import CoverSheet
from reports.workbook.cover_text import Contents, cover_text
from reports.workbook.detail import DetailRow, detail_table
from reports.workbook.package import file_bytes
from reports.workbook.page import open_page, print_table, put_foot
from reports.workbook.regions import region_table
from reports.workbook.report import Report
from reports.workbook.roles import role_table
from reports.workbook.shown import Shown, ShownRow, shown_of
from reports.workbook.table import HEAD_ROW, Table
from reports.workbook.text import sheet_titles
from reports.workbook.words import Counted, Words

SheetTable = Table[ShownRow] | Table[DetailRow]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be written: its wanted title, what the cover says of it, and its table."""

    title: str
    hint: str
    table: SheetTable


Progress = Callable[[int, int], None]
"""Is told how many of how many sheets are written; what it raises ends the writing."""


def tell_nobody(_done: int, _of: int) -> None:
    """Let it be written in silence."""


def write_workbook(report: Report, words: Words, progress: Progress = tell_nobody) -> bytes:
    """Return a ranking as an xlsx file: cover, regions, branches, one sheet per staff role, detail.

    The same report and words give the same bytes. No cell holds a formula; text stays text.

    Raises:
        UnknownRegionError: the report is limited to a region that the wave does not know.
    """
    shown = shown_of(report)
    sheets = list(_sheets(report, shown, words))
    cover_title, *titles = sheet_titles([words.cover_sheet, *(sheet.title for sheet in sheets)])
    contents = [Contents(title, sheet.hint) for title, sheet in zip(titles, sheets, strict=True)]
    text = cover_text(report, shown, contents, words)
    book = Workbook(write_only=True)
    cover: Worksheet = book.create_sheet(cover_title)
    CoverSheet(cover).write(text)
    for done, (title, sheet) in enumerate(zip(titles, sheets, strict=True)):
        progress(done, len(sheets))
        _write(book.create_sheet(title), sheet.table, report, words)
    progress(len(sheets), len(sheets))
    return file_bytes(book, text.title, _made_at(report))


def _sheets(report: Report, shown: Shown, words: Words) -> Iterator[Sheet]:
    cover = words.cover
    regions = region_table(report, shown.regions, words)
    placed = sum(1 for region in shown.regions.ranked if region.row.rank is not None)
    yield Sheet(words.regions_sheet, cover.regions_hint.of(placed), regions)
    branches = branch_table(report, shown.branches, words)
    yield Sheet(words.branches_sheet, _hint(branches, cover.branches_hint), branches)
    for role in report.roles:
        table = role_table(report, role, shown.roles[role.code], words)
        yield Sheet(role.name, _hint(table, cover.role_hint), table)
    names = {role.code: role.name for role in report.roles}
    detail = detail_table(shown.details, names, words)
    yield Sheet(words.detail_sheet, _hint(detail, cover.detail_hint), detail)


def _hint(table: SheetTable, counted: Counted) -> str:
    return counted.of(len(table.rows)) if table.rows else table.empty


def _write(sheet: Worksheet, table: SheetTable, report: Report, words: Words) -> None:
    open_page(sheet)
    area = table.write_to(sheet)
    print_table(sheet, area, HEAD_ROW)
    named = {"wave": report.wave_name, "fingerprint": report.shown_fingerprint}
    put_foot(sheet, words.footer % named, words.page % {"page": "&P", "pages": "&N"})


def _made_at(report: Report) -> datetime:
    """Return the moment that the file gives as its own: that of publication, else the wave's last day."""
    return report.published_at or datetime.combine(report.ranking.wave.closes_on, time(), UTC)
