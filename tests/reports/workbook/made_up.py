"""A small made-up wave and its ranking, and a reader of the sheets that are written from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from checklists.handbook import Kind, Mode
from inspect_app.labels.workbook import workbook_words
from reports.places import PlacedBy
from reports.rankings import Ranking, Row, Unranked
from reports.waves import RankBy, Region, Target, Wave
from reports.workbook import DetailRow, NamedRole, Report, write_workbook

FINGERPRINT = "7f3a92c10b6d44e0" + "5" * 48
ROLES = (
    NamedRole("lobby_manager", "大堂经理"),
    NamedRole("teller", "柜员"),
    NamedRole("branch_head", "网点负责人"),
)
HEAD_ROW = 4

REGIONS = (Region("HO", "总行", None), Region("R01", "临江分行", "HO"), Region("R02", "东湖分行", "HO"))
TARGETS = (
    Target("0101", "广场支行", "基础", ("HO", "R01")),
    Target("0102", "临湖支行", "精品", ("HO", "R02")),
    Target("0103", "翠湖支行", "基础", ("HO", "R02")),
    Target("0104", "人民路支行", "基础", ("HO", "R02")),
)


def ranked(unit: str, rank: int | None, score: int, **more: int | Fraction | PlacedBy | None) -> Row:
    """Return a ranked row; what is not given is empty."""
    plain = Row(
        unit=unit, rank=rank, score=score, over_par=None, visits=2, rank_change=None, score_change=None,
        rank_in_kind=None, vetoes=0, phrase=None, action=None, placed_by=PlacedBy.SCORE, unranked=None,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]  # the names are the row's own


def not_ranked(unit: str, why: Unranked, visits: int = 0, score: int | None = None) -> Row:
    """Return a row without a place."""
    return replace(ranked(unit, None, 0), score=score, visits=visits, placed_by=None, unranked=why)


def wave(rank_by: RankBy = RankBy.SCORE) -> Wave:
    """Return the wave of three ranked branches and one that was visited too seldom."""
    return Wave(
        code="2026Q3", mode=Mode.MYSTERY, opens_on=date(2026, 7, 1), closes_on=date(2026, 9, 20),
        min_visits=2, rank_by=rank_by, regions=REGIONS, targets=TARGETS,
    )  # fmt: skip


def ranking(rank_by: RankBy = RankBy.SCORE) -> Ranking:
    """Return the wave's first ranking; one role was seen nowhere."""
    branches = (
        ranked(
            "0101",
            1,
            9646,
            over_par=400,
            rank_in_kind=1,
            phrase=Fraction(18501, 2),
            rank_change=2,
            score_change=44,
        ),
        ranked("0102", 2, 9000, over_par=0, rank_in_kind=1, rank_change=0, score_change=0),
        ranked(
            "0103",
            3,
            8111,
            over_par=-310,
            rank_in_kind=2,
            vetoes=1,
            visits=3,
            rank_change=-1,
            score_change=-90,
        ),
        not_ranked("0104", Unranked.TOO_FEW, visits=1, score=8200),
    )
    regions = (
        ranked("HO", None, 8919, score_change=118, placed_by=None, branches=3),
        ranked("R01", 1, 9646, branches=1),
        ranked("R02", 2, 8556, branches=2),
    )
    tellers = (ranked("0102", 1, 9500), ranked("0103", 1, 9500), not_ranked("0101", Unranked.ROLE_NOT_SEEN))
    return Ranking(wave(rank_by), 1, regions, branches, {"teller": tellers, "lobby_manager": branches})


DETAILS = (
    DetailRow(
        branch_code="0102", branch_name="临湖支行", flow="业务咨询", clause="S06.P1",
        demand="“您好，请问您需要什么帮助？”", kind=Kind.PHRASE, credit=Fraction(1, 2), points_lost=58,
        role="teller", seen="听到“你办什么业务？”", state="待整改", due=date(2026, 10, 19),
    ),
    DetailRow(
        branch_code="0101", branch_name="广场支行", flow="", clause="S06.A1", demand="", kind=Kind.ACTION,
        credit=Fraction(0), points_lost=113, role="lobby_manager", seen="", state="", due=None,
    ),
)  # fmt: skip


def report(**changes: object) -> Report:
    """Return the report of the made-up ranking, with changes."""
    whole = Report(
        ranking=ranking(),
        roles=ROLES,
        details=DETAILS,
        fingerprint=FINGERPRINT,
        rules_version="1",
        edition="1",
        veto_cap=5900,
        published_at=datetime(2026, 10, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai")),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # the names are the report's own


def workbook_of(made_from: Report) -> Workbook:
    """Return the Chinese workbook of a report as openpyxl reads it."""
    return load_workbook(BytesIO(write_workbook(made_from, workbook_words("zh-Hans"))))


@dataclass(frozen=True)
class ReadTable:
    """A table sheet as read back."""

    heads: Sequence[str]
    rows: Sequence[Mapping[str, Cell]]
    below: Sequence[Sequence[str | int | float | None]]

    def column(self, head: str) -> list[object]:
        """Return the values below a head."""
        return [row[head].value for row in self.rows]


def table_of(book: Workbook, title: str) -> ReadTable:
    """Return the table of a sheet: the rows up to the first empty one, and the values below that."""
    lines = [list(line) for line in book[title].iter_rows(min_row=HEAD_ROW)]
    heads = [str(cell.value) for cell in lines[0]]
    end = next((n for n, line in enumerate(lines) if all(c.value is None for c in line)), len(lines))
    rows = [dict(zip(heads, line, strict=True)) for line in lines[1:end]]
    below = [[cell.value for cell in line if cell.value is not None] for line in lines[end + 1 :]]
    return ReadTable(heads, rows, below)  # type: ignore[arg-type]  # a table has no merged cells, formulas or errors


def foot_of(sheet: Worksheet) -> tuple[str | None, str | None]:
    """Return what a sheet's foot says on the left and on the right."""
    assert sheet.oddFooter is not None
    return sheet.oddFooter.left.text, sheet.oddFooter.right.text


def texts_of(book: Workbook, title: str) -> list[str]:
    """Return every text of a sheet, from top to bottom."""
    return [cell.value for line in book[title].iter_rows() for cell in line if isinstance(cell.value, str)]
