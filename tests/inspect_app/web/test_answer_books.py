"""Answers in a workbook: downloaded, filled in, looked through, taken in, or named by the cell."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from werkzeug.test import TestResponse

from inspect_app.db import reading, transaction
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.queries.corrective_actions import history_of
from inspect_app.web.clock import utc_now
from reports.answers import Column
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.branch.test_home_page import deficiencies as deficiencies_in
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.page_reading import read, signed_in
from tests.inspect_app.web.region.test_mending import answered, deciding, page_of, state_of
from tests.reports.answers.made_up import Place, fill_in

BOOKS = {"branch0101": "/branch/answer-book", "region01": "/mending/answer-book"}
TOMORROW = (utc_now() + timedelta(days=1)).date()
VERSION = re.compile(r'name="seen" value="(\d+)"')


@pytest.fixture
def app(ranked: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank with published waves."""
    return app_on(ranked.database, tmp_path)


def filled(**changes: object) -> Mapping[Column, object]:
    """Return what is written into a row."""
    given: dict[str, object] = {
        "cause": "没培训到",
        "measure": "培训演练",
        "measure_words": "每天晨会演练一次",
        "owner_role": "大堂经理",
        "done_by": TOMORROW,
        **changes,
    }
    return {Column(name): value for name, value in given.items()}


def book_for(browser: Browser, address: str) -> bytes:
    """Download the workbook."""
    response = browser.get(f"{address}.xlsx")
    assert response.status_code == 200, response.status
    data: bytes = response.data
    return data


def write(book: bytes, rows: Mapping[int, Mapping[Column, object]]) -> bytes:
    """Return the workbook with some rows filled in, counted from 0."""

    def change(sheet: Worksheet, place: Place) -> None:
        for number, values in rows.items():
            for column, value in values.items():
                sheet[place(column, number)].value = value

    return fill_in(book, change)


def upload(browser: Browser, address: str, book: bytes) -> TestResponse:
    """Hand a workbook in."""
    browser.get(address)
    return browser.post(address, {"book": (BytesIO(book), "整改.xlsx")})


def upload_nothing(browser: Browser, address: str) -> TestResponse:
    """Press the button without having chosen a file."""
    browser.get(address)
    return browser.post(address, {})


def take_in(browser: Browser, place: str) -> TestResponse:
    """Press the button below the preview."""
    page = browser.get(place).text
    version = VERSION.search(page)
    assert version is not None, page
    return browser.post(place, {"seen": version[1]})


def deficiencies(bank: Bank, code: str) -> list[Deficiency]:
    """Return the deficiencies of a branch in both waves."""
    return [*deficiencies_in(bank, code, "2026Q1"), *deficiencies_in(bank, code, "2026Q2")]


def states(bank: Bank, code: str) -> list[DeficiencyState]:
    """Return what has become of a branch's deficiencies."""
    return [one.state for one in deficiencies(bank, code)]


@pytest.mark.parametrize(("name", "address"), BOOKS.items())
def test_the_workbook_holds_what_waits_for_an_answer_and_nothing_else(
    app: Flask, name: str, address: str
) -> None:
    browser = signed_in(app, name)
    opened = load_workbook(BytesIO(book_for(browser, address))).worksheets[0]
    codes = {str(row[4]) for row in opened.iter_rows(min_row=5, values_only=True) if row[1]}

    assert codes == ({"0101"} if name == "branch0101" else {"0101", "0102", "0103", "0104"})


@pytest.mark.parametrize(("name", "address"), BOOKS.items())
def test_what_was_filled_in_is_looked_through_and_then_taken_in(
    app: Flask, ranked: Bank, name: str, address: str
) -> None:
    browser = signed_in(app, name)
    before = states(ranked, "0101").count(DeficiencyState.ANSWERED)
    book = write(book_for(browser, address), {0: filled(), 1: filled(cause="其他", cause_words="叫号机坏了")})
    looked = upload(browser, address, book)
    place = looked.headers["Location"]
    shown = read(browser.get(place))

    assert "每天晨会演练一次" in shown.text
    assert states(ranked, "0101").count(DeficiencyState.ANSWERED) == before
    done = take_in(browser, place)
    assert (done.status_code, done.headers["Location"]) == (303, f"{place}?taken=2")
    assert states(ranked, "0101").count(DeficiencyState.ANSWERED) == before + 2
    assert "收下了 2 行" in browser.get(done.headers["Location"]).text
    assert browser.post(place, {"seen": "1"}).status_code == 409


def test_the_answer_is_what_the_row_said(app: Flask, ranked: Bank) -> None:
    browser = signed_in(app, "branch0101")
    address = BOOKS["branch0101"]
    take_in(
        browser,
        upload(browser, address, write(book_for(browser, address), {0: filled()})).headers["Location"],
    )

    with reading(ranked.database) as session:
        one = next(d for d in deficiencies(ranked, "0101") if d.state is DeficiencyState.ANSWERED)
        (only,) = history_of(session, ranked.user("branch0101"), one.id)
    assert (only.action.measure_words, only.action.owner_role, only.action.done_by) == (
        "每天晨会演练一次",
        "lobby_manager",
        TOMORROW,
    )


def test_rows_that_cannot_be_taken_are_named_by_their_cells_and_the_rest_is_taken(
    app: Flask, ranked: Bank
) -> None:
    browser = signed_in(app, "branch0101")
    address = BOOKS["branch0101"]
    book = book_for(browser, address)
    wrong = {
        0: filled(),
        1: filled(cause="不知道"),
        2: filled(done_by="改天"),
        3: filled(measure_words="=1+1"),
        4: filled(done_by=date(2020, 1, 1)),
        5: {Column.CAUSE: "没培训到"},
    }
    stale = deficiencies(ranked, "0101")
    place = upload(browser, address, write(book, wrong)).headers["Location"]
    text = read(browser.get(place)).text

    for cell in ("M6", "R7", "P8", "R9", "P10"):
        assert cell in text
    assert take_in(browser, place).headers["Location"].endswith("taken=1")
    assert len(stale) == len(states(ranked, "0101"))


@pytest.mark.fault("W04")
def test_a_row_that_changed_meanwhile_is_refused_alone(app: Flask, ranked: Bank) -> None:
    browser = signed_in(app, "branch0101")
    address = BOOKS["branch0101"]
    book = write(book_for(browser, address), {number: filled() for number in range(3)})
    with transaction(ranked.database) as session:
        first = load_workbook(BytesIO(book)).worksheets[0]["B5"].value
        row = next(one for one in deficiencies(ranked, "0101") if str(one.id) == first)
        session.get_one(Deficiency, row.id).due_on += timedelta(days=1)
    place = upload(browser, address, book).headers["Location"]

    assert "B5" in read(browser.get(place)).text
    assert take_in(browser, place).headers["Location"].endswith("taken=2")
    assert states(ranked, "0101").count(DeficiencyState.ANSWERED) == 2


@pytest.mark.fault("M06")
def test_the_same_file_twice_changes_nothing_more(app: Flask, ranked: Bank) -> None:
    browser = signed_in(app, "branch0101")
    address = BOOKS["branch0101"]
    book = write(book_for(browser, address), {0: filled()})
    take_in(browser, upload(browser, address, book).headers["Location"])
    again = upload(browser, address, book).headers["Location"]

    assert 'name="seen"' not in browser.get(again).text
    assert states(ranked, "0101").count(DeficiencyState.ANSWERED) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "空"), (b"<html>", "不是 Excel"), (b"\xd0\xcf\x11\xe0" + bytes(99), ".xls"), (None, "请先选文件")],
)
def test_what_is_no_workbook_has_a_sentence(app: Flask, content: bytes | None, says: str) -> None:
    browser = signed_in(app, "branch0101")
    address = BOOKS["branch0101"]
    response = upload(browser, address, content) if content is not None else upload_nothing(browser, address)

    assert response.status_code == 422
    assert says in response.text


@pytest.mark.fault("A08")
def test_an_upload_is_seen_by_who_handed_it_in_alone(app: Flask) -> None:
    browser, region = signed_in(app, "branch0101"), signed_in(app, "region01")
    region.get(BOOKS["region01"])
    address = BOOKS["branch0101"]
    place = upload(browser, address, write(book_for(browser, address), {0: filled()})).headers["Location"]
    theirs = place.replace("/branch/", "/mending/")

    assert region.get(theirs).status_code == 404
    assert region.post(theirs, {"seen": "1"}).status_code == 404
    assert signed_in(app, "branch0201").get(place).status_code == 404


@pytest.mark.fault("A01")
def test_a_row_of_another_branch_is_not_found(app: Flask, ranked: Bank) -> None:
    browser = signed_in(app, "branch0101")
    address = BOOKS["branch0101"]
    others = deficiencies(ranked, "0201")[0]
    values = {**filled(), Column.DEFICIENCY: str(others.id), Column.VERSION: others.version}
    place = upload(browser, address, write(book_for(browser, address), {0: values})).headers["Location"]

    assert 'name="seen"' not in browser.get(place).text
    assert states(ranked, "0201")[0] is DeficiencyState.OPEN


@pytest.mark.fault("W06")
def test_nobody_verifies_what_they_have_handed_in_alone_or_with_others(app: Flask, ranked: Bank) -> None:
    region, address = signed_in(app, "region01"), BOOKS["region01"]
    (theirs,) = answered(ranked, "0102")
    book = write(book_for(region, address), {0: filled()})
    take_in(region, upload(region, address, book).headers["Location"])
    (own,) = [one for one in deficiencies(ranked, "0101") if one.state is DeficiencyState.ANSWERED]
    page, listed = region.get(page_of(own)).text, region.get("/mending/answers").text

    alone = region.post(page_of(own), deciding(own))
    back = region.post(page_of(own), deciding(own, how="send_back", reason="再写细些"))
    together = region.post("/mending/answers", deciding(theirs, own))

    assert "要由别人复查" in page
    assert 'value="accept"' not in page
    assert "由别人复查" in listed
    for refused in (alone, back, together):
        assert refused.status_code == 409
        assert "您自己填的答复" in refused.text
    assert "再写细些" in back.text
    assert [state_of(ranked, one) for one in (own, theirs)] == [DeficiencyState.ANSWERED] * 2
    assert signed_in(app, "administrator").post(page_of(own), deciding(own)).status_code == 303
    assert state_of(ranked, own) is DeficiencyState.VERIFIED
