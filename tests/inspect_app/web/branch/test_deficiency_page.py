"""One deficiency: what was seen, the standard, what it cost; of the own branch alone."""

import uuid
from pathlib import Path

import pytest
from flask import Flask

from inspect_app.web.formatting import points
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.branch.test_home_page import deficiencies
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.page_reading import read, signed_in
from tests.inspect_app.web.published_bank import KEPT
from tests.inspect_app.web.region.test_ranking_page import void_first_visit


def address(deficiency_id: uuid.UUID) -> str:
    """Return the page of a deficiency."""
    return f"/branch/deficiencies/{deficiency_id}"


def test_each_shows_its_points_its_standard_and_how_the_points_came_about(
    reading_app: Flask, ranked_template: Bank
) -> None:
    browser = signed_in(reading_app, "branch0101")

    for one in deficiencies(ranked_template, "0101"):
        page = read(browser.get(address(one.id)))
        assert f"−{points(one.points_lost)} 分怎么算的" in page.text
        assert f"−{points(one.points_lost)}" in page.row_of("× 100 分")
        assert f"情景 {one.situation} " in page.text
        assert "标准" in page.text
        assert KEPT not in page.text


def test_another_branchs_deficiency_answers_like_one_that_does_not_exist(
    reading_app: Flask, ranked_template: Bank
) -> None:
    browser = signed_in(reading_app, "branch0101")
    others = deficiencies(ranked_template, "0102")[0]

    answers = [browser.get(address(one)) for one in (others.id, uuid.uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text.replace(browser.token, "") == answers[1].text.replace(browser.token, "")


def test_the_deficiencies_of_a_voided_visit_are_gone(ranked: Bank, tmp_path: Path) -> None:
    found = deficiencies(ranked, "0101")
    void_first_visit(ranked, "0101")
    browser = signed_in(app_on(ranked.database, tmp_path), "branch0101")

    statuses = {browser.get(address(one.id)).status_code for one in found}

    assert statuses == {200, 404}


@pytest.mark.parametrize("who", ["administrator", "inspector", "region01", "branch0201"])
def test_the_page_is_not_there_for_others(reading_app: Flask, ranked_template: Bank, who: str) -> None:
    one = deficiencies(ranked_template, "0101")[0]

    assert signed_in(reading_app, who).get(address(one.id)).status_code == 404


def test_a_visitor_is_sent_to_sign_in(reading_app: Flask, ranked_template: Bank) -> None:
    one = deficiencies(ranked_template, "0101")[0]

    assert Browser(reading_app).get(address(one.id)).headers["Location"] == "/login"
