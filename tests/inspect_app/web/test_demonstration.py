"""The demonstration's own pages: stepping into each of the five users, accounts, commands; shut elsewhere."""

import json
import re
from pathlib import Path

import pytest

from inspect_app.db import reading
from inspect_app.models.people import LoginSession
from inspect_app.queries.people import user_named
from tests.demo_bank import DemoBank
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import Browser, app_on

HOMES = {
    "inspector": "/visits",
    "regional_manager": "/ranking",
    "branch_manager": "/branch",
    "reviewer": "/office/reviews",
    "administrator": "/office/waves",
}
PAGES = ("/demo", "/demo/accounts", "/demo/commands")


@pytest.fixture
def browser(demo_bank: DemoBank) -> Browser:
    """Return a browser before the demonstration."""
    return Browser(demo_bank.app())


def test_a_visitor_is_led_to_the_entry_page(browser: Browser) -> None:
    response = browser.get("/")

    assert (response.status_code, response.headers["Location"]) == (303, "/demo")


def test_the_entry_page_shows_five_users_in_true_numbers(browser: Browser) -> None:
    page = browser.get("/demo")

    assert page.status_code == 200
    assert re.findall(r'name="role" value="(\w+)"', page.text) == list(HOMES)
    for sentence in ("12 个网点，3 期暗访", "4 个网点", "2 期排名", "5 份待复核", "8 个流程", "47 个情景"):
        assert sentence in page.text
    assert "还有 3 次要做" in page.text


@pytest.mark.parametrize("role", HOMES)
def test_one_press_leads_to_the_first_page_of_each_user(browser: Browser, role: str) -> None:
    browser.get("/demo")

    response = browser.post("/demo/enter", {"role": role})

    assert response.status_code == 303
    assert browser.get("/").headers["Location"] == response.headers["Location"]
    assert browser.get(response.headers["Location"]).status_code in (200, 303)


def test_stepping_into_another_user_ends_the_session_of_the_one_before(
    browser: Browser, demo_bank: DemoBank
) -> None:
    browser.get("/demo")
    browser.post("/demo/enter", {"role": "reviewer"})
    browser.get("/demo")

    browser.post("/demo/enter", {"role": "administrator"})

    with reading(demo_bank.database) as session:
        names = [login.user.username for login in session.query(LoginSession)]
    assert names == ["admin1"]


@pytest.mark.parametrize("role", ["", "root", "admin1"])
def test_nobody_else_can_be_stepped_into(browser: Browser, role: str) -> None:
    browser.get("/demo")

    response = browser.post("/demo/enter", {"role": role})

    assert response.status_code == 404
    assert browser.get("/").headers["Location"] == "/demo"


def test_another_site_cannot_press_for_a_visitor(browser: Browser) -> None:
    browser.get("/demo")

    without_token = browser.client.post("/demo/enter", data={"role": "administrator"})
    from_elsewhere = browser.post(
        "/demo/enter", {"role": "administrator"}, **{"Sec-Fetch-Site": "cross-site"}
    )

    assert (without_token.status_code, from_elsewhere.status_code) == (400, 400)


def test_every_account_written_down_signs_in_and_reaches_its_first_page(demo_bank: DemoBank) -> None:
    app = demo_bank.app()
    for account in demo_bank.accounts:
        browser = Browser(app)

        response = browser.sign_in(account.username, account.password)

        assert response.status_code == 303, account
        page = browser.get(response.headers["Location"])
        if page.status_code == 303:
            page = browser.get(page.headers["Location"])
        assert page.status_code == 200, account


def test_the_accounts_page_shows_what_is_written_down(browser: Browser, demo_bank: DemoBank) -> None:
    page = browser.get("/demo/accounts")

    with reading(demo_bank.database) as session:
        for account in demo_bank.accounts:
            user = user_named(session, account.username)
            assert user is not None
            assert f"<code>{account.username}</code>" in page.text
            assert user.display_name in page.text


def test_an_account_that_is_gone_is_passed_over(browser: Browser, demo_bank: DemoBank) -> None:
    written = demo_bank.folder / "accounts.json"
    accounts = json.loads(written.read_text(encoding="utf-8"))
    accounts[0]["username"] = "gone"
    written.write_text(json.dumps(accounts), encoding="utf-8")

    page = browser.get("/demo/accounts")

    assert page.status_code == 200
    assert "gone" not in page.text
    assert browser.get("/demo").status_code == 200


def test_the_commands_name_the_folder_and_the_newest_published_wave(
    browser: Browser, demo_bank: DemoBank
) -> None:
    page = browser.get("/demo/commands")

    assert f"INSPECT_DATA_DIR={demo_bank.folder}" in page.text
    assert "ranking export --wave 2026Q3" in page.text


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_ask_no_other_host_and_hold_no_script_or_style_of_their_own(
    browser: Browser, path: str
) -> None:
    page = browser.get(path)

    assert not re.search(r"(src|href)=\"(https?:)?//", page.text)
    assert not re.search(r"<script|<style|\sstyle=", page.text)


def test_where_no_demonstration_is_served_there_is_nothing_of_it(bank: Bank, tmp_path: Path) -> None:
    browser = Browser(app_on(bank.database, tmp_path))
    browser.get("/login")

    assert [browser.get(path).status_code for path in PAGES] == [404, 404, 404]
    assert browser.post("/demo/enter", {"role": "administrator"}).status_code == 404
    assert browser.get("/").headers["Location"] == "/login"
