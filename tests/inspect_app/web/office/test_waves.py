"""The waves: the list, and one with how far it is."""

import pytest

from inspect_app.db import transaction
from inspect_app.services.journal import Actor
from inspect_app.services.waves import WavePlan, plan_wave
from tests.inspect_app.made_up_bank import NOW, Bank
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.bank_work import approve, close, receive, wave_of
from tests.inspect_app.web.office.conftest import SignIn


def plan_next(bank: Bank) -> None:
    """Plan a later wave beside the one that is open."""
    wave = wave_of(bank)
    plan = WavePlan(
        code="2026Q4",
        name="2026 年四季度",
        mode=wave.mode,
        opens_on=wave.closes_on,
        closes_on=wave.closes_on,
        checklists=(bank.checklist.hash,),
    )
    with transaction(bank.database) as session:
        plan_wave(session, Actor.system(), plan, now=NOW)


def test_the_newest_wave_comes_first(bank: Bank, administrator: Browser) -> None:
    plan_next(bank)

    page = administrator.get("/office/waves").text

    assert page.index("2026Q4") < page.index("2026Q3")


def test_a_wave_says_how_far_each_region_is(bank: Bank, administrator: Browser) -> None:
    receive(bank, "0101", "0102")
    approve(bank, "0101")

    page = administrator.get("/office/waves/2026Q3").text

    assert "收了 2 / 3 份" in page
    assert "通过 1，复核中 1，没交齐 0，已派 0，没人接 0" in page
    assert "通过 0，复核中 0，没交齐 0，已派 1，没人接 0" in page
    assert "1 份等着复核" in page


def test_a_planned_wave_says_what_opening_it_settles(bank: Bank, administrator: Browser) -> None:
    plan_next(bank)

    page = administrator.get("/office/waves/2026Q4").text

    assert "2026 年四季度 还没有开始" in page
    assert "3 家网点" in page


def test_a_closed_wave_names_what_keeps_it_from_being_disclosed(bank: Bank, administrator: Browser) -> None:
    receive(bank, "0101", "0102")
    approve(bank, "0101")
    close(bank)

    page = administrator.get("/office/waves/2026Q3").text

    assert "收口了，还有 1 份没有定" in page
    assert "江北支行 0102" in page
    assert "渝中支行 0101" not in page


def test_a_reviewer_reads_waves_but_is_given_no_step_to_take(reviewer: Browser) -> None:
    waves, page = reviewer.get("/office/waves"), reviewer.get("/office/waves/2026Q3")

    assert (waves.status_code, page.status_code) == (200, 200)
    assert "/office/new-wave" not in waves.text
    assert "/office/waves/2026Q3/close" not in page.text


def test_a_wave_that_does_not_exist_is_not_there(administrator: Browser) -> None:
    assert administrator.get("/office/waves/2099Q1").status_code == 404


@pytest.mark.parametrize("username", ["inspector", "region01", "branch0101"])
@pytest.mark.parametrize("path", ["/office/waves", "/office/waves/2026Q3", "/office/waves/2026Q3/visits"])
def test_waves_are_for_head_office(sign_in: SignIn, username: str, path: str) -> None:
    assert sign_in(username).get(path).status_code == 404
