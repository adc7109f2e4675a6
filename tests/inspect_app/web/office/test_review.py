"""One inspection whole, and the decision on it."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from inspect_app.db import transaction
from inspect_app.models.inspections import ReviewOutcome
from inspect_app.models.visits import SettingAside, VisitState
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, send
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.bank_work import (
    NOBODYS,
    approve,
    deciding,
    decision_at,
    page_of,
    receive,
    revision_at,
    state_of,
    visit_at,
)
from tests.inspect_app.web.office.conftest import SignIn


def return_and_send_again(bank: Bank, reviewer: Browser, code: str) -> None:
    """Return the visit to 0101 with a question, and let it come in again with other answers."""
    receive(bank, "0101")
    reviewer.get(page_of(bank, "0101"))
    fields = deciding(bank, "0101", **{f"question.{code}": "几位？"})
    assert reviewer.post(page_of(bank, "0101", "return"), fields).status_code == 303
    with transaction(bank.database) as session:
        inspection = revision_at(bank, "0101").inspection_id
        again = body_of(bank, "0101", seed=9, inspection_id=inspection)
        send(session, bank, "0101", again, NOW + timedelta(days=1))


def open_section_codes(bank: Bank) -> Sequence[str]:
    """Return the codes of all items of the bank's checklist."""
    return [item.code for section in bank.checklist.sections for item in section.items]


def test_every_section_stands_on_the_page_with_gate_words_and_standards(
    bank: Bank, reviewer: Browser
) -> None:
    receive(bank, "0101", "0102")

    page = reviewer.get(page_of(bank, "0101"))

    assert page.status_code == 200
    for section in bank.checklist.sections:
        assert f'id="{section.code}"' in page.text
        assert section.name.own in page.text
    shown = [code for code in open_section_codes(bank) if f'id="{code}"' in page.text]
    assert len(shown) >= len(bank.checklist.sections)
    assert all(f"{code} 的经过" in page.text or "没有发生" in page.text for code in shown)
    assert "分数怎么来的" in page.text
    assert "回执" in page.text


def test_nothing_of_the_inspector_stands_on_the_page(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101")

    page = reviewer.get(page_of(bank, "0101")).text

    assert "周神秘" not in page
    assert str(bank.user("inspector").id) not in page


def test_a_visit_that_nothing_came_in_for_is_not_there(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0102")

    assert reviewer.get(page_of(bank, "0101")).status_code == 404
    assert reviewer.get(f"/office/reviews/{NOBODYS}").status_code == 404


@pytest.mark.parametrize("username", ["administrator", "inspector", "region01", "branch0101"])
def test_nobody_but_reviewers_sees_or_decides(bank: Bank, sign_in: SignIn, username: str) -> None:
    receive(bank, "0101")
    browser = sign_in(username)

    assert browser.get(page_of(bank, "0101")).status_code == 404
    for step in ("begin", "approve", "return", "set-aside"):
        assert browser.post(page_of(bank, "0101", step), deciding(bank, "0101")).status_code == 404
    assert state_of(bank, "0101") is VisitState.SUBMITTED


def test_approving_lets_it_count_and_releases_the_words_that_were_ticked(
    bank: Bank, reviewer: Browser
) -> None:
    receive(bank, "0101", "0102")
    code = open_section_codes(bank)[0]
    reviewer.get(page_of(bank, "0101"))

    answer = reviewer.post(page_of(bank, "0101", "approve"), deciding(bank, "0101", release=[code]))

    assert answer.status_code == 303
    assert state_of(bank, "0101") is VisitState.APPROVED
    assert state_of(bank, "0102") is VisitState.SUBMITTED
    decision = decision_at(bank, "0101")
    assert decision is not None
    assert decision.outcome is ReviewOutcome.APPROVED
    assert json.loads(decision.released) == [code]


def test_nothing_is_released_unless_it_is_ticked(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101")

    page = reviewer.get(page_of(bank, "0101")).text
    reviewer.post(page_of(bank, "0101", "approve"), deciding(bank, "0101"))

    assert 'name="release"' in page
    assert "checked>" not in page.split('name="release"')[1].split("</label>")[0]
    decision = decision_at(bank, "0101")
    assert decision is not None
    assert json.loads(decision.released) == []


def test_returning_needs_a_question(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101")
    reviewer.get(page_of(bank, "0101"))

    blank = {f"question.{open_section_codes(bank)[0]}": "   "}
    answer = reviewer.post(page_of(bank, "0101", "return"), deciding(bank, "0101", **blank))

    assert answer.status_code == 422
    assert "至少要问一个问题" in answer.text
    assert state_of(bank, "0101") is VisitState.SUBMITTED


def test_returning_keeps_the_question_of_each_item(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101")
    first, second = open_section_codes(bank)[:2]
    reviewer.get(page_of(bank, "0101"))

    asked = {f"question.{first}": "几位？", f"question.{second}": " "}
    answer = reviewer.post(page_of(bank, "0101", "return"), deciding(bank, "0101", **asked))

    assert answer.status_code == 303
    assert state_of(bank, "0101") is VisitState.RETURNED
    decision = decision_at(bank, "0101")
    assert decision is not None
    assert json.loads(decision.questions) == {first: "几位？"}


def test_a_question_that_is_too_long_is_refused_and_stays_on_the_page(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101")
    code, question = open_section_codes(bank)[0], "问" * 501
    reviewer.get(page_of(bank, "0101"))

    answer = reviewer.post(
        page_of(bank, "0101", "return"), deciding(bank, "0101", **{f"question.{code}": question})
    )

    assert answer.status_code == 422
    assert question in answer.text
    assert state_of(bank, "0101") is VisitState.SUBMITTED


def test_a_question_about_an_item_that_is_not_asked_is_refused(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101")
    reviewer.get(page_of(bank, "0101"))

    answer = reviewer.post(
        page_of(bank, "0101", "return"), deciding(bank, "0101", **{"question.S99.A1": "?"})
    )

    assert answer.status_code == 404
    assert state_of(bank, "0101") is VisitState.SUBMITTED


def test_setting_aside_needs_a_reason_in_words(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101")
    reviewer.get(page_of(bank, "0101"))

    answer = reviewer.post(
        page_of(bank, "0101", "set-aside"), deciding(bank, "0101", why="exposed", reason="")
    )

    assert answer.status_code == 422
    assert "请写明原因" in answer.text
    assert state_of(bank, "0101") is VisitState.SUBMITTED


def test_a_visit_is_set_aside_with_its_kind_and_reason(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101")
    reviewer.get(page_of(bank, "0101"))

    fields = deciding(bank, "0101", why="exposed", reason="保安问是不是来检查的")
    answer = reviewer.post(page_of(bank, "0101", "set-aside"), fields)

    assert answer.status_code == 303
    visit = visit_at(bank, "0101")
    assert visit.state is VisitState.SET_ASIDE
    assert visit.setting_aside is SettingAside.EXPOSED
    assert visit.reason == "保安问是不是来检查的"


@pytest.mark.parametrize("other", ["return", "set-aside"])
def test_of_two_decisions_at_once_one_holds_and_the_other_is_told(
    bank: Bank, sign_in: SignIn, other: str
) -> None:
    receive(bank, "0101")
    question = {f"question.{open_section_codes(bank)[0]}": "几位？"}
    fields = deciding(bank, "0101", why="other", reason="两个人同时", decision="", **question)
    browsers = {"approve": sign_in("reviewer"), other: sign_in("reviewer2")}
    for browser in browsers.values():
        browser.get(page_of(bank, "0101"))

    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(
            lambda step: browsers[step].post(page_of(bank, "0101", step), fields).status_code, browsers
        )

    assert sorted(answers) == [303, 409]
    assert decision_at(bank, "0101") is not None


def test_what_was_approved_can_be_set_aside_by_who_knows_of_it(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101")
    approve(bank, "0101")
    decision = decision_at(bank, "0101")
    assert decision is not None
    reviewer.get(page_of(bank, "0101"))

    fields = deciding(bank, "0101", why="fraud", reason="当天网点停业", decision=str(decision.id))
    answer = reviewer.post(page_of(bank, "0101", "set-aside"), fields)

    assert answer.status_code == 303
    assert state_of(bank, "0101") is VisitState.SET_ASIDE


def test_what_is_decided_is_not_decided_again(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101")
    approve(bank, "0101")

    page = reviewer.get(page_of(bank, "0101")).text
    answer = reviewer.post(
        page_of(bank, "0101", "return"), deciding(bank, "0101", **{"question.S05.P1": "?"})
    )

    assert "已经定了：已通过" in page
    assert 'id="approve"' not in page
    assert answer.status_code == 409
    assert state_of(bank, "0101") is VisitState.APPROVED


def test_a_decision_needs_a_revision_of_this_visit(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101", "0102")
    reviewer.get(page_of(bank, "0101"))

    answer = reviewer.post(page_of(bank, "0101", "approve"), deciding(bank, "0102"))

    assert answer.status_code == 404
    assert state_of(bank, "0101") is VisitState.SUBMITTED
    assert state_of(bank, "0102") is VisitState.SUBMITTED


def test_taking_a_visit_into_review_tells_others_who_is_at_it(bank: Bank, sign_in: SignIn) -> None:
    receive(bank, "0101")
    browser = sign_in("reviewer")
    browser.get(page_of(bank, "0101"))

    answer = browser.post(page_of(bank, "0101", "begin"))
    again = browser.post(page_of(bank, "0101", "begin"))

    assert (answer.status_code, again.status_code) == (303, 409)
    assert state_of(bank, "0101") is VisitState.IN_REVIEW
    assert "孙复核" in sign_in("reviewer2").get(page_of(bank, "0101")).text


def test_work_sent_again_shows_what_it_said_before_and_what_was_asked(bank: Bank, reviewer: Browser) -> None:
    code = open_section_codes(bank)[0]
    return_and_send_again(bank, reviewer, code)

    page = reviewer.get(page_of(bank, "0101")).text

    assert "退回后改过" in page
    assert "上次交的：" in page
    assert "退回时问的：几位？" in page


def test_a_decision_on_what_was_superseded_is_refused(bank: Bank, reviewer: Browser) -> None:
    receive(bank, "0101")
    stale = deciding(bank, "0101")
    reviewer.get(page_of(bank, "0101"))
    code = open_section_codes(bank)[0]
    reviewer.post(page_of(bank, "0101", "return"), {**stale, f"question.{code}": "几位？"})
    with transaction(bank.database) as session:
        inspection = revision_at(bank, "0101").inspection_id
        send(session, bank, "0101", body_of(bank, "0101", seed=9, inspection_id=inspection), NOW)

    answer = reviewer.post(page_of(bank, "0101", "approve"), stale)

    assert answer.status_code == 409
    assert state_of(bank, "0101") is VisitState.SUBMITTED
