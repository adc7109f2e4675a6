"""The whole main job, once through: planned, filled on a phone, reviewed, published, ranked, downloaded."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from checklists.checklist import Section
from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.handbook import Kind
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import open_database
from inspect_app.migrations import upgrade
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import PASSWORD, SECRET
from tests.journeys.phones import READY, count, tap, wait_for_arrival

PHONE = (390, 844)
DESK = (1440, 900)
BRANCHES = ("渝中支行", "江北支行")
LEFT_ALONE = "单县支行"
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a made-up bank with the product's own command, and end it as an operator would."""
    folder = tmp_path_factory.mktemp("bank")
    url = f"sqlite:///{folder / 'inspect.sqlite3'}"
    database = open_database(url)
    upgrade(database)
    made_up_bank.build(database, url)
    database.writing.dispose()
    port = free_port()
    settings = {"INSPECT_DATA_DIR": str(folder), "INSPECT_DATABASE_URL": url, "INSPECT_SECRET_KEY": SECRET}
    command = [sys.executable, "-m", "inspect_app", "serve", "--port", str(port)]
    with subprocess.Popen(command, env={**os.environ, **settings}, stderr=subprocess.DEVNULL) as server:
        wait_until_ready(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(address: str) -> None:
    """Wait until the server answers, half a minute at most."""
    for _attempt in range(150):
        try:
            with urlopen(address) as answer:  # noqa: S310 - an address of this machine
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not answer within 30 seconds")


class Person:
    """Somebody before a screen; keeps what their pages asked of other hosts and what went wrong in them."""

    def __init__(self, browser: Browser, address: str, name: str, size: tuple[int, int]) -> None:
        """Sign in, and wait for the first page."""
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", accept_downloads=True
        )
        self.page: Page = context.new_page()
        self.address = address
        self.elsewhere: list[str] = []
        self.problems: list[str] = []
        self.page.on("request", self._note_request)
        self.page.on("console", lambda said: self._note_problem(said.type, said.text))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.goto(f"{address}/login")
        self.page.fill("[name=username]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main .btn.pri")
        self.page.wait_for_url(lambda url: not url.endswith("/login"))

    def goto(self, path: str) -> Page:
        """Open a page of the product."""
        self.page.goto(self.address + path)
        return self.page

    def leave(self) -> None:
        """Close the browser; nothing was asked of another host, and no script complained."""
        self.page.context.close()
        assert self.elsewhere == []
        assert self.problems == []

    def _note_request(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith((self.address, "data:", "blob:")):
            self.elsewhere.append(url)

    def _note_problem(self, kind: str, text: str) -> None:
        if kind == "error":
            self.problems.append(text)


def plan_and_open(office: Person) -> None:
    """Plan a wave of mystery visits by the shipped recipe, and open it."""
    page = office.goto("/office/new-wave")
    page.fill("[name=code]", "2026-TEST")
    page.fill("[name=name]", "试点暗访")
    page.select_option("[name=recipe]", "mystery")
    page.fill("[name=opens_on]", TODAY.isoformat())
    page.fill("[name=closes_on]", TODAY.isoformat())
    page.fill("[name=disclosure_days]", "0")
    page.click("text=存为计划")
    page.goto(f"{office.address}/office/waves/2026-TEST")
    page.locator("form[action$='/open'] button").first.click()
    expect(page.locator("main")).to_contain_text("0 / 3")


def visits_of(office: Person) -> dict[str, str]:
    """Return the address of each branch's visit in the office."""
    page = office.goto("/office/waves/2026-TEST/visits")
    rows = page.locator("a[href*='/office/visits/']").all()
    return {row.inner_text().split()[0]: row.get_attribute("href") or "" for row in rows}


def assign(office: Person, path: str, name: str) -> None:
    """Give a visit to an inspector."""
    page = office.goto(path)
    chosen = page.locator("#inspector option", has_text=name).get_attribute("value")
    page.select_option("#inspector", chosen)
    page.click("text=派出")
    expect(page.locator("main")).to_contain_text(name)


def fill_in(phone: Person, branch: str, shots: Path) -> None:
    """Fill a visit on the phone, from the list to the receipt."""
    page = phone.goto("/m/")
    page.wait_for_selector(READY)
    page.locator("li", has_text=branch).get_by_role("link").last.click()
    page.get_by_text("不用秒表，直接填").click()
    for section in generate(shipped_edition(), shipped_recipe("mystery")).sections:
        expect(page.locator("h1")).to_have_text(section.name.own)
        answer(page, section, worse=branch == BRANCHES[1])
        page.screenshot(path=shots / f"{section.code}.png")
        page.click(".dock .pri")
    page.click(".dock .pri")
    page.click("text=交上去")
    wait_for_arrival(page)


def answer(page: Page, section: Section, *, worse: bool) -> None:
    """Answer a situation in full; in the worse branch nothing but the first action was met."""
    tap(page, f"{section.code}.gate", "occurred")
    if len(section.roles) > 1:
        tap(page, f"{section.code}.role", section.lead)
    first = next(item.code for item in section.items if item.kind is not Kind.PHRASE)
    for item in section.items:
        falls_short = worse and item.code != first
        if item.kind is Kind.PHRASE:
            for place in range(len(item.elements)):
                said = "changed" if falls_short else "heard"
                tap(page, f"{item.code}.el{place}", said)
        elif item.counted is not None:
            count(page, f"{item.code}.of", 2)
            count(page, f"{item.code}.met", 1 if falls_short else 2)
        else:
            tap(page, item.code, "partly" if falls_short else "met")


def approve_all(reviewer: Person, shots: Path) -> None:
    """Approve whatever waits, one after the other."""
    for number in range(len(BRANCHES)):
        page = reviewer.goto("/office/reviews")
        page.locator("a[href*='/office/reviews/']").first.click()
        page.screenshot(path=shots / f"review-{number}.png")
        with page.expect_navigation():
            page.locator("[data-approve]").click()


def close_and_publish(office: Person) -> None:
    """Call off what was not made, close, disclose and publish; each is one button."""
    page = office.goto(visits_of(office)[LEFT_ALONE])
    page.fill("[name=reason]", "检查人生病，没有去")
    page.click("text=取消这次检查")
    page.goto(f"{office.address}/office/waves/2026-TEST/close")
    page.locator("main .btn.pri").click()
    for step in ("disclose", "publish"):
        page.goto(f"{office.address}/office/waves/2026-TEST")
        page.locator(f"form[action$='/{step}'] button").first.click()
    expect(page.locator("main")).to_contain_text("已发布")


def test_the_main_job_from_the_plan_to_the_workbook(browser: Browser, address: str, tmp_path: Path) -> None:
    office = Person(browser, address, "administrator", DESK)
    plan_and_open(office)
    places = visits_of(office)
    for branch in BRANCHES:
        assign(office, places[branch], "周神秘")
    assign(office, places[LEFT_ALONE], "吴神秘")

    phone = Person(browser, address, "inspector", PHONE)
    for branch in BRANCHES:
        fill_in(phone, branch, tmp_path)
    phone.leave()

    reviewer = Person(browser, address, "reviewer", DESK)
    approve_all(reviewer, tmp_path)
    reviewer.leave()

    close_and_publish(office)
    page = office.goto("/rankings/2026-TEST?table=branch")
    page.screenshot(path=tmp_path / "ranking.png")
    rows = page.locator("tbody tr").all_inner_texts()
    assert [re.sub(r"\s+", " ", row).startswith(f"{rank} ") for rank, row in enumerate(rows[:2], 1)]
    assert BRANCHES[0] in rows[0]
    assert "100.00" in rows[0]
    assert BRANCHES[1] in rows[1]
    expect(page.locator("main")).to_contain_text(LEFT_ALONE)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="下载 Excel 工作簿").click()
    workbook = tmp_path / "ranking.xlsx"
    downloading.value.save_as(workbook)
    office.leave()

    sheet = load_workbook(workbook)["网点排名"]
    printed = [
        [cell.value for cell in row] for row in sheet.iter_rows() if BRANCHES[0] in [c.value for c in row]
    ]
    assert printed[0][0] == 1
    assert 100 in printed[0]

    manager = Person(browser, address, "branch0102", PHONE)
    page = manager.goto("/branch")
    page.screenshot(path=tmp_path / "branch.png")
    expect(page.locator("main")).to_contain_text("待整改")
    expect(page.locator("body")).not_to_contain_text("周神秘")
    manager.leave()
