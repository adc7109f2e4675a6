"""The own result: the stored scores, each explained, and never another branch's."""

import json
from pathlib import Path

import pytest
from flask import Flask

from inspect_app.web.formatting import points
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.page_reading import read, signed_in
from tests.inspect_app.web.published_bank import KEPT, RELEASED
from tests.inspect_app.web.region.test_branch_page import results, row_of
from tests.inspect_app.web.region.test_ranking_page import void_first_visit

PAGE = "/branch/result/2026Q2"


def test_every_score_of_the_page_is_a_stored_one(reading_app: Flask, ranked_template: Bank) -> None:
    page = read(signed_in(reading_app, "branch0101").get(PAGE))

    own = row_of(ranked_template, "branch")
    assert f"{points(own.score)} 分，第 {own.rank} 名" in page.text
    for _ordinal, result, document in results(ranked_template):
        assert f"{points(result.score)} 分" in page.text
        for score in json.loads(document)["flows"].values():
            assert points(score) in page.text
    role = row_of(ranked_template, "role:lobby_manager")
    assert points(role.score) in page.text


def test_words_are_shown_only_where_a_reviewer_released_them(reading_app: Flask) -> None:
    page = read(signed_in(reading_app, "branch0101").get(PAGE))

    assert RELEASED in page.text
    assert KEPT not in page.text


def test_the_mean_a_visit_and_a_flow_are_explained(reading_app: Flask, ranked_template: Bank) -> None:
    browser = signed_in(reading_app, "branch0101")
    found = results(ranked_template)
    scores = [result.score for _ordinal, result, _document in found]
    flow = next(iter(json.loads(found[0][2])["flows"]))

    mean = read(browser.get(f"{PAGE}?why=branch"))
    visit = read(browser.get(f"{PAGE}?why=visit:1"))
    part = read(browser.get(f"{PAGE}?why=flow:1:{flow}"))
    role = read(browser.get(f"{PAGE}?why=role:lobby_manager"))

    assert f"{points(sum(scores))} ÷ {len(scores)}" in mean.text
    assert points(scores[0]) in " ".join(visit.row_of("第 1 次检查"))
    assert part.row_of("得 / 可得")
    assert role.row_of("大堂经理")[-1] == points(row_of(ranked_template, "role:lobby_manager").score)


@pytest.mark.parametrize(
    "address",
    [
        "/branch/result/2026Q3",
        "/branch/result/nothing",
        f"{PAGE}?why=visit:3",
        f"{PAGE}?why=flow:1:F9",
        f"{PAGE}?why=role:nobody",
        f"{PAGE}?why=x",
    ],
)
def test_what_is_not_the_branchs_answers_like_what_does_not_exist(reading_app: Flask, address: str) -> None:
    browser = signed_in(reading_app, "branch0101")
    absent = browser.get("/nothing")

    response = browser.get(address)

    assert response.status_code == 404
    assert response.text.replace(browser.token, "") == absent.text.replace(browser.token, "")


def test_a_voided_visit_is_named_and_no_longer_readable(ranked: Bank, tmp_path: Path) -> None:
    (_first, voided, _), (_second, other, _) = results(ranked)
    void_first_visit(ranked, "0101")
    browser = signed_in(app_on(ranked.database, tmp_path), "branch0101")

    page = read(browser.get(PAGE))

    assert "第 1 次检查已作废，不再计入" in page.text
    assert points(voided.score) not in page.text
    assert f"{points(other.score)} 分" in page.text
    assert browser.get(f"{PAGE}?why=visit:1").status_code == 404


@pytest.mark.parametrize("who", ["administrator", "inspector", "region01"])
def test_the_page_is_not_there_for_other_kinds_of_user(reading_app: Flask, who: str) -> None:
    assert signed_in(reading_app, who).get(PAGE).status_code == 404


def test_a_visitor_is_sent_to_sign_in(reading_app: Flask) -> None:
    assert Browser(reading_app).get(PAGE).headers["Location"] == "/login"
