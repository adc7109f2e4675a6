"""A thousand answers of a region, filled in with LibreOffice: 980 are taken in, 20 named by their cells."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.models.answer_uploads import AnswerUpload
from inspect_app.models.corrective_actions import AnsweredDeficiency, CorrectiveAction
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.queries.answer_uploads import rows_of
from inspect_app.services.journal import Actor
from inspect_app.services.organisation import BranchPlan, add_branch
from reports.answers import Column
from tests import libreoffice
from tests.inspect_app.made_up_bank import NOW, Bank, count
from tests.inspect_app.web.browsing import app_on
from tests.inspect_app.web.page_reading import read, signed_in
from tests.inspect_app.web.published_bank import Period, disclose
from tests.inspect_app.web.test_answer_books import (
    BOOKS,
    TOMORROW,
    book_for,
    filled,
    take_in,
    upload,
)
from tests.libreoffice import Formula, Typed
from tests.reports.answers.made_up import places_in

CELL = re.compile(r"\b[A-Z]\d+\b(?!\.)")
"""A cell's address; the code of an item goes on after its digits."""

ANSWERED = 1_000
STALE = range(100, 110)
"""Rows whose deficiency the office changes after they were handed out."""

WRONG: Mapping[int, tuple[Column, Typed]] = {
    500: (Column.CAUSE, "不知道"),
    501: (Column.MEASURE, "再说吧"),
    502: (Column.OWNER_ROLE, "行长的司机"),
    503: (Column.DONE_BY, "改天"),
    504: (Column.DONE_BY, "2026-02-30"),
    505: (Column.DONE_BY, date(2020, 1, 1)),
    506: (Column.MEASURE_WORDS, Formula("=1+1")),
    507: (Column.MEASURE_WORDS, ""),
    508: (Column.MEASURE_WORDS, "长" * 1_001),
    509: (Column.CAUSE, Formula("=1/0")),
}
"""Rows in which something is wrong, each in one cell."""


@pytest.fixture
def app(bank: Bank, tmp_path: Path) -> Flask:
    """Return the application on a bank whose first region was found wanting more than a thousand times."""
    period = Period("2026Q2", "2026 年二季度暗访", date(2026, 4, 1), date(2026, 6, 20), 0.0)
    with transaction(bank.database) as session:
        for number in range(3, 43):
            plan = BranchPlan(f"01{number:02}", f"第 {number} 支行", "基础", f"建新路 {number} 号", "R01")
            add_branch(session, Actor.system(), plan, now=NOW)
        disclose(session, bank.users, period)
    return app_on(bank.database, tmp_path)


def typed(place: Mapping[tuple[Column, int], str]) -> Sequence[tuple[str, Typed]]:
    """Return what a person types: the same in each row but its words, and wrong things in ten."""
    cells: dict[str, Typed] = {}
    for row in range(ANSWERED):
        for column, value in filled(measure_words=words_of(row)).items():
            assert isinstance(value, str | date)
            cells[place[column, row]] = value
    for row, (column, value) in WRONG.items():
        cells[place[column, row]] = value
    return list(cells.items())


def words_of(row: int) -> str:
    """Return what is written into a row, and into no other one."""
    return f"第 {row} 行：每天晨会演练一次"


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.fault("M05")
@pytest.mark.fault("W04")
def test_of_a_thousand_rows_that_libreoffice_saved_980_are_taken_in_and_20_are_named_by_their_cells(
    app: Flask, bank: Bank, tmp_path: Path
) -> None:
    browser, address = signed_in(app, "region01"), BOOKS["region01"]
    book = book_for(browser, address)
    sheet = load_workbook(BytesIO(book)).worksheets[0]
    tell = places_in(sheet)
    place = {(column, row): tell(column, row) for column in Column for row in range(ANSWERED)}
    ids = [sheet[place[Column.DEFICIENCY, row]].value for row in range(ANSWERED)]
    assert sheet[tell(Column.DEFICIENCY, ANSWERED)].value is not None
    folder = tmp_path / "office"
    folder.mkdir()
    saved = libreoffice.edit(book, typed(place), folder)
    with transaction(bank.database) as session:
        rows = {str(one.id): one for one in session.scalars(select(Deficiency))}
        for row in STALE:
            rows[ids[row]].due_on += timedelta(days=1)

    looked = upload(browser, address, saved).headers["Location"]
    preview = read(browser.get(looked)).text
    done = take_in(browser, looked)
    after = read(browser.get(done.headers["Location"])).text

    named = [place[Column.DEFICIENCY, row] for row in STALE]
    named += [place[column, row] for row, (column, _value) in WRONG.items()]
    assert len(set(named)) == 20
    for page in (preview, after):
        assert set(CELL.findall(page)) == set(named)
    assert done.headers["Location"].endswith("taken=980")
    assert answers_in(bank) == {
        ids[row]: words_of(row) for row in range(ANSWERED) if row not in STALE and row not in WRONG
    }
    with reading(bank.database) as session:
        (kept,) = session.scalars(select(AnswerUpload))
        assert [str(row.deficiency) for row in rows_of(kept)] == ids
        assert [rows_of(kept)[row].measure_words for row in STALE] == [words_of(row) for row in STALE]
        assert count(session, Deficiency) == len(rows)


def answers_in(bank: Bank) -> Mapping[str, str]:
    """Return what was answered, by deficiency, where it is answered and by tomorrow."""
    with reading(bank.database) as session:
        answered = session.execute(
            select(Deficiency.id, CorrectiveAction.measure_words)
            .join(AnsweredDeficiency, AnsweredDeficiency.deficiency_id == Deficiency.id)
            .join(CorrectiveAction, CorrectiveAction.id == AnsweredDeficiency.action_id)
            .where(Deficiency.state == DeficiencyState.ANSWERED, CorrectiveAction.done_by == TOMORROW)
        )
        return {str(one): words for one, words in answered}
