"""Lists that a bank hands in are read from workbooks and csv files, and every fault is told with its cell."""

from datetime import date

import pytest

from inspect_app.importers import limits
from inspect_app.importers.lists import RowFault
from inspect_app.importers.refusals import FileRefusal, FileRefusedError
from inspect_app.importers.unit_lists import UnitLevel
from inspect_app.labels.lists import refusal_in
from inspect_app.models.people import UserKind
from tests.inspect_app.bank_lists import (
    PERSON_HEADINGS,
    UNIT_HEADINGS,
    book_of,
    csv_of,
    people_of,
    units_of,
)

HEAD_OFFICE = ("HO", "江城银行总行", "总行", "", "", "")
BRANCH = ("0101", "太白路支行", "网点", "HO", "基础", "太白路 1 号")
LIST = (UNIT_HEADINGS, HEAD_OFFICE, BRANCH)
CSV = csv_of(*LIST)


def faults_of(*rows: tuple[object, ...]) -> list[tuple[str, RowFault]]:
    """Return what is wrong in the rows of a workbook below its headings."""
    return [(fault.address, fault.what) for fault in units_of(book_of(UNIT_HEADINGS, *rows)).faults]


@pytest.mark.parametrize(
    "data",
    [
        CSV,
        b"\xef\xbb\xbf" + CSV,
        CSV.decode().encode("gb18030"),
        CSV.replace(b",", b"\t"),
        CSV.replace(b",", b";"),
        CSV.replace(b"\n", b"\r\n"),
        b",,\n" + CSV,
        book_of(*LIST),
        book_of(("江城银行机构清单",), (), *LIST),
    ],
    ids=[
        "UTF-8",
        "with its mark",
        "GB18030",
        "tabs",
        "semicolons",
        "Windows",
        "blank",
        "xlsx",
        "below a title",
    ],
)
def test_a_list_is_read_however_it_was_saved(data: bytes) -> None:
    read = units_of(data)

    assert read.faults == ()
    office, branch = read.units
    assert (office.code, office.level, office.parent) == ("HO", UnitLevel.REGION, "")
    assert (branch.code, branch.name, branch.level, branch.parent, branch.kind, branch.address) == (
        "0101",
        "太白路支行",
        UnitLevel.BRANCH,
        "HO",
        "基础",
        "太白路 1 号",
    )


@pytest.mark.parametrize(
    ("headings", "region", "branch"),
    [
        (("機構代碼", "機構名稱", "機構層級", "上級機構代碼", "網點類型"), "一級分行", "網點"),
        (("Code", "NAME", "Level", "Parent Code", "Branch  kind *"), "region", "Branch"),
        (("code", "name", "level", "parent", "kind"), "region", "branch"),
    ],
    ids=["traditional", "English", "codes"],
)
def test_headings_and_choices_are_known_in_every_language(
    headings: tuple[str, ...], region: str, branch: str
) -> None:
    read = units_of(csv_of(headings, ("HO", "x", region, "", ""), ("1", "y", branch, "HO", "z")))

    assert [unit.level for unit in read.units] == [UnitLevel.REGION, UnitLevel.BRANCH]
    assert (read.faults, read.unread, read.units[1].address) == ((), (), None)


def test_columns_come_in_any_order_and_unknown_ones_are_named() -> None:
    read = people_of(
        csv_of(("备注", "姓名", "用户类型", "用户名", "机构号"), ("x", "周敏", "复核人", "zhou", ""))
    )

    assert read.unread == ("备注",)
    (person,) = read.people
    assert (person.username, person.name, person.kind, person.email) == (
        "zhou",
        "周敏",
        UserKind.REVIEWER,
        None,
    )


def test_every_fault_is_told_with_its_row_and_cell() -> None:
    assert faults_of(
        ("HO", "总行", "总行", "", "", ""),
        ("R01", "", "分行", "HO", "", ""),
        ("R 2", "某分行", "分行", "HO", "基础", ""),
        ("0101", "某支行", "科室", "HO", "基础", ""),
        ("0102", "某支行", "网点", "", "", ""),
        ("0102", "长" * 121, "网点", "HO", "基础", ""),
        ("0103", "=1+1", "网点", "HO", "基础", ""),
        (date(2026, 1, 2), "某支行", "网点", "HO", "基础", ""),
        ("0104", "某\x9f支行", "网点", "HO", "基础", ""),
    ) == [
        ("B3", RowFault.LACKING),
        ("A4", RowFault.NOT_A_CODE),
        ("E4", RowFault.NOT_EMPTY),
        ("C5", RowFault.UNKNOWN_CHOICE),
        ("E6", RowFault.LACKING),
        ("D6", RowFault.LACKING),
        ("A7", RowFault.TWICE),
        ("B7", RowFault.TOO_LONG),
        ("B8", RowFault.NOT_TEXT),
        ("A9", RowFault.NOT_TEXT),
        ("B10", RowFault.UNFIT),
    ]


def test_every_fault_of_people_is_told_with_its_row_and_cell() -> None:
    read = people_of(
        book_of(
            PERSON_HEADINGS,
            ("x", "周敏", "管理员", "", ""),
            ("zhou", "", "管理员", "0101", ""),
            ("li", "李娜", "行长", "", ""),
            ("wang", "王强", "区域经理", "", "wang@"),
            ("zhou", "周敏", "检查人", "", ""),
        )
    )

    assert [(fault.row, fault.address, fault.what) for fault in read.faults] == [
        (2, "A2", RowFault.NOT_A_USERNAME),
        (3, "B3", RowFault.LACKING),
        (3, "D3", RowFault.NOT_EMPTY),
        (4, "C4", RowFault.UNKNOWN_CHOICE),
        (5, "D5", RowFault.LACKING),
        (5, "E5", RowFault.NOT_AN_ADDRESS),
        (6, "A6", RowFault.TWICE),
    ]


def test_a_number_in_a_workbook_is_read_as_it_shows() -> None:
    (unit,) = units_of(book_of(UNIT_HEADINGS, (110102.0, "某支行", "网点", 11, "基础", ""))).units

    assert (unit.code, unit.parent) == ("110102", "11")


def test_in_a_csv_file_nothing_is_a_formula() -> None:
    (unit,) = units_of(csv_of(UNIT_HEADINGS, ("0101", "=1+1", "网点", "HO", "基础", "@SUM(A1)"))).units

    assert (unit.name, unit.address) == ("=1+1", "@SUM(A1)")


@pytest.mark.fault("M01")
@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (b" \n", FileRefusal.EMPTY, "空"),
        (CSV.decode().encode("utf-16"), FileRefusal.UNKNOWN_SIGNS, "GB18030"),
        (CSV + b"\xff\xff\n", FileRefusal.UNKNOWN_SIGNS, "GB18030"),
        (CSV + b'"0102,x\n', FileRefusal.BROKEN_LINES, "第 4 行"),
        (b"a,b\n1,2\n", FileRefusal.ANOTHER_FORM, "机构代码、机构名称"),
        (csv_of(UNIT_HEADINGS[:3]), FileRefusal.ANOTHER_FORM, "缺：上级机构代码、网点类型。"),
        (csv_of((*UNIT_HEADINGS, "机构名称")), FileRefusal.HEADINGS, "B、G"),
        (csv_of(UNIT_HEADINGS, *[HEAD_OFFICE] * limits.MOST_LISTED), FileRefusal.TOO_MANY_ROWS, "60000"),
        (bytes(limits.LARGEST_FILE + 1).replace(b"\0", b"x"), FileRefusal.TOO_LARGE, "12 MB"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), FileRefusal.OLD_OR_LOCKED, ".xls"),
        (book_of(*LIST)[:2000], FileRefusal.DAMAGED, "打不开"),
        (book_of(("a", "b")), FileRefusal.ANOTHER_FORM, "表头"),
    ],
    ids=[
        "empty", "UTF-16", "noise", "open quotation", "no headings", "headings lack", "a heading twice",
        "many rows", "large", "old", "half a workbook", "another workbook",
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_a_sentence(data: bytes, reason: FileRefusal, words: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        units_of(data)

    assert refused.value.reason is reason
    assert words in refusal_in(refused.value, "zh-Hans")
