"""A large workbook from asking to saving, in a real browser, while the work is done elsewhere."""

import pytest
from playwright.sync_api import Browser, Page, expect

from inspect_app.db import open_database
from inspect_app.jobs.background import TASKS
from inspect_app.jobs.runner import Runner
from tests.demo_bank import DemoBank
from tests.journeys.test_access import AXE, NARROWEST, TOO_WIDE, barriers, served, sign_in

__all__ = ["served"]

ASK = "/downloads/new/2026Q2"
PHONE = {"width": 390, "height": 844}


def wrong_with(page: Page) -> list[str]:
    """Return what keeps somebody from using a page, light and dark, and whether it fits a narrow phone."""
    page.evaluate(AXE)
    found = [f"{theme}: {barrier}" for theme in ("light", "dark") for barrier in barriers(page, theme)]
    page.set_viewport_size({"width": NARROWEST, "height": 844})
    found += ["too wide"] if page.evaluate(TOO_WIDE) else []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a width and a height
    return found


@pytest.mark.slow
def test_a_workbook_is_asked_for_followed_and_saved_and_the_page_turns_by_itself(
    browser: Browser, demo_bank: DemoBank, served: str
) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]  # as above
    page = context.new_page()
    sign_in(page, served, demo_bank.accounts_of("regional_manager")[0].username)
    page.goto(served + ASK)
    page.click("main .btn.pri")
    expect(page.get_by_text("排队中")).to_be_visible()
    wrong = wrong_with(page)
    page.goto(f"{served}/downloads")
    wrong += wrong_with(page)
    page.get_by_role("link", name="网点服务排名").click()

    database = open_database(f"sqlite:///{demo_bank.folder / 'inspect.sqlite3'}")
    assert Runner(database, demo_bank.settings, TASKS, "elsewhere").run_next()
    database.writing.dispose()

    link = page.get_by_role("link", name="下载 Excel 工作簿")
    expect(link).to_be_visible()
    with page.expect_download() as saving:
        link.click()
    wrong += wrong_with(page)
    context.close()
    assert saving.value.suggested_filename.endswith(".xlsx")
    assert wrong == []
