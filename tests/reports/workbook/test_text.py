"""Text goes into a workbook as text, whatever it holds."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell

from reports.workbook.text import CELL_LIMIT, CUT, clean, display_width, put_text, sheet_titles

FORMULA_LIKE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "=cmd|' /C calc'!A0",
]


def cell_with(value: str) -> Cell:
    sheet = Workbook().active
    assert sheet is not None
    cell = sheet["A1"]
    assert isinstance(cell, Cell)
    put_text(cell, value)
    return cell


def saved_and_read(value: str) -> tuple[str | None, bytes]:
    cell = cell_with(value)
    file = BytesIO()
    book = cell.parent.parent
    assert isinstance(book, Workbook)
    book.save(file)
    read = load_workbook(file).active
    assert read is not None
    with ZipFile(file) as parts:
        return read["A1"].value, parts.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("value", FORMULA_LIKE)
@pytest.mark.fault("X01")
def test_text_that_looks_like_a_formula_stays_text_and_is_prefixed(value: str) -> None:
    cell = cell_with(value)

    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("value", ["#REF!", "TRUE", "0112", "2026-07-01", "1=1"])
def test_text_that_looks_like_another_type_stays_text(value: str) -> None:
    cell = cell_with(value)

    assert (cell.data_type, cell.value) == ("s", value)
    assert not cell.quotePrefix


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
@pytest.mark.fault("X01")
@pytest.mark.fault("X02")
def test_any_text_gives_a_file_that_opens_without_a_formula(value: str) -> None:
    read, part = saved_and_read(value)

    assert (read or "") == clean(value)
    assert b"<f>" not in part


@pytest.mark.parametrize("unfit", [0x00, 0x0B, 0x1F, 0x7F, 0x85, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_what_no_workbook_may_hold_becomes_the_replacement_character(unfit: int) -> None:
    assert clean(f"前{chr(unfit)}后") == "前\ufffd后"


def test_line_ends_become_line_feeds() -> None:
    assert clean("一\r\n二\r三\n四\t五") == "一\n二\n三\n四\t五"


@pytest.mark.fault("X02")
def test_text_beyond_the_limit_is_cut_and_says_so() -> None:
    cut = clean("字" * 40_000)

    assert len(cut) == CELL_LIMIT
    assert cut.endswith("字" + CUT)


def test_the_limit_counts_utf_16_units_and_splits_no_character() -> None:
    cut = clean("😀" * 20_000)

    assert len(cut.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert cut.removesuffix(CUT) == "😀" * ((CELL_LIMIT - len(CUT)) // 2)


def test_text_at_the_limit_is_left_alone() -> None:
    assert clean("字" * CELL_LIMIT) == "字" * CELL_LIMIT


def test_sheet_titles_lose_what_is_forbidden() -> None:
    assert sheet_titles(["a/b\\c?d*e[f]g:h", "'x'", ""]) == ["a_b_c_d_e_f_g_h", "x", "(2)"]


def test_sheet_titles_are_told_apart_without_regard_to_case() -> None:
    assert sheet_titles(["Teller", "teller", "TELLER", "History"]) == [
        "Teller",
        "teller (2)",
        "TELLER (3)",
        "History (2)",
    ]


@given(st.lists(st.text(max_size=60), max_size=8))
@pytest.mark.fault("X02")
def test_any_sheet_titles_are_valid_and_unique(names: list[str]) -> None:
    titles = sheet_titles(names)

    assert len({title.casefold() for title in titles}) == len(names)
    for title in titles:
        assert 0 < len(title.encode("utf-16-le")) // 2 <= 31
        assert not set(title) & set("\\/?*[]:")
        assert not title.startswith("'")
        assert not title.endswith("'")


def test_a_chinese_character_is_as_wide_as_two_digits() -> None:
    assert display_width("得分 95.31") == 10
    assert display_width("短\n比较长的一行") == 12
