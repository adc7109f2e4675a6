"""The workbook for answers: what is locked, what may be chosen, and that text stays text."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.answers import Column
from reports.answers.columns import FILLED_IN, HIDDEN
from tests.reports.answers.made_up import book_of, places_in, row


def sheet_of(book: bytes) -> Worksheet:
    """Return the sheet that is filled in."""
    opened = load_workbook(BytesIO(book))
    assert [sheet.sheet_state for sheet in opened.worksheets] == ["visible", "hidden"]
    return opened.worksheets[0]


def test_what_is_given_is_locked_and_what_is_asked_is_not() -> None:
    sheet = sheet_of(book_of(row(1), row(2)))
    place = places_in(sheet)

    assert sheet.protection.sheet
    for column in Column:
        assert sheet[place(column, 1)].protection.locked is (column not in FILLED_IN)


def test_keys_are_hidden_and_everything_else_is_shown() -> None:
    sheet = sheet_of(book_of(row(1)))
    place = places_in(sheet)
    hidden = {column for column in Column if sheet.column_dimensions[place(column, 0).rstrip("5")].hidden}

    assert hidden == set(HIDDEN)
    assert sheet.row_dimensions[1].hidden


def test_choices_are_lists_and_the_day_is_a_day() -> None:
    sheet = sheet_of(book_of(row(1), row(2), row(3)))
    place = places_in(sheet)
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    area = {column: f"{place(column, 0)}:{place(column, 2)}" for column in FILLED_IN}

    assert {rules[area[column]].type for column in (Column.CAUSE, Column.MEASURE, Column.OWNER_ROLE)} == {
        "list"
    }
    assert rules[area[Column.DONE_BY]].type == "date"


@pytest.mark.fault("X01")
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", '=HYPERLINK("http://evil")'])
def test_no_text_of_any_column_becomes_a_formula(text: str) -> None:
    texts = ("wave", "branch_code", "branch_name", "item", "standard", "seen", "severity", "cause_words")
    book = book_of(row(1, **dict.fromkeys(texts, text)))
    with ZipFile(BytesIO(book)) as parts:
        assert all(b"<f>" not in parts.read(name) for name in parts.namelist())
    sheet = sheet_of(book)

    assert sheet[places_in(sheet)(Column.SEEN, 0)].value == text.replace("\r", "\n")


@pytest.mark.fault("X05")
def test_the_file_names_nobody_and_the_same_rows_make_the_same_bytes() -> None:
    book = book_of(row(1))
    with ZipFile(BytesIO(book)) as parts:
        core = parts.read("docProps/core.xml").decode()

    assert "creator" not in core or "<dc:creator/>" in core
    assert book == book_of(row(1))


def test_without_rows_the_workbook_is_one_all_the_same() -> None:
    assert sheet_of(book_of()).max_row >= 4
