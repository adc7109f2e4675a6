"""The visits of a wave for head office: the list, one visit, who goes there, taking it back."""

import pytest

from inspect_app.db import reading
from inspect_app.models.people import User
from inspect_app.models.visits import VisitState
from inspect_app.queries.visit_listing import inspector_of_visit
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.office.bank_work import NOBODYS, approve, close, receive, state_of, visit_at
from tests.inspect_app.web.office.conftest import SignIn

LIST = "/office/waves/2026Q3/visits"


def page_of_visit(bank: Bank, branch: str, step: str = "") -> str:
    """Return the address of a branch's visit, or of one thing to do with it."""
    return f"/office/visits/{bank.visits[branch]}" + (f"/{step}" if step else "")


def sent_to(bank: Bank, branch: str) -> User | None:
    """Return who has the visit to a branch."""
    with reading(bank.database) as session:
        return inspector_of_visit(session, visit_at(bank, branch))


def test_the_list_holds_every_visit_with_who_goes_there(administrator: Browser) -> None:
    page = administrator.get(LIST).text

    assert "3 次检查" in page
    assert "渝中支行" in page
    assert "周神秘" in page
    assert "吴神秘" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?region=R01", {"渝中支行", "江北支行"}),
        ("?state=submitted", {"江北支行"}),
        ("?region=R02&state=submitted", set()),
        ("?region=R0", set()),
        ("?state=nonsense", {"渝中支行", "江北支行", "单县支行"}),
    ],
)
def test_the_list_is_narrowed_by_region_and_state(
    bank: Bank, administrator: Browser, query: str, found: set[str]
) -> None:
    receive(bank, "0102")

    page = administrator.get(LIST + query).text

    assert {name for name in ("渝中支行", "江北支行", "单县支行") if name in page} == found


def test_a_page_beyond_the_last_is_empty(administrator: Browser) -> None:
    assert "渝中支行" not in administrator.get(f"{LIST}?page=2").text
    assert "渝中支行" in administrator.get(f"{LIST}?page=-1").text


def test_reviewers_do_not_read_who_goes_there(bank: Bank, reviewer: Browser) -> None:
    texts = [reviewer.get(path).text for path in (LIST, page_of_visit(bank, "0101"))]

    assert all("渝中支行" in text for text in texts)
    assert not any("周神秘" in text for text in texts)


def test_a_visit_tells_its_history_without_the_inspectors_name(bank: Bank, administrator: Browser) -> None:
    receive(bank, "0101")

    page = administrator.get(page_of_visit(bank, "0101")).text
    history = page[page.index("经过") :]

    assert "派出" in history
    assert "送达" in history
    assert "钱管理" in history
    assert "检查人" in history
    assert "周神秘" not in history


def test_a_visit_is_given_to_another_inspector(bank: Bank, administrator: Browser) -> None:
    administrator.get(page_of_visit(bank, "0101"))
    chosen = bank.user("inspector2")

    answer = administrator.post(page_of_visit(bank, "0101", "assign"), {"inspector": str(chosen.id)})

    assert answer.status_code == 303
    now_sent, other = sent_to(bank, "0101"), sent_to(bank, "0102")
    assert now_sent is not None
    assert other is not None
    assert (now_sent.username, other.username) == ("inspector2", "inspector")


@pytest.mark.parametrize("chosen", ["reviewer", None])
def test_a_visit_is_given_to_inspectors_only(bank: Bank, administrator: Browser, chosen: str | None) -> None:
    administrator.get(page_of_visit(bank, "0101"))
    user = NOBODYS if chosen is None else bank.user(chosen).id

    answer = administrator.post(page_of_visit(bank, "0101", "assign"), {"inspector": str(user)})

    assert answer.status_code == 422
    still_sent = sent_to(bank, "0101")
    assert still_sent is not None
    assert still_sent.username == "inspector"


def test_a_visit_that_came_in_is_not_given_away(bank: Bank, administrator: Browser) -> None:
    receive(bank, "0101")
    administrator.get(page_of_visit(bank, "0102"))

    chosen = str(bank.user("inspector2").id)
    answer = administrator.post(page_of_visit(bank, "0101", "assign"), {"inspector": chosen})

    assert answer.status_code == 409
    assert "派给检查人" not in administrator.get(page_of_visit(bank, "0101")).text


def test_a_visit_is_cancelled_with_a_reason(bank: Bank, administrator: Browser) -> None:
    administrator.get(page_of_visit(bank, "0101"))

    refused = administrator.post(page_of_visit(bank, "0101", "cancel"), {"reason": ""})
    answer = administrator.post(page_of_visit(bank, "0101", "cancel"), {"reason": "网点装修停业"})

    assert (refused.status_code, answer.status_code) == (422, 303)
    assert "请写明原因" in refused.text
    assert state_of(bank, "0101") is VisitState.CANCELLED
    assert visit_at(bank, "0101").reason == "网点装修停业"
    assert state_of(bank, "0102") is VisitState.ASSIGNED


def test_a_visit_that_came_in_is_not_cancelled(bank: Bank, administrator: Browser) -> None:
    receive(bank, "0101")
    administrator.get(page_of_visit(bank, "0102"))

    answer = administrator.post(page_of_visit(bank, "0101", "cancel"), {"reason": "不算了"})

    assert answer.status_code == 409
    assert state_of(bank, "0101") is VisitState.SUBMITTED


def test_a_visit_that_nobody_has_seen_is_not_voided(bank: Bank, administrator: Browser) -> None:
    receive(bank, "0101")
    administrator.get(page_of_visit(bank, "0102"))

    answer = administrator.post(page_of_visit(bank, "0101", "void"), {"reason": "不算了"})

    assert answer.status_code == 409
    assert state_of(bank, "0101") is VisitState.SUBMITTED


@pytest.mark.parametrize("username", ["reviewer", "inspector", "region01", "branch0101"])
@pytest.mark.parametrize("step", ["assign", "cancel", "void"])
def test_only_the_administrator_plans_visits(bank: Bank, sign_in: SignIn, username: str, step: str) -> None:
    browser = sign_in(username)
    browser.get("/handbook")

    fields = {"reason": "不算了", "inspector": str(bank.user("inspector2").id)}
    answer = browser.post(page_of_visit(bank, "0101", step), fields)

    assert answer.status_code == 404
    assert state_of(bank, "0101") is VisitState.ASSIGNED


def test_a_visit_that_does_not_exist_is_not_there(administrator: Browser) -> None:
    assert administrator.get(f"/office/visits/{NOBODYS}").status_code == 404
    for step in ("assign", "cancel", "void"):
        assert administrator.post(f"/office/visits/{NOBODYS}/{step}", {"reason": "?"}).status_code == 404


@pytest.mark.parametrize("username", ["inspector", "region01", "branch0101"])
def test_a_visit_of_head_office_is_not_there_for_others(bank: Bank, sign_in: SignIn, username: str) -> None:
    assert sign_in(username).get(page_of_visit(bank, "0101")).status_code == 404


@pytest.mark.fault("R22")
@pytest.mark.fault("W05")
def test_a_late_visit_counts_once_head_office_says_so_with_a_reason(
    bank: Bank, administrator: Browser
) -> None:
    close(bank)
    receive(bank, "0101")
    page = page_of_visit(bank, "0101")
    assert "补计入" not in administrator.get(page).text
    approve(bank, "0101")
    assert "补计入" in administrator.get(page).text

    refused = administrator.post(page_of_visit(bank, "0101", "take-in"), {"reason": " "})
    taken = administrator.post(page_of_visit(bank, "0101", "take-in"), {"reason": "停电，晚送了一天"})
    again = administrator.post(page_of_visit(bank, "0101", "take-in"), {"reason": "再来一次"})

    assert (refused.status_code, taken.status_code, again.status_code) == (422, 303, 409)
    shown = administrator.get(page).text
    assert "停电，晚送了一天" in shown
    assert "补计入</h2>" not in shown


def test_what_came_in_time_is_not_taken_in_again(bank: Bank, administrator: Browser) -> None:
    receive(bank, "0101")
    approve(bank, "0101")
    administrator.get(page_of_visit(bank, "0101"))

    assert (
        administrator.post(page_of_visit(bank, "0101", "take-in"), {"reason": "再算一次"}).status_code == 409
    )
