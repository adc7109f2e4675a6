"""The ranking's pages: frozen numbers, in the user's own reach, filtered by the address."""

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.jobs import seal_all
from inspect_app.models.organisation import Branch, Region
from inspect_app.models.rankings import RankingRow, StoredRanking
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Target, Wave
from inspect_app.queries import ranking_pages
from inspect_app.queries.journal_chain import head_of_journal
from inspect_app.services.journal import Actor
from inspect_app.services.rankings import void_visit
from inspect_app.web.formatting import points, signed_points
from reports.rankings import RankBy
from tests.inspect_app.made_up_bank import NOW, Bank
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.page_reading import Page, read, signed_in
from tests.inspect_app.web.published_bank import SUMMER, Period, disclose, publish

PAGE = "/rankings/2026Q2"
OWN = ("0101", "0102", "0103", "0104")
OTHERS = ("0201", "0202")


def stored(bank: Bank, table: str, number: int = 1, wave: str = "2026Q2") -> Sequence[RankingRow]:
    """Return the frozen rows of a table, in their order."""
    with reading(bank.database) as session:
        return session.scalars(
            select(RankingRow)
            .join(StoredRanking, StoredRanking.id == RankingRow.ranking_id)
            .join(Wave, Wave.id == StoredRanking.wave_id)
            .where(Wave.code == wave, StoredRanking.number == number, RankingRow.table == table)
            .order_by(RankingRow.position)
        ).all()


def codes_on(page: Page) -> list[str]:
    """Return the codes of the branches of a page, in its order."""
    found = [re.search(r"\b\d{4}\b", row[2] if len(row) > 2 else "") for row in page.rows]
    found += [re.search(r"\b\d{4}\b", row[1]) for row in page.rows if len(row) > 1]
    return list(dict.fromkeys(match.group() for match in found if match))


def void_first_visit(bank: Bank, branch_code: str) -> None:
    """Void the first visit of a branch in the newest wave."""
    with transaction(bank.database) as session:
        visit = session.scalars(
            select(Visit)
            .join(Target, Target.id == Visit.target_id)
            .join(Wave, Wave.id == Visit.wave_id)
            .where(Wave.code == "2026Q2", Target.branch_code == branch_code, Visit.ordinal == 1)
        ).one()
        void_visit(session, Actor.user(bank.user("administrator")), visit, "走错了网点", now=NOW)


def test_the_first_page_of_a_regional_manager_is_the_newest_published_wave(reading_app: Flask) -> None:
    browser = signed_in(reading_app, "region01")

    response = browser.get("/rankings")

    assert (response.status_code, response.headers["Location"]) == (303, PAGE)


def test_where_nothing_is_published_the_page_says_what_comes(bank: Bank, tmp_path: Path) -> None:
    browser = signed_in(app_on(bank.database, tmp_path), "region01")

    page = read(browser.get("/rankings"))

    assert "还没有发布的期次" in page.text
    assert "2026Q3" not in page.text


def test_every_number_of_the_page_is_the_frozen_one(reading_app: Flask, ranked_template: Bank) -> None:
    page = read(signed_in(reading_app, "administrator").get(PAGE))

    for row in stored(ranked_template, "branch"):
        shown = page.row_of(str(row.rank) if row.rank is not None else "")
        line = next(" ".join(" ".join(cells).split()) for cells in page.rows if row.unit in " ".join(cells))
        assert points(row.score) in line
        assert signed_points(row.score_change) in line
        assert shown
    ranks = [cells[0].strip() for cells in page.rows[1:]]
    assert ranks == [str(row.rank) for row in stored(ranked_template, "branch")]


def test_a_region_sees_its_own_branches_with_their_places_in_the_whole_and_in_the_region(
    reading_app: Flask, ranked_template: Bank
) -> None:
    page = read(signed_in(reading_app, "region01").get(PAGE))

    own = [row for row in stored(ranked_template, "branch") if row.unit in OWN]
    assert codes_on(page) == [row.unit for row in own]
    places = [(cells[0].strip(), cells[1].strip()) for cells in page.rows[1:]]
    assert places == [(str(row.rank), str(place)) for place, row in enumerate(own, start=1)]
    assert not [code for code in OTHERS if code in page.text]
    assert "曹县" not in page.text


@pytest.mark.parametrize("place", [PAGE, f"{PAGE}.xlsx", f"{PAGE}/branches/0101"])
@pytest.mark.parametrize("who", ["inspector", "branch0101"])
def test_the_ranking_is_not_there_for_other_kinds_of_user(reading_app: Flask, place: str, who: str) -> None:
    browser = signed_in(reading_app, who)

    assert browser.get(place).status_code == 404


def test_a_visitor_is_sent_to_sign_in(reading_app: Flask) -> None:
    assert Browser(reading_app).get(PAGE).headers["Location"] == "/login"


@pytest.mark.parametrize(
    "address",
    [
        f"{PAGE}?region=R02",
        f"{PAGE}?region=R99",
        f"{PAGE}?ranking=2",
        f"{PAGE}?ranking=x",
        f"{PAGE}?table=role:nobody",
        f"{PAGE}?sort=up",
        f"{PAGE}?after=x",
        f"{PAGE}?why=region:R02",
        f"{PAGE}?why=x",
        f"{PAGE}.xlsx?region=R02",
        "/rankings/2026Q3",
        "/rankings/nothing",
        "/rankings/2026Q3.xlsx",
    ],
)
def test_what_is_not_the_users_answers_like_what_does_not_exist(reading_app: Flask, address: str) -> None:
    browser = signed_in(reading_app, "region01")
    absent = browser.get("/rankings/nothing")

    response = browser.get(address)

    assert response.status_code == 404
    assert response.text.replace(browser.token, "") == absent.text.replace(browser.token, "")


def test_the_kinds_and_the_words_of_the_address_narrow_the_page(reading_app: Flask) -> None:
    browser = signed_in(reading_app, "administrator")

    assert set(codes_on(read(browser.get(f"{PAGE}?kind=基础")))) == {"0102", "0103", "0201"}
    assert set(codes_on(read(browser.get(f"{PAGE}?q=支行&kind=精品")))) == {"0101", "0104", "0202"}
    assert codes_on(read(browser.get(f"{PAGE}?q=南岸"))) == ["0103"]
    assert set(codes_on(read(browser.get(f"{PAGE}?q=02")))) == {"0201", "0202"}
    assert "没有符合的行" in read(browser.get(f"{PAGE}?q=%25")).text


def test_a_region_of_the_address_narrows_the_page_and_adds_the_places_in_it(reading_app: Flask) -> None:
    browser = signed_in(reading_app, "administrator")

    page = read(browser.get(f"{PAGE}?region=R02"))

    assert set(codes_on(page)) == set(OTHERS)
    assert [cells[1].strip() for cells in page.rows[1:]] == ["1", "2"]


def test_the_page_can_be_ordered_by_what_rose_and_what_fell(
    reading_app: Flask, ranked_template: Bank
) -> None:
    browser = signed_in(reading_app, "administrator")
    rows = sorted(stored(ranked_template, "branch"), key=lambda row: -(row.score_change or 0))

    assert codes_on(read(browser.get(f"{PAGE}?sort=rise"))) == [row.unit for row in rows]
    assert codes_on(read(browser.get(f"{PAGE}?sort=fall"))) == [row.unit for row in reversed(rows)]


@pytest.mark.parametrize("order", ["", "&sort=rise", "&sort=fall", "&sort=vetoes"])
def test_the_pages_together_hold_every_row_once(
    reading_app: Flask, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    browser = signed_in(reading_app, "administrator")
    whole = codes_on(read(browser.get(f"{PAGE}?x=1{order}")))
    monkeypatch.setattr(ranking_pages, "PAGE", 4)

    first = read(browser.get(f"{PAGE}?x=1{order}"))
    following = next(link for link in first.links if "after=" in link)
    second = read(browser.get(following))

    assert codes_on(first) + codes_on(second) == whole
    assert len(codes_on(first)) == 4
    assert not [link for link in second.links if "after=" in link]


def test_regions_are_ranked_and_the_root_is_shown_without_a_place(
    reading_app: Flask, ranked_template: Bank
) -> None:
    page = read(signed_in(reading_app, "administrator").get(f"{PAGE}?table=region"))

    root, *others = stored(ranked_template, "region")
    assert page.row_of("长江银行总行")[0] == ""
    assert points(root.score) in " ".join(page.row_of("长江银行总行"))
    for row in others:
        assert points(row.score) in " ".join(page.row_of(str(row.rank)))


def test_a_role_has_a_table_of_its_own(reading_app: Flask, ranked_template: Bank) -> None:
    page = read(signed_in(reading_app, "administrator").get(f"{PAGE}?table=role:lobby_manager"))

    ranked = [row for row in stored(ranked_template, "role:lobby_manager") if row.rank is not None]
    assert ranked
    assert [cells[0].strip() for cells in page.rows[1:] if cells[0].strip()] == [str(r.rank) for r in ranked]


def test_the_sentence_says_how_the_region_did_against_the_wave_before(
    reading_app: Flask, ranked_template: Bank
) -> None:
    page = read(signed_in(reading_app, "region01").get(PAGE))

    own = next(row for row in stored(ranked_template, "region") if row.unit == "R01")
    assert own.score_change
    word = "高" if own.score_change > 0 else "低"
    change = points(abs(own.score_change))
    assert f"重庆分行 4 个网点平均 {points(own.score)} 分，比上期{word} {change} 分" in page.text


def test_the_mean_of_a_region_opens_its_sum(reading_app: Flask, ranked_template: Bank) -> None:
    page = read(signed_in(reading_app, "region01").get(f"{PAGE}?table=region&why=region:R01"))

    own = [row for row in stored(ranked_template, "branch") if row.unit in OWN]
    assert f"{points(sum(row.score or 0 for row in own))} ÷ 4" in page.text


@pytest.mark.parametrize(("who", "seen"), [("administrator", OWN + OTHERS), ("region01", OWN)])
@pytest.mark.fault("X06")
def test_the_workbook_holds_the_rows_of_the_page(reading_app: Flask, who: str, seen: tuple[str, ...]) -> None:
    browser = signed_in(reading_app, who)
    page = read(browser.get(PAGE))

    response = browser.get(f"{PAGE}.xlsx")

    sheet = load_workbook(BytesIO(response.data))["网点排名"]
    heads: list[str] = []
    rows = {}
    for cells in sheet.iter_rows(values_only=True):
        if "机构代码" in cells:
            heads = [str(cell) for cell in cells]
        elif heads and cells[heads.index("机构代码")] in OWN + OTHERS:
            rows[str(cells[heads.index("机构代码")])] = dict(zip(heads, cells, strict=True))
    assert sorted(rows) == sorted(seen)
    assert list(rows) == codes_on(page)
    for code, row in rows.items():
        line = next(cells for cells in page.rows if code in " ".join(cells[:3]))
        assert line[0].strip() == str(row["名次"])
        assert f"{row['得分']:.2f}" in " ".join(line)


@pytest.mark.fault("X04")
def test_the_workbook_has_a_chinese_name_that_says_wave_and_region(reading_app: Flask) -> None:
    response = signed_in(reading_app, "region01").get(f"{PAGE}.xlsx")

    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert "2026 年二季度暗访 网点服务排名 重庆分行 第 1 次.xlsx" in unquote(disposition.split("''")[1])


def test_a_voided_visit_makes_a_second_ranking_beside_the_first(ranked: Bank, tmp_path: Path) -> None:
    before = {row.unit: row.score for row in stored(ranked, "branch")}
    void_first_visit(ranked, "0101")
    browser = signed_in(app_on(ranked.database, tmp_path), "region01")

    newest, first = read(browser.get(PAGE)), read(browser.get(f"{PAGE}?ranking=1"))

    after = {row.unit: row.score for row in stored(ranked, "branch", number=2)}
    assert "这是第 2 次排名（更正），原因：走错了网点" in newest.text
    assert f"{points(before['0101'])} → {points(after['0101'])} 分" in newest.text
    assert points(after["0101"]) in " ".join(" ".join(cells) for cells in newest.rows)
    assert points(before["0101"]) in " ".join(" ".join(cells) for cells in first.rows)
    assert "更正" not in first.text


@pytest.mark.fault("W08")
def test_a_branch_that_moved_away_is_no_more_the_regions_to_see(ranked: Bank, tmp_path: Path) -> None:
    with transaction(ranked.database) as session:
        branch = session.scalars(select(Branch).where(Branch.code == "0102")).one()
        branch.region_id = session.scalars(select(Region.id).where(Region.code == "R02")).one()
    browser = signed_in(app_on(ranked.database, tmp_path), "region01")

    page = read(browser.get(PAGE))
    book = load_workbook(BytesIO(browser.get(f"{PAGE}.xlsx").data))

    assert "0102" not in page.text
    assert browser.get(f"{PAGE}/branches/0102").status_code == 404
    assert "0102" not in {
        cell for sheet in book for cells in sheet.iter_rows(values_only=True) for cell in cells
    }


def test_while_a_wave_is_disclosed_there_is_no_page_of_it(ranked: Bank, tmp_path: Path) -> None:
    autumn = Period("2026Q4", "2026 年四季度暗访", SUMMER.opens_on, SUMMER.closes_on, 0.9)
    with transaction(ranked.database) as session:
        wave = disclose(session, ranked.users, autumn, branches=("0101", "0201"))
    browser = signed_in(app_on(ranked.database, tmp_path), "administrator")

    answers = [browser.get(f"/rankings/2026Q4{rest}") for rest in ("", ".xlsx", "/branches/0101")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "2026 年四季度暗访" not in read(browser.get(PAGE)).text
    with transaction(ranked.database) as session:
        publish(session, ranked.users, session.merge(wave))
    assert browser.get("/rankings/2026Q4").status_code == 200


def test_choosing_another_wave_keeps_the_other_filters(reading_app: Flask) -> None:
    response = signed_in(reading_app, "region01").get(f"{PAGE}?wave=2026Q1&kind=基础&ranking=1&q=")

    assert unquote(response.headers["Location"]) == "/rankings/2026Q1?kind=基础"


def test_where_item_sets_differ_what_lies_over_par_is_shown_and_explained(
    ranked: Bank, tmp_path: Path
) -> None:
    autumn = Period(
        "2026Q4", "2026 年四季度暗访", SUMMER.opens_on, SUMMER.closes_on, 0.9, rank_by=RankBy.OVER_PAR
    )
    with transaction(ranked.database) as session:
        publish(session, ranked.users, disclose(session, ranked.users, autumn))
    app = app_on(ranked.database, tmp_path)
    browser = signed_in(app, "region01")

    page = read(browser.get("/rankings/2026Q4"))
    mean = read(browser.get("/rankings/2026Q4?table=region&why=region:R01"))
    branch = read(browser.get("/rankings/2026Q4/branches/0101?why=branch"))
    own = read(signed_in(app, "branch0101").get("/branch"))

    row = next(row for row in stored(ranked, "branch", wave="2026Q4") if row.unit == "0101")
    over = signed_points(row.over_par)
    assert row.over_par
    assert over in " ".join(next(cells for cells in page.rows if "0101" in " ".join(cells)))
    assert "高于基准之和 ÷ 网点数" in mean.text
    assert branch.row_of("高于基准")[-1] == over
    assert f"分：{over}" in own.text


def test_the_page_and_the_workbook_say_how_far_the_journal_was_sealed_when_it_was_published(
    ranked: Bank, tmp_path: Path
) -> None:
    seal_all(ranked.database)
    with reading(ranked.database) as session:
        head = head_of_journal(session)
    void_first_visit(ranked, "0101")
    seal_all(ranked.database)
    browser = signed_in(app_on(ranked.database, tmp_path), "region01")

    restated, first = read(browser.get(PAGE)), read(browser.get(f"{PAGE}?ranking=1"))
    book = load_workbook(BytesIO(browser.get(f"{PAGE}.xlsx").data))["封面"]

    assert head is not None
    said = f"发布时封存到 {head.shown}"
    assert said in restated.text
    assert "发布时封存到" not in first.text
    assert said in [str(row[2].value) for row in book.iter_rows(min_col=1, max_col=3)]
