"""The printed report: the own figures as the pages have them, and nothing of anybody else."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.models.rankings import RankingRow, StoredRanking
from inspect_app.models.waves import Target, Wave
from inspect_app.queries.branch_report import FEWEST_BRANCHES, figures_of_branch
from inspect_app.web.branch.drawings import flow_floor, flow_lines, rank_line
from inspect_app.web.formatting import points
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.branch.test_home_page import deficiencies
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.page_reading import read, signed_in
from tests.inspect_app.web.published_bank import KEPT, SUMMER, Period, disclose
from tests.inspect_app.web.region.test_branch_page import row_of

# What the pages ask of the database is asked of both by the tests of the services below them.
pytestmark = pytest.mark.sqlite

PAGE = "/branch/result/2026Q2/report"


def target_of(bank: Bank, code: str, wave: str = SUMMER.code) -> Target:
    """Return a branch as a wave found it."""
    with reading(bank.database) as session:
        return session.scalars(
            select(Target)
            .join(Wave, Wave.id == Target.wave_id)
            .where(Wave.code == wave, Target.branch_code == code)
        ).one()


def test_the_report_says_what_the_ranking_says(reading_app: Flask, ranked_template: Bank) -> None:
    page = read(signed_in(reading_app, "branch0101").get(PAGE))

    own = row_of(ranked_template, "branch")
    assert points(own.score) in page.text
    assert f"第 {own.rank} 名" in page.text
    for one in deficiencies(ranked_template, "0101"):
        assert points(one.points_lost) in page.text
    assert KEPT not in page.text
    assert "江北支行" not in page.text


def test_the_region_is_told_only_as_a_mean_of_enough_branches(ranked_template: Bank) -> None:
    own, alone = target_of(ranked_template, "0101"), target_of(ranked_template, "0201")
    with reading(ranked_template.database) as session:
        many = figures_of_branch(session, ranked_template.user("branch0101"), own.id)
        few = figures_of_branch(session, ranked_template.user("branch0201"), alone.id)
        scores = session.scalars(
            select(RankingRow.score)
            .join(StoredRanking, StoredRanking.id == RankingRow.ranking_id)
            .where(
                StoredRanking.wave_id == own.wave_id,
                RankingRow.table == "branch",
                RankingRow.path == own.region_path,
            )
        ).all()

    assert many is not None
    assert few is not None
    known = [score for score in scores if score is not None]
    assert len(known) >= FEWEST_BRANCHES
    assert many.region == (2 * sum(known) + len(known)) // (2 * len(known))
    assert few.region is None
    assert all(flow.region is None for flow in few.flows)


def test_nobody_reads_the_figures_of_a_branch_that_is_not_theirs(ranked_template: Bank) -> None:
    own = target_of(ranked_template, "0101")

    with reading(ranked_template.database) as session:
        assert figures_of_branch(session, ranked_template.user("branch0201"), own.id) is None


def test_while_a_wave_is_disclosed_the_report_has_no_rank_and_no_neighbours(
    ranked: Bank, tmp_path: Path
) -> None:
    autumn = Period("2026Q4", "2026 年四季度暗访", SUMMER.opens_on, date(2026, 7, 1), 0.9)
    with transaction(ranked.database) as session:
        disclose(session, ranked.users, autumn, branches=("0101", "0201"))

    page = read(
        signed_in(app_on(ranked.database, tmp_path), "branch0101").get("/branch/result/2026Q4/report")
    )

    assert "公示中，还没有名次" in page.text
    assert "区域" not in page.text


@pytest.mark.parametrize("who", ["administrator", "inspector", "region01"])
def test_the_report_is_not_there_for_other_kinds_of_user(reading_app: Flask, who: str) -> None:
    assert signed_in(reading_app, who).get(PAGE).status_code == 404


def test_a_visitor_is_sent_to_sign_in(reading_app: Flask) -> None:
    assert Browser(reading_app).get(PAGE).headers["Location"] == "/login"


@pytest.mark.parametrize(("rank", "ranked"), [(1, 1), (3, 11), (11, 11), (16, 38), (22_999, 23_000)])
def test_a_place_is_drawn_between_the_first_and_the_last(rank: int, ranked: int) -> None:
    drawn = rank_line(rank, ranked, (1, ranked))

    places = [at for _number, at in drawn.ticks]
    assert places == sorted(places)
    assert places[0] <= drawn.dot <= places[-1]
    assert len({number for number, _at in drawn.ticks}) == len(drawn.ticks) <= 7


def test_the_scale_of_flows_reaches_down_to_the_lowest_score() -> None:
    floor = flow_floor([9_861, None, 4_210])

    drawn = flow_lines([(9_861, None), (4_210, 10_000)], floor)

    assert floor == 4_000
    assert drawn[1].own < drawn[0].own
    assert drawn[0].region is None
