"""The inspector's phone in a browser: the shopper's way, two pages, refused storage, signing out, updates."""

import json
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, Route, expect
from sqlalchemy import select

from checklists.handbook import Kind
from inspect_app.db import reading, transaction
from inspect_app.models.inspections import Inspection, Submission
from inspect_app.models.visits import Visit, VisitState
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.services.journal import Actor
from inspect_app.services.reviews import begin, return_to_inspector
from inspect_app.web import statics
from tests.inspect_app.made_up_bank import NOW, PASSWORD
from tests.inspect_app.web.browsing import app_on
from tests.journeys.phones import (
    READY,
    Served,
    answer,
    new_phone,
    new_visit,
    open_page,
    running,
    sign_in,
    stored,
    tap,
    wait_for_arrival,
)

LARGEST_FIRST_VISIT = 120 * 1024
BRANCH, BANK_WORDS = "江北支行", ("支行", "银行", "检查", "大堂", "柜员", "评分", "标准")


def submissions_of(served: Served, visit: str) -> list[Submission]:
    """Return everything that arrived for a visit."""
    with reading(served.bank.database) as session:
        return [one for one in session.scalars(select(Submission)) if str(one.visit_id) == visit]


def say_nobody_acted(phone: Page, served: Served, visit: str, recipe: str) -> None:
    """Fill a whole form in with one tap for each situation."""
    for section in served.checklists[recipe].sections:
        open_page(phone, f"{served.address}/m/v/{visit}/{section.code}")
        tap(phone, f"{section.code}.gate", "nobody_acted")


def test_a_shopper_reads_marks_the_times_remembers_and_sends(phone: Page, served: Served) -> None:
    checklist, visit = new_visit(served, "mystery")
    open_page(phone, f"{served.address}/m/v/{visit}")
    phone.click("text=记住了，打开秒表")
    phone.wait_for_selector("#lap >> nth=0")
    for _mark in range(4):
        phone.click("#lap")
    expect(phone.locator("#laps li")).to_have_count(4)
    phone.click("#write")
    phone.fill("#note", "他说您办什么")
    phone.click("#notes button")
    phone.click("#stop")
    phone.click("#leave")
    phone.wait_for_selector(READY)
    expect(phone.locator("h1")).to_have_text("到店和离店的时间")
    expect(phone.locator("main")).to_contain_text("他说您办什么")
    expect(phone.locator(".marks select").last).to_have_value("out")

    phone.click(".dock .pri")
    for section in checklist.sections:
        expect(phone.locator("#filling h1")).to_have_text(section.name.own)
        answer(phone, section)
        phone.click(".dock .pri")
    phone.click(".dock .pri")
    phone.click("text=交上去")
    number = wait_for_arrival(phone)

    (submission,) = submissions_of(served, visit)
    body = json.loads(submission.body)
    assert submission.receipt_number == number
    assert [mark["what"] for mark in body["marks"]] == ["in", "ticket", "called", "out"]
    assert body["left_at"] == body["marks"][-1]["wall"]
    assert all(at is not None for _name, _value, at in body["fields"])
    open_page(phone, f"{served.address}/m/")
    expect(phone.locator("main")).to_contain_text(number)


@pytest.mark.fault("C09")
def test_the_screen_in_the_hall_tells_nothing_and_keeps_its_times(phone: Page, served: Served) -> None:
    visit = new_visit(served, "mystery")[1]
    open_page(phone, f"{served.address}/m/v/{visit}")
    phone.click("text=记住了，打开秒表")
    phone.wait_for_url("**/m/clock")
    phone.wait_for_selector(READY)
    phone.context.set_offline(True)
    for _mark in range(4):
        phone.click("#lap")
    expect(phone.locator("#laps li")).to_have_count(4)
    before = phone.locator("#laps").inner_text()

    phone.reload()
    expect(phone.locator("#laps li")).to_have_count(4)
    shown = phone.content() + phone.title()
    kept = phone.evaluate(
        """async () => {
          let all = ""
          for (const name of await caches.keys())
            for (const asked of await (await caches.open(name)).keys()) {
              const found = await (await caches.open(name)).match(asked)
              if (asked.url.includes("/m/")) all += asked.url + (await found.text())
            }
          return all
        }"""
    )
    phone.goto(f"{served.address}/m/")
    phone.wait_for_url("**/m/clock")

    expect(phone.locator("#laps li")).to_have_count(4)
    assert phone.locator("#laps").inner_text() == before
    manifest = json.loads(
        kept[kept.index("manifest.webmanifest{") + len("manifest.webmanifest") :].split("http")[0]
    )
    assert manifest["name"] == manifest["short_name"] == phone.title() == "秒表"
    for word in (
        *BANK_WORDS,
        BRANCH,
        *(section.name.own for section in served.checklists["mystery"].sections),
    ):
        assert word not in shown
        assert word not in kept
    phone.context.set_offline(False)


@pytest.mark.fault("C01")
def test_of_two_pages_one_leads_and_both_together_send_once(phone: Page, served: Served) -> None:
    visit = new_visit(served, "mystery")[1]
    say_nobody_acted(phone, served, visit, "mystery")
    first = served.checklists["mystery"].sections[0]
    address = f"{served.address}/m/v/{visit}/{first.code}"
    open_page(phone, address)
    other = phone.context.new_page()
    open_page(other, address)

    expect(other.locator("main")).to_contain_text("正在另一页里填")
    assert other.evaluate("document.getElementById('filling').inert")
    other.click("text=在这一页接着填")
    expect(phone.locator("main")).to_contain_text("正在另一页里填")
    expect(other.locator(f'[name="{first.code}.gate"][value=nobody_acted]')).to_be_checked()
    other.wait_for_selector("#filling:not([inert])")
    other.click("text=更多")
    other.click("text=检查一遍")
    other.click("text=交上去")
    wait_for_arrival(other)

    assert len(submissions_of(served, visit)) == 1
    with reading(served.bank.database) as session:
        found = [one for one in session.scalars(select(Inspection)) if str(one.visit_id) == visit]
    assert len(found) == 1


REFUSE_WRITES = """() => {
  const real = IDBDatabase.prototype.transaction
  window.giveBack = () => { IDBDatabase.prototype.transaction = real }
  IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
    if (mode === "readwrite") throw new DOMException("full", "QuotaExceededError")
    return real.call(this, stores, mode, ...rest)
  }
}"""


@pytest.mark.fault("C03")
def test_what_could_not_be_stored_is_said_and_does_not_look_stored(phone: Page, served: Served) -> None:
    visit = new_visit(served, "mystery")[1]
    code = served.checklists["mystery"].sections[0].code
    open_page(phone, f"{served.address}/m/v/{visit}/{code}")
    phone.evaluate(REFUSE_WRITES)
    choice = phone.locator(f'[name="{code}.gate"][value=nobody_acted]')

    choice.click()

    expect(phone.locator("#sync")).to_contain_text("没存上")
    expect(choice).not_to_be_checked()
    phone.evaluate("giveBack()")
    tap(phone, f"{code}.gate", "nobody_acted")
    expect(phone.locator("#sync")).to_contain_text("手机已存")


@pytest.mark.fault("C04")
def test_a_connection_that_the_system_cut_is_opened_again(phone: Page, served: Served) -> None:
    visit = new_visit(served, "mystery")[1]
    code = served.checklists["mystery"].sections[0].code
    open_page(phone, f"{served.address}/m/v/{visit}/{code}")
    phone.evaluate(
        """() => {
          const real = IDBDatabase.prototype.transaction
          IDBDatabase.prototype.transaction = function (...asked) {
            IDBDatabase.prototype.transaction = real
            this.close()
            return real.apply(this, asked)
          }
        }"""
    )

    tap(phone, f"{code}.gate", "nobody_acted")

    open_page(phone, f"{served.address}/m/v/{visit}/{code}")
    expect(phone.locator(f'[name="{code}.gate"][value=nobody_acted]')).to_be_checked()


HELD = """async () => ({
  databases: (await indexedDB.databases()).map((one) => one.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  local: localStorage.length + sessionStorage.length,
})"""


@pytest.mark.fault("C07", "C08")
def test_signing_out_waits_for_what_is_unsent_and_then_leaves_nothing(
    browser: Browser, served: Served
) -> None:
    context = new_phone(browser)
    phone = sign_in(context, served.address)
    visit = new_visit(served, "mystery")[1]
    open_page(phone, f"{served.address}/m/v/{visit}")
    context.set_offline(True)
    say_nobody_acted(phone, served, visit, "mystery")
    open_page(phone, f"{served.address}/m/v/{visit}/check")
    phone.click("text=交上去")
    expect(phone.locator("h1")).to_contain_text("还没送完")
    open_page(phone, f"{served.address}/m/")
    phone.click("text=我的")
    phone.click("text=退出")
    expect(phone.locator("main")).to_contain_text("还有 1 份没送到，先送完再退出。")
    assert len(stored(phone, "frozen")) == 1

    context.set_offline(False)
    open_page(phone, f"{served.address}/m/v/{visit}/sent")
    wait_for_arrival(phone)
    open_page(phone, f"{served.address}/m/")
    phone.click("text=我的")
    phone.click("text=退出")
    phone.wait_for_url("**/login")

    assert phone.evaluate(HELD) == {"databases": [], "caches": [], "workers": 0, "local": 0}
    phone.go_back()
    assert BRANCH not in phone.content()
    phone.goto(f"{served.address}/m/")
    expect(phone).to_have_url(f"{served.address}/login")
    phone.fill("[name=username]", "inspector2")
    phone.fill("[name=password]", PASSWORD)
    phone.click("main form .btn.pri, main form button.btn")
    phone.wait_for_selector(READY)
    assert stored(phone, "drafts") == stored(phone, "tombs") == []
    context.close()


@pytest.mark.fault("C05", "C06")
def test_a_new_version_waits_until_no_draft_is_open_and_finds_everything(
    browser: Browser, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = new_visit(served, "mystery")[1]
    code = served.checklists["mystery"].sections[0].code
    context = new_phone(browser)
    with running(app_on(served.bank.database, served.folder)) as address:
        phone = sign_in(context, address)
        open_page(phone, f"{address}/m/v/{visit}/{code}")
        tap(phone, f"{code}.gate", "nobody_acted")
        before = phone.evaluate("caches.keys()")
        port = int(address.rpartition(":")[2])
    newer = tmp_path / "static"
    shutil.copytree(statics.PLACE, newer)
    (newer / "js" / "words.js").write_text("// newer\n" + (newer / "js" / "words.js").read_text())
    monkeypatch.setattr(statics, "PLACE", newer)
    with running(app_on(served.bank.database, served.folder), port):
        phone.evaluate("navigator.serviceWorker.getRegistration('/m/').then((one) => one.update())")
        phone.wait_for_selector(READY)
        expect(phone.locator(f'[name="{code}.gate"][value=nobody_acted]')).to_be_checked()
        open_page(phone, f"{address}/m/v/{visit}/{code}")
        expect(phone.locator(f'[name="{code}.gate"][value=nobody_acted]')).to_be_checked()
        for section in served.checklists["mystery"].sections[1:]:
            open_page(phone, f"{address}/m/v/{visit}/{section.code}")
            tap(phone, f"{section.code}.gate", "nobody_acted")
        assert before[0] in phone.evaluate("caches.keys()")
        open_page(phone, f"{address}/m/v/{visit}/check")
        phone.click("text=交上去")
        wait_for_arrival(phone)
        open_page(phone, f"{address}/m/")
        expect(phone.locator("main")).to_contain_text("已交的")
        wait_for_only_cache_but(phone, before)
    context.close()


def wait_for_only_cache_but(phone: Page, before: list[str]) -> None:
    """Wait until the version of before has gone; the page reloads itself meanwhile."""
    for _try in range(40):
        with suppress(Error):
            now = phone.evaluate("caches.keys()")
            if len(now) == 1 and now != before:
                return
        phone.wait_for_timeout(250)
    pytest.fail("the newer version has not taken over")


def test_returned_work_opens_what_was_returned_and_is_sent_again(phone: Page, served: Served) -> None:
    checklist, visit = new_visit(served, "mystery")
    open_page(phone, f"{served.address}/m/v/{visit}")
    for section in checklist.sections:
        open_page(phone, f"{served.address}/m/v/{visit}/{section.code}")
        answer(phone, section)
    open_page(phone, f"{served.address}/m/v/{visit}/check")
    phone.click("text=交上去")
    wait_for_arrival(phone)
    step = next(
        item for item in checklist.sections[1].items if item.kind is Kind.ACTION and item.counted is None
    )
    with transaction(served.bank.database) as session:
        row = next(one for one in session.scalars(select(Visit)) if str(one.id) == visit)
        reviewer = Actor.user(served.bank.user("reviewer"))
        begin(session, reviewer, row, now=NOW)
        revision = newest_revision_of_visit(session, row)
        assert revision is not None
        assert checklist_of(session, revision.checklist_hash).hash == checklist.hash
        return_to_inspector(session, reviewer, revision, {step.code: "是隔着柜台吗？"}, now=NOW)
    open_page(phone, f"{served.address}/m/")
    expect(phone.locator("main")).to_contain_text("是隔着柜台吗？")
    phone.locator("a.visit", has_text="是隔着柜台吗？").click()

    expect(phone.locator("#filling")).to_contain_text("是隔着柜台吗？")
    assert phone.locator("#filling .item:visible").count() == 1
    tap(phone, step.code, "not")
    phone.click(".dock .pri")
    open_page(phone, f"{served.address}/m/v/{visit}/check")
    phone.click("text=交上去")
    wait_for_arrival(phone)

    first, second = sorted(submissions_of(served, visit), key=lambda one: one.received_at)
    assert first.inspection_id == second.inspection_id
    changed = {name: value for name, value, _at in json.loads(second.body)["fields"]}
    before = {name: value for name, value, _at in json.loads(first.body)["fields"]}
    assert changed.pop(step.code) == "not"
    assert before.pop(step.code) == "met"
    assert changed == before


def test_a_practice_goes_the_whole_way_and_counts_nowhere(phone: Page, served: Served) -> None:
    sent: list[str] = []
    phone.on("request", lambda asked: sent.append(asked.url) if "/sync/" in asked.url else None)
    open_page(phone, f"{served.address}/m/")
    phone.click("text=练一遍")
    phone.click("text=不用秒表，直接填")
    phone.wait_for_url("**/m/v/practice/S*")
    while (page := phone.url.rpartition("/")[2]) != "deduction":
        tap(phone, f"{page}.gate", "nobody_acted")
        phone.click(".dock .pri")
        phone.wait_for_url(lambda address, left=f"/{page}": not address.endswith(left))  # type: ignore[misc]
    phone.click(".dock .pri[href$='/check']")
    phone.click("text=练完了")

    expect(phone.locator("main")).to_contain_text("练完了，什么也没留下")
    assert sent == []
    assert stored(phone, "drafts") == stored(phone, "answers") == []


def test_a_visit_is_broken_off_with_a_reason(phone: Page, served: Served) -> None:
    visit = new_visit(served, "mystery")[1]
    phone.goto(f"{served.address}/visits/{visit}/stop")
    phone.check("[value=closed]")
    phone.fill("textarea", "门口贴了搬迁告示")
    phone.click(".dock .pri")
    phone.wait_for_selector(READY)

    expect(phone.locator("main")).to_contain_text("网点没开门，或搬走了：门口贴了搬迁告示")
    with reading(served.bank.database) as session:
        (row,) = [one for one in session.scalars(select(Visit)) if str(one.id) == visit]
        assert row.state is VisitState.CANCELLED


def test_what_was_tapped_before_the_script_came_is_taken_over(browser: Browser, served: Served) -> None:
    visit = new_visit(served, "mystery")[1]
    code = served.checklists["mystery"].sections[0].code
    context: BrowserContext = new_phone(browser)
    page = context.new_page()
    page.goto(f"{served.address}/login")
    page.fill("[name=username]", "inspector")
    page.fill("[name=password]", PASSWORD)
    held: list[Route] = []
    page.route("**/app.js", lambda route: held.append(route))  # noqa: PLW0108 - it looks at its signature
    page.click("main form .btn.pri, main form button.btn")
    page.goto(f"{served.address}/m/v/{visit}/{code}", wait_until="commit")
    page.locator(f'[name="{code}.gate"][value=nobody_acted]').click()
    for route in held:
        route.continue_()
    page.wait_for_selector(READY)

    expect(page.locator(f'[name="{code}.gate"][value=nobody_acted]')).to_be_checked()
    assert [row["name"] for row in stored(page, "answers")] == [f"{code}.gate"]
    context.close()


def test_no_page_of_the_phone_has_a_barrier(phone: Page, served: Served) -> None:
    checklist, visit = new_visit(served, "mystery")
    found: list[str] = []
    first = checklist.sections[0]
    open_page(phone, f"{served.address}/m/v/{visit}/{first.code}")
    answer(phone, first)
    pages = ("", "list", "check", "card", "times", first.code, "deduction")
    for address in (
        *(f"/m/v/{visit}/{page}" for page in pages),
        "/m/",
        "/m/sync",
        "/m/clock",
        "/m/v/practice",
    ):
        phone.goto(served.address + address)
        phone.wait_for_selector(READY)
        for scheme in ("light", "dark"):
            phone.emulate_media(color_scheme=scheme)
            report = Axe().run(phone)
            found += [
                f"{address} {scheme}: {one['id']} {one['nodes'][0]['html'][:90]}"
                for one in report.response["violations"]
            ]
        phone.set_viewport_size({"width": 320, "height": 640})
        if phone.evaluate("document.documentElement.scrollWidth") > 320:
            found.append(f"{address}: too wide")
        phone.set_viewport_size({"width": 390, "height": 844})
    assert found == []


def on_the_wire(asked: Request) -> int:
    """Return how many bytes came for a request, with their headers."""
    sizes = asked.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def test_a_first_visit_to_sixty_items_is_light_and_asks_no_other_host(
    browser: Browser, served: Served
) -> None:
    context = new_phone(browser)
    page = sign_in(context, served.address)
    cookies = context.cookies()
    context.close()
    context = new_phone(browser)
    context.add_cookies(cookies)  # type: ignore[arg-type]  # what it gives it takes
    page = context.new_page()
    loaded: list[tuple[str, int]] = []
    page.on(
        "requestfinished",
        lambda asked: loaded.append(
            (asked.url, asked.sizes()["responseBodySize"] + asked.sizes()["responseHeadersSize"])
        ),
    )
    section = max(served.checklists["open"].sections, key=lambda one: len(one.items))

    page.goto(served.visit("open", section.code))
    page.wait_for_selector(READY)

    assert sum(size for _url, size in loaded) < LARGEST_FIRST_VISIT
    assert all(url.startswith(served.address) for url, _size in loaded)
    context.close()


CUT_OFF = """() => {
  const width = document.documentElement.clientWidth
  return [...document.querySelectorAll("body *")]
    .filter((one) => !one.children.length && one.textContent.trim() && one.checkVisibility())
    .filter((one) => one.getBoundingClientRect().right > width - 8)
    .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 30)}`)
}"""
"""Texts that touch the right edge of the screen, or are hidden behind it."""


@pytest.mark.parametrize("width", [320, 390])
def test_with_text_twice_as_large_no_word_touches_the_edge(
    browser: Browser, served: Served, width: int
) -> None:
    checklist, visit = new_visit(served, "open")
    context = new_phone(browser)
    context.add_cookies([{"name": "inspect_language", "value": "en", "url": served.address}])
    phone = context.new_page()
    phone.goto(f"{served.address}/login")
    phone.fill("[name=username]", "inspector")
    phone.fill("[name=password]", PASSWORD)
    phone.click("main form .btn.pri, main form button.btn")
    phone.wait_for_selector(READY)
    first = checklist.sections[0]
    open_page(phone, f"{served.address}/m/v/{visit}/{first.code}")
    answer(phone, first)
    step = next(one for one in first.items if one.kind is Kind.ACTION and one.counted is None)
    tap(phone, step.code, "not")
    phone.set_viewport_size({"width": width, "height": 700})

    for page in ("check", "list", "stop", "times", "card", first.code):
        open_page(phone, f"{served.address}/m/v/{visit}/{page}")
        phone.evaluate("document.documentElement.style.fontSize = '200%'")

        assert phone.evaluate(CUT_OFF) == [], page
        assert phone.evaluate("document.documentElement.scrollWidth") <= width, page
    context.close()


@pytest.mark.parametrize(("recipe", "scores"), [("open", 1), ("mystery", 0)])
def test_after_sending_an_open_inspector_reads_the_servers_score_and_a_shopper_none(
    phone: Page, served: Served, recipe: str, scores: int
) -> None:
    visit = new_visit(served, recipe)[1]
    say_nobody_acted(phone, served, visit, recipe)
    open_page(phone, f"{served.address}/m/v/{visit}/check")
    phone.click("text=交上去")

    wait_for_arrival(phone)

    shown = phone.locator("dt", has_text="目前得分，复核以后才定")
    if scores:
        expect(shown.locator("+ dd")).to_contain_text("分 · 服务器")
    open_page(phone, f"{served.address}/m/v/{visit}/receipt")
    phone.wait_for_selector("body[data-fresh]")
    expect(shown).to_have_count(scores)


def test_the_practice_stays_on_the_phone_where_it_cannot_be_fetched_anew(phone: Page, served: Served) -> None:
    phone.wait_for_selector("body[data-fresh]")
    assert "practice" in [row["visit"] for row in stored(phone, "visits")]
    phone.route("**/visits/practice/bundle", lambda route: route.abort())

    open_page(phone, f"{served.address}/m/")
    phone.wait_for_selector("body[data-fresh]")

    assert "practice" in [row["visit"] for row in stored(phone, "visits")]
    phone.unroute_all()
