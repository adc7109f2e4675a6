"""Answers read from a workbook: every cell as it was meant, or named with what is wrong in it."""

from datetime import date, datetime

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from inspect_app.importers.answers import CellProblem, Problem, Vocabulary, read_answers
from inspect_app.models.corrective_actions import Cause, Measure
from reports.answers import Column
from tests.reports.answers.made_up import Place, book_of, fill_in, id_of, row

VOCABULARY = Vocabulary(
    {"没培训到": Cause.NOT_TRAINED, "其他": Cause.OTHER, "not trained": Cause.NOT_TRAINED},
    {"培训演练": Measure.TRAINING},
    {"大堂经理": "lobby_manager", "lobby manager": "lobby_manager"},
)
AFTERNOON = datetime(2026, 12, 1, 15, 30)  # noqa: DTZ001 - a workbook knows no zones
FILLED = {
    "cause": "没培训到",
    "measure": "培训演练",
    "measure_words": "每天晨会演练一次",
    "owner_role": "大堂经理",
    "done_by": date(2026, 12, 1),
}


def test_only_rows_in_which_something_was_filled_in_are_read() -> None:
    found = read_answers(book_of(row(1), row(2, **FILLED), row(3)), VOCABULARY)

    assert [(one.deficiency, one.row) for one in found] == [(id_of(2), 6)]
    assert found[0].problems == ()
    assert (found[0].cause, found[0].measure, found[0].owner_role, found[0].done_by) == (
        Cause.NOT_TRAINED,
        Measure.TRAINING,
        "lobby_manager",
        date(2026, 12, 1),
    )


def test_rows_are_found_again_in_whatever_order_they_come_back() -> None:
    def swap(sheet: Worksheet, place: Place) -> None:
        for column in Column:
            first, second = sheet[place(column, 0)], sheet[place(column, 1)]
            first.value, second.value = second.value, first.value

    book = fill_in(book_of(row(1, **FILLED), row(2, **FILLED, cause_words="第二")), swap)
    found = read_answers(book, VOCABULARY)

    assert [(one.deficiency, one.cause_words) for one in found] == [(id_of(2), "第二"), (id_of(1), "")]


@pytest.mark.fault("M05")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (date(2026, 12, 1), date(2026, 12, 1)),
        (AFTERNOON, date(2026, 12, 1)),
        ("2026-12-01", date(2026, 12, 1)),
        ("2026/12/1", date(2026, 12, 1)),
        ("2026.12.01", date(2026, 12, 1)),
        ("2026年12月1日", date(2026, 12, 1)),
        (" 2026-12-01 ", date(2026, 12, 1)),
        ("2026-02-30", None),
        ("12/1", None),
        ("明天", None),
        (46357, None),
        ("２０２６-12-01", None),
    ],
)
def test_a_day_is_taken_as_it_is_meant_or_not_at_all(typed: object, meant: date | None) -> None:
    def write(sheet: Worksheet, place: Place) -> None:
        cell = sheet[place(Column.DONE_BY, 0)]
        cell.value = typed
        if not isinstance(typed, date):
            cell.number_format = "General"

    found = read_answers(fill_in(book_of(row(1, **FILLED)), write), VOCABULARY)[0]

    assert found.done_by == meant
    assert (found.problems == ()) is (meant is not None)


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        (Column.CAUSE, "没有这一项", CellProblem.UNKNOWN_CHOICE),
        (Column.MEASURE, "培训", CellProblem.UNKNOWN_CHOICE),
        (Column.OWNER_ROLE, "行长", CellProblem.UNKNOWN_CHOICE),
        (Column.MEASURE_WORDS, "=1+1", CellProblem.FORMULA),
        (Column.CAUSE, '=HYPERLINK("x")', CellProblem.FORMULA),
        (Column.DONE_BY, "=TODAY()", CellProblem.FORMULA),
        (Column.MEASURE_WORDS, "长" * 1001, CellProblem.TOO_LONG),
        (Column.DEFICIENCY, "not an id", CellProblem.NOT_FROM_HERE),
        (Column.VERSION, "x", CellProblem.NOT_FROM_HERE),
        (Column.VERSION, None, CellProblem.NOT_FROM_HERE),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(column: Column, value: object, what: CellProblem) -> None:
    where = []

    def write(sheet: Worksheet, place: Place) -> None:
        sheet[place(column, 1)].value = value
        where.append(place(Column.DEFICIENCY if column is Column.VERSION else column, 1))

    found = read_answers(fill_in(book_of(row(1), row(2, **FILLED)), write), VOCABULARY)[0]

    assert found.problems == (Problem(where[0], what),)


@pytest.mark.parametrize("word", ["没培训到", " 没培训到 ", "NOT TRAINED"])
def test_a_choice_is_understood_in_every_language_and_letter_case(word: str) -> None:
    def write(sheet: Worksheet, place: Place) -> None:
        sheet[place(Column.CAUSE, 0)].value = word

    assert read_answers(fill_in(book_of(row(1)), write), VOCABULARY)[0].cause is Cause.NOT_TRAINED


def test_the_same_deficiency_twice_is_said_of_the_second() -> None:
    found = read_answers(book_of(row(1, **FILLED), row(1, **FILLED)), VOCABULARY)

    assert [bool(one.problems) for one in found] == [False, True]
    assert found[1].problems[0].what is CellProblem.TWICE


def test_numbers_typed_as_words_are_read_as_they_look() -> None:
    def write(sheet: Worksheet, place: Place) -> None:
        sheet[place(Column.MEASURE_WORDS, 0)].value = 12.0

    assert read_answers(fill_in(book_of(row(1)), write), VOCABULARY)[0].measure_words == "12"
