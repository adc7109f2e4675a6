"""The reviewer's queue."""

from datetime import timedelta

import pytest

from tests.inspect_app.made_up_bank import NOW, Bank
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.bank_work import close, deciding, page_of, receive
from tests.inspect_app.web.office.conftest import SignIn


def test_what_waits_is_listed_with_the_longest_waiting_first(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0201", now=NOW + timedelta(hours=1))
    receive(bank, "0102", now=NOW)

    page = reviewer.get("/office/reviews").text

    assert page.index("江北支行") < page.index("单县支行")
    assert "渝中支行" not in page
    assert "还有 2 份等着复核" in page


def test_an_empty_queue_says_that_all_is_reviewed(reviewer: Browser) -> None:
    assert "都复核完了" in reviewer.get("/office/reviews").text


def test_what_came_in_after_closing_is_flagged_in_the_queue(bank: Bank, reviewer: Browser) -> None:
    close(bank)
    receive(bank, "0101")

    assert "收口以后送到" in reviewer.get("/office/reviews").text


def test_a_decision_of_today_is_listed_and_told(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101", "0102")
    reviewer.get(page_of(bank, "0101"))

    answer = reviewer.post(page_of(bank, "0101", "approve"), deciding(bank, "0101"))
    page = reviewer.get(answer.headers["Location"]).text

    assert "渝中支行 第 1 次：已通过。" in page
    assert "今天定了 1 份" in page
    assert "孙复核" in page


@pytest.mark.parametrize("username", ["administrator", "inspector", "region01", "branch0101"])
def test_nobody_but_reviewers_has_a_queue(sign_in: SignIn, username: str) -> None:
    assert sign_in(username).get("/office/reviews").status_code == 404


def test_a_visitor_is_sent_to_sign_in(sign_in: SignIn) -> None:
    browser = sign_in("reviewer")
    browser.post("/logout")

    assert browser.get("/office/reviews").headers["Location"] == "/login"
