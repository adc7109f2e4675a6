"""The sheet of single shortcomings."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from tests.reports.workbook.made_up import DETAILS, report, table_of, texts_of, workbook_of

HEADS = [
    "机构代码", "机构名称", "流程", "条款", "要求", "作答", "得分率", "扣分", "岗位", "看到、听到的",
    "状态", "整改期限",
]  # fmt: skip


def test_a_shortcoming_is_one_row_by_branch() -> None:
    table = table_of(workbook_of(report()), "明细")

    assert table.heads == HEADS
    assert table.column("机构代码") == ["0101", "0102"]
    assert table.column("作答") == ["○ 未达标", "◐ 意思相近"]
    assert table.column("得分率") == [0, 0.5]
    assert table.column("扣分") == [-1.13, -0.58]
    assert table.column("岗位") == ["大堂经理", "柜员"]
    assert table.column("整改期限") == [None, datetime(2026, 10, 19)]  # noqa: DTZ001 - a workbook's days have no zone
    assert table.rows[1]["整改期限"].number_format == "yyyy-mm-dd"


def test_in_a_branch_the_dearest_stands_first() -> None:
    cheap, dear = (
        replace(DETAILS[0], clause=code, points_lost=lost) for code, lost in (("S01.A1", 5), ("S09.A1", 90))
    )

    table = table_of(workbook_of(report(details=[cheap, dear])), "明细")

    assert table.column("条款") == ["S09.A1", "S01.A1"]


def test_any_credit_between_nothing_and_all_is_partly() -> None:
    row = replace(DETAILS[1], credit=Fraction(1, 3))

    table = table_of(workbook_of(report(details=[row])), "明细")

    assert table.column("作答") == ["◐ 部分达标"]
    assert table.column("得分率") == [1 / 3]


def test_a_role_that_the_edition_does_not_name_is_shown_by_its_code() -> None:
    row = replace(DETAILS[1], role="branch")

    assert table_of(workbook_of(report(details=[row])), "明细").column("岗位") == ["branch"]


def test_what_is_not_known_stays_empty() -> None:
    first = table_of(workbook_of(report()), "明细").rows[0]

    assert [first[head].value for head in ("流程", "要求", "看到、听到的", "状态", "整改期限")] == [None] * 5


def test_a_row_of_long_words_is_high_enough_for_them() -> None:
    row = replace(DETAILS[1], seen="很长的话" * 20)

    sheet = workbook_of(report(details=[row, DETAILS[0]]))["明细"]

    assert sheet.row_dimensions[5].height == 19 + 3 * 15
    assert sheet.row_dimensions[6].height is None


def test_no_shortcoming_says_so() -> None:
    book = workbook_of(report(details=[]))

    assert "没有要列的问题：计入的检查没有扣分的作答。" in texts_of(book, "明细")


def test_no_row_is_higher_than_a_sheet_allows() -> None:
    row = replace(DETAILS[1], seen="很长的话" * 5000)

    assert workbook_of(report(details=[row]))["明细"].row_dimensions[5].height == 409
