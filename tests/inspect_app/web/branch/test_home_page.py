"""The first page of a branch: what is due, and the own place, never anybody else's."""

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.models.deficiencies import Deficiency
from inspect_app.models.organisation import Branch
from inspect_app.models.waves import Wave
from inspect_app.web.branch.due import due, due_sentence
from inspect_app.web.formatting import points
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.page_reading import Page, read, signed_in
from tests.inspect_app.web.published_bank import KEPT, RELEASED, SUMMER, Period, disclose
from tests.inspect_app.web.region.test_branch_page import row_of

TODAY = date(2026, 10, 14)
"""A Wednesday."""


def deficiencies(bank: Bank, code: str, wave: str = "2026Q2") -> list[Deficiency]:
    """Return the deficiencies of a branch in a wave, the most pressing first."""
    with reading(bank.database) as session:
        return list(
            session.scalars(
                select(Deficiency)
                .join(Branch, Branch.id == Deficiency.branch_id)
                .join(Wave, Wave.id == Deficiency.wave_id)
                .where(Branch.code == code, Wave.code == wave)
                .order_by(Deficiency.due_on, Deficiency.points_lost.desc(), Deficiency.item_code)
            )
        )


def linked(page: Page) -> set[str]:
    """Return the ids of the deficiencies that a page leads to."""
    addresses = (link.partition("#")[0] for link in page.links if "/branch/deficiencies/" in link)
    return {address.rpartition("/")[2] for address in addresses}


def test_everything_that_is_due_is_there_with_its_points(reading_app: Flask, ranked_template: Bank) -> None:
    page = read(signed_in(reading_app, "branch0101").get("/branch?all=1"))

    found = deficiencies(ranked_template, "0101")
    assert found
    assert linked(page) == {str(one.id) for one in found}
    for one in found:
        assert f"−{points(one.points_lost)}" in page.text


def test_the_place_is_the_own_one_among_how_many(reading_app: Flask, ranked_template: Bank) -> None:
    page = read(signed_in(reading_app, "branch0101").get("/branch"))

    own = row_of(ranked_template, "branch")
    assert points(own.score) in page.text
    assert f"第 {own.rank} 名 / 6" in " ".join(page.text.split())


def test_nothing_of_another_branch_is_on_the_page(reading_app: Flask, ranked_template: Bank) -> None:
    page = read(signed_in(reading_app, "branch0101").get("/branch?all=1"))

    others = {str(one.id) for code in ("0102", "0201") for one in deficiencies(ranked_template, code)}
    assert not others & linked(page)
    assert "江北支行" not in page.text


def test_words_are_shown_only_where_a_reviewer_released_them(reading_app: Flask) -> None:
    page = read(signed_in(reading_app, "branch0101").get("/branch?all=1"))

    assert RELEASED in page.text
    assert KEPT not in page.text


def test_an_older_wave_can_be_chosen(reading_app: Flask, ranked_template: Bank) -> None:
    page = read(signed_in(reading_app, "branch0101").get("/branch?wave=2026Q1&all=1"))

    assert linked(page) == {str(one.id) for one in deficiencies(ranked_template, "0101", "2026Q1")}


def test_a_wave_that_runs_leaves_no_trace(reading_app: Flask) -> None:
    browser = signed_in(reading_app, "branch0101")

    assert "2026 年第三季度" not in read(browser.get("/branch")).text
    assert browser.get("/branch?wave=2026Q3").status_code == 404
    assert browser.get("/branch?wave=nothing").status_code == 404


def test_before_anything_is_shown_the_page_says_what_comes(bank: Bank, tmp_path: Path) -> None:
    page = read(signed_in(app_on(bank.database, tmp_path), "branch0101").get("/branch"))

    assert "现在没有要您做的" in page.text


def test_while_a_wave_is_disclosed_nobody_has_a_rank(ranked: Bank, tmp_path: Path) -> None:
    autumn = Period("2026Q4", "2026 年四季度暗访", SUMMER.opens_on, date(2026, 7, 1), 0.9)
    with transaction(ranked.database) as session:
        disclose(session, ranked.users, autumn, branches=("0101", "0201"))
    browser = signed_in(app_on(ranked.database, tmp_path), "branch0101")

    home, result = read(browser.get("/branch")), read(browser.get("/branch/result/2026Q4"))

    assert "公示中，还没有名次" in home.text
    assert not [page for page in (home, result) if re.search(r"第 \d+ 名", page.text)]


@pytest.mark.parametrize("who", ["administrator", "reviewer", "inspector", "region01"])
def test_the_page_is_not_there_for_other_kinds_of_user(reading_app: Flask, who: str) -> None:
    assert signed_in(reading_app, who).get("/branch").status_code == 404


def test_a_visitor_is_sent_to_sign_in(reading_app: Flask) -> None:
    assert Browser(reading_app).get("/branch").headers["Location"] == "/login"


@pytest.mark.parametrize(
    ("on", "words", "tag"),
    [
        (date(2026, 10, 12), "10 月 12 日到期，已过", "miss"),
        (date(2026, 10, 14), "今天到期", "miss"),
        (date(2026, 10, 16), "周五到期", "part"),
        (date(2026, 10, 18), "周日到期", "line"),
        (date(2026, 10, 19), "10 月 19 日到期", "line"),
    ],
)
def test_a_due_day_is_said_as_near_as_it_is(reading_app: Flask, on: date, words: str, tag: str) -> None:
    with reading_app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        said = due(on, TODAY)

    assert (said.words, said.tag) == (words, tag)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ((), "没有要整改的问题"),
        ((12, 14, 15, 30), "1 项已过期，本周还有 2 项"),
        ((14, 15, 18, 19), "今天到期 1 项，本周还有 2 项"),
        ((18, 19), "本周到期 1 项"),
        ((20, 22), "2 项待整改，最早 10 月 20 日到期"),
    ],
)
def test_the_sentence_says_how_much_is_due_and_when(
    reading_app: Flask, days: tuple[int, ...], sentence: str
) -> None:
    with reading_app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        said = due_sentence([date(2026, 10, day) for day in days], TODAY)

    assert said == sentence
