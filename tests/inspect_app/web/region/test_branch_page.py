"""From a branch's place down to the single answer: every number is a frozen one, and explained."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.db import reading
from inspect_app.models.inspections import Revision
from inspect_app.models.rankings import PartResult, RankingRow, StoredRanking, VisitResult
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Target, Wave
from inspect_app.web.formatting import points
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import app_on
from tests.inspect_app.web.page_reading import Page, read, signed_in
from tests.inspect_app.web.published_bank import KEPT, RELEASED
from tests.inspect_app.web.region.test_ranking_page import void_first_visit

PAGE = "/rankings/2026Q2/branches/0101"


def results(bank: Bank, code: str = "0101", number: int = 1) -> list[tuple[int, VisitResult, str]]:
    """Return the counting visits of a branch in the newest wave: ordinal, figures, stored scores."""
    with reading(bank.database) as session:
        rows = session.execute(
            select(Visit.ordinal, VisitResult, Revision.scores)
            .join(VisitResult, VisitResult.visit_id == Visit.id)
            .join(Revision, Revision.id == VisitResult.revision_id)
            .join(Target, Target.id == Visit.target_id)
            .join(StoredRanking, StoredRanking.id == VisitResult.ranking_id)
            .join(Wave, Wave.id == StoredRanking.wave_id)
            .where(Wave.code == "2026Q2", Target.branch_code == code, StoredRanking.number == number)
            .order_by(Visit.ordinal)
        ).all()
        return [(ordinal, result, scores or "") for ordinal, result, scores in rows]


def row_of(bank: Bank, table: str, code: str = "0101") -> RankingRow:
    """Return a branch's frozen row."""
    with reading(bank.database) as session:
        return session.scalars(
            select(RankingRow)
            .join(StoredRanking, StoredRanking.id == RankingRow.ranking_id)
            .join(Wave, Wave.id == StoredRanking.wave_id)
            .where(Wave.code == "2026Q2", RankingRow.table == table, RankingRow.unit == code)
        ).one()


def everything_open(page: Page) -> str:
    """Return the address that unfolds every flow and situation of a page of which all flows are open."""
    codes = re.findall(r"情景 (\d+)", page.text)
    return f"{PAGE}?open=F1.F2.F3.F4.F5.F6.F7.F8.{'.'.join(dict.fromkeys(codes))}"


def test_the_headline_and_the_visits_have_the_frozen_scores(
    reading_app: Flask, ranked_template: Bank
) -> None:
    page = read(signed_in(reading_app, "region01").get(PAGE))

    own = row_of(ranked_template, "branch")
    assert f"渝中支行 {points(own.score)} 分，第 {own.rank} 名" in page.text
    for ordinal, result, _scores in results(ranked_template):
        assert f"第 {ordinal} 次 · {points(result.score)}" in page.text


def test_flows_and_situations_have_the_stored_scores(reading_app: Flask, ranked_template: Bank) -> None:
    browser = signed_in(reading_app, "region01")

    for ordinal, _result, document in results(ranked_template):
        page = read(browser.get(f"{PAGE}?visit={ordinal}&open=F1.F2.F3.F4.F5.F6.F7.F8"))
        stored = json.loads(document)
        shown = [" ".join(" ".join(cells).split()) for cells in page.rows]
        for number, score in stored["situations"].items():
            line = next(text for text in shown if f"情景 {number} " in text)
            assert points(score) in line
        assert len([text for text in shown if "个情景" in text]) >= len(stored["flows"])


def test_words_are_shown_only_where_a_reviewer_released_them(reading_app: Flask) -> None:
    browser = signed_in(reading_app, "region01")
    page = read(browser.get(f"{PAGE}?open=F1.F2.F3.F4.F5.F6.F7.F8"))

    page = read(browser.get(everything_open(page)))

    assert RELEASED in page.text
    assert KEPT not in page.text


def test_of_the_date_there_is_a_third_of_a_month(reading_app: Flask) -> None:
    page = read(signed_in(reading_app, "region01").get(PAGE))

    assert "4 月上旬" in page.text
    assert "4 月中旬" in page.text
    assert "4 月 7 日" not in page.text


def test_the_branchs_mean_is_explained_by_its_visits(reading_app: Flask, ranked_template: Bank) -> None:
    page = read(signed_in(reading_app, "region01").get(f"{PAGE}?why=branch"))

    scores = [result.score for _ordinal, result, _scores in results(ranked_template)]
    assert f"{points(sum(scores))} ÷ {len(scores)}" in page.text


def test_a_visit_a_flow_a_situation_and_an_item_are_explained(
    reading_app: Flask, ranked_template: Bank
) -> None:
    browser = signed_in(reading_app, "region01")
    _ordinal, result, document = results(ranked_template)[0]
    stored = json.loads(document)
    number, score = next(iter(stored["situations"].items()))

    visit = read(browser.get(f"{PAGE}?why=visit"))
    situation = read(browser.get(f"{PAGE}?why=situation:{number}"))
    item = read(browser.get(f"{PAGE}?why=item:S{int(number):02}.A1"))

    assert visit.row_of("合计 ÷ 权重")
    assert points(result.score) in " ".join(cells[-1] for cells in visit.rows if cells)
    assert points(score) in " ".join(situation.row_of("情景 " + number)) or situation.row_of("得 / 可得")
    assert "规则第 1 版" in situation.text
    assert item.row_of("÷ 情景可得") or item.row_of("这一条不计分")


def test_a_roles_figure_is_explained_by_its_visits(reading_app: Flask, ranked_template: Bank) -> None:
    with reading(ranked_template.database) as session:
        parts = session.scalars(
            select(PartResult.score)
            .join(Target, Target.id == PartResult.target_id)
            .join(StoredRanking, StoredRanking.id == PartResult.ranking_id)
            .join(Wave, Wave.id == StoredRanking.wave_id)
            .where(
                Wave.code == "2026Q2",
                Target.branch_code == "0101",
                PartResult.figure == "role",
                PartResult.code == "lobby_manager",
            )
        ).all()

    page = read(signed_in(reading_app, "region01").get(f"{PAGE}?why=role:lobby_manager"))

    assert f"{points(sum(parts))} ÷ {len(parts)}" in page.text
    assert points(row_of(ranked_template, "role:lobby_manager").score) in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/rankings/2026Q2/branches/0201",
        "/rankings/2026Q2/branches/9999",
        "/rankings/2026Q3/branches/0101",
        f"{PAGE}?visit=3",
        f"{PAGE}?visit=x",
        f"{PAGE}?ranking=2",
        f"{PAGE}?why=flow:F9",
        f"{PAGE}?why=situation:99",
        f"{PAGE}?why=situation:x",
        f"{PAGE}?why=item:S99.A1",
        f"{PAGE}?why=role:nobody",
        f"{PAGE}?why=region:R01",
    ],
)
def test_what_is_not_the_users_answers_like_what_does_not_exist(reading_app: Flask, address: str) -> None:
    browser = signed_in(reading_app, "region01")
    absent = browser.get("/rankings/nothing")

    response = browser.get(address)

    assert response.status_code == 404
    assert response.text.replace(browser.token, "") == absent.text.replace(browser.token, "")


def test_an_older_ranking_still_leads_to_the_visit_that_was_voided_later(
    ranked: Bank, tmp_path: Path
) -> None:
    (_first, voided, _), (_second, other, _) = results(ranked)
    void_first_visit(ranked, "0101")
    browser = signed_in(app_on(ranked.database, tmp_path), "region01")

    newest, first = read(browser.get(PAGE)), read(browser.get(f"{PAGE}?ranking=1"))

    assert f"第 1 次 · {points(voided.score)}" not in newest.text
    assert f"第 2 次 · {points(other.score)}" in newest.text
    assert f"第 1 次 · {points(voided.score)}" in first.text
    assert browser.get(f"{PAGE}?visit=1").status_code == 404


def test_folding_changes_the_address_alone(reading_app: Flask) -> None:
    browser = signed_in(reading_app, "region01")
    page = read(browser.get(f"{PAGE}?open=F2"))

    folded = read(browser.get(next(link for link in page.links if link.endswith("#F2"))))

    assert "情景 6" in page.text
    assert "情景 6" not in folded.text
