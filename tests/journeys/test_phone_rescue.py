"""Where nothing can be sent: a rescue file, giving up, days without contact, a phone that was ended."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from inspect_app.db import reading, transaction
from inspect_app.models.inspections import Draft, Submission
from inspect_app.models.phones import ArrivedAs, OddArrival, Phone
from inspect_app.models.visits import Visit, VisitState
from inspect_app.services.entries import end_phone, hand_out_entry
from inspect_app.services.journal import Actor
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import PASSWORD
from tests.inspect_app.web.browsing import Browser as Office
from tests.inspect_app.web.browsing import app_on
from tests.journeys.phones import (
    READY,
    Served,
    go_offline,
    hand_in_offline,
    new_phone,
    new_visit,
    open_page,
    stored,
    tap,
    wait_for_arrival,
)
from tests.waiting import until

BRANCH = "江北支行"
HELD = """async () => ({
  databases: (await indexedDB.databases()).map((one) => one.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  local: localStorage.length + sessionStorage.length,
})"""
NOTHING: dict[str, object] = {"databases": [], "caches": [], "workers": 0, "local": 0}


def submissions_of(served: Served, visit: str) -> list[Submission]:
    """Return everything that arrived for a visit."""
    with reading(served.bank.database) as session:
        return [one for one in session.scalars(select(Submission)) if str(one.visit_id) == visit]


def state_of(served: Served, visit: str) -> VisitState:
    """Return the state of a visit."""
    with reading(served.bank.database) as session:
        (row,) = [one for one in session.scalars(select(Visit)) if str(one.id) == visit]
        return row.state


def leave_draft_on_ended_phone(entered: Page, served: Served, visit: str, code: str) -> None:
    """Answer a gate without a network, have the office end the phone, and open it with a network again."""
    go_offline(entered, f"{served.address}/m/v/{visit}")
    open_page(entered, f"{served.address}/m/v/{visit}/{code}")
    tap(entered, f"{code}.gate", "nobody_acted")
    end_newest_phone(served)
    entered.context.set_offline(False)
    open_page(entered, f"{served.address}/m/")
    expect(entered.locator(".alert")).to_contain_text("总行停用了这部手机")


def saved_file(phone: Page, served: Served, folder: Path) -> bytes:
    """Save the rescue file of everything that has not arrived."""
    open_page(phone, f"{served.address}/m/sync")
    with phone.expect_download() as download:
        phone.click(".dock >> text=存一个备份文件")
    assert download.value.suggested_filename.startswith("clock-")
    download.value.save_as(folder / "clock.json")
    return (folder / "clock.json").read_bytes()


def handed_to_office(served: Served, content: bytes) -> str:
    """Let a reviewer hand a rescue file in; return the page that says what became of it."""
    office = Office(app_on(served.bank.database, served.folder))
    office.sign_in("reviewer", PASSWORD)
    office.get("/office/rescue")
    return office.post("/office/rescue", {"file": (io.BytesIO(content), "clock.json")}).text


@pytest.mark.fault("C07")
def test_a_rescue_file_is_saved_offline_and_handed_in_and_the_phone_gets_the_same_receipt_later(
    phone: Page, served: Served, tmp_path: Path
) -> None:
    checklist, visit = new_visit(served, "mystery")
    hand_in_offline(phone, served, checklist, visit)
    (frozen,) = stored(phone, "frozen")

    content = saved_file(phone, served, tmp_path)
    said = handed_to_office(served, content)

    (held,) = json.loads(content)["submissions"]
    assert held["submission"] == frozen["submission"]
    assert held["sha256"] == frozen["sha256"]
    (submission,) = submissions_of(served, visit)
    assert submission.body == held["body"].encode()
    assert submission.payload_sha256 == frozen["sha256"]
    assert submission.receipt_number in said
    assert len(stored(phone, "frozen")) == 1

    phone.context.set_offline(False)
    open_page(phone, f"{served.address}/m/v/{visit}/sent")
    assert wait_for_arrival(phone) == submission.receipt_number
    assert len(submissions_of(served, visit)) == 1
    assert stored(phone, "frozen") == []


def test_what_is_given_up_by_name_is_gone_and_its_visit_can_be_made_anew(phone: Page, served: Served) -> None:
    checklist, visit = new_visit(served, "mystery")
    hand_in_offline(phone, served, checklist, visit)
    open_page(phone, f"{served.address}/m/sync")
    phone.click(".ways >> text=放弃这一份")

    phone.fill("li .field", "另一家")
    phone.click("li .btn >> text=放弃这一份")
    assert len(stored(phone, "frozen")) == 1
    phone.fill("li .field", BRANCH)
    phone.click("li .btn >> text=放弃这一份")

    expect(phone.locator("h1")).to_have_text("都送到了，没有等着的")
    assert stored(phone, "frozen") == stored(phone, "answers") == stored(phone, "drafts") == []
    (tomb,) = [row for row in stored(phone, "tombs") if row["visit"] == visit]
    assert (tomb["given_up"], tomb["receipt"]) == (True, None)
    phone.context.set_offline(False)
    open_page(phone, f"{served.address}/m/v/{visit}")
    phone.wait_for_timeout(1000)
    assert submissions_of(served, visit) == []
    code = checklist.sections[0].code
    open_page(phone, f"{served.address}/m/v/{visit}/{code}")
    expect(phone.locator(f'[name="{code}.gate"][value=nobody_acted]')).not_to_be_checked()
    tap(phone, f"{code}.gate", "nobody_acted")


TURN_BACK = """(at) => new Promise((resolve, reject) => {
  const asked = indexedDB.open("m")
  asked.onerror = () => reject(asked.error)
  asked.onsuccess = () => {
    const change = asked.result.transaction(["meta"], "readwrite")
    change.objectStore("meta").put({ k: "contact", at })
    change.oncomplete = () => { asked.result.close(); resolve() }
  }
})"""


@pytest.mark.fault("C03")
@pytest.mark.parametrize(("away", "warnings"), [(timedelta(days=4, hours=23), 0), (timedelta(days=5), 1)])
def test_on_the_fifth_day_without_contact_whoever_has_something_unsent_is_warned(
    phone: Page, served: Served, away: timedelta, warnings: int
) -> None:
    checklist, visit = new_visit(served, "mystery")
    code = checklist.sections[0].code
    go_offline(phone, f"{served.address}/m/v/{visit}/{code}")
    now = phone.evaluate("Date.now()")
    open_page(phone, f"{served.address}/m/")
    phone.evaluate(TURN_BACK, now - 30 * 86_400_000)
    open_page(phone, f"{served.address}/m/")
    expect(phone.locator("h1")).to_contain_text("家要做")
    assert "没连上服务器" not in phone.inner_text("main")  # nothing of it would be lost

    open_page(phone, f"{served.address}/m/v/{visit}/{code}")
    tap(phone, f"{code}.gate", "nobody_acted")
    phone.evaluate(TURN_BACK, phone.evaluate("Date.now()") - away.total_seconds() * 1000)
    open_page(phone, f"{served.address}/m/")
    expect(phone.locator("h1")).to_contain_text("家要做")

    warned = phone.locator(".alert", has_text="已经 5 天没连上服务器")
    expect(warned).to_have_count(warnings)
    phone.context.set_offline(False)
    open_page(phone, f"{served.address}/m/")
    phone.wait_for_selector("body[data-fresh]")
    open_page(phone, f"{served.address}/m/")
    expect(phone.locator("h1")).to_contain_text("家要做")
    expect(phone.locator(".alert", has_text="没连上服务器")).to_have_count(0)


@pytest.fixture
def entered(browser: Browser, served: Served) -> Iterator[Page]:
    """A phone that has come in by a personal link, so that the office can end it."""
    with transaction(served.bank.database) as session:
        administrator = Actor.user(served.bank.user("administrator"))
        entry = hand_out_entry(session, administrator, served.bank.user("inspector"), now=utc_now())
    context: BrowserContext = new_phone(browser)
    page = context.new_page()
    page.goto(f"{served.address}/in/{entry.token}")
    page.click("main form button")
    page.wait_for_load_state()
    open_page(page, f"{served.address}/m/")
    expect(page.locator("main")).to_contain_text("都已存在手机里")
    yield page
    context.close()


def end_newest_phone(served: Served) -> None:
    """Let the office end the phone that came in last."""
    with transaction(served.bank.database) as session:
        phone = session.scalars(select(Phone).where(Phone.ended_at.is_(None))).one()
        end_phone(session, Actor.user(served.bank.user("administrator")), phone, now=utc_now())


@pytest.mark.fault("R20")
def test_a_phone_that_was_ended_with_its_draft_on_the_server_is_wiped_and_the_draft_goes_on_elsewhere(
    entered: Page, served: Served
) -> None:
    checklist, visit = new_visit(served, "mystery")
    code = checklist.sections[0].code
    open_page(entered, f"{served.address}/m/v/{visit}/{code}")
    tap(entered, f"{code}.gate", "nobody_acted")
    until(lambda: drafts_of(served, visit) == [{f"{code}.gate": "nobody_acted"}])
    entered.wait_for_timeout(300)

    end_newest_phone(served)
    entered.goto(f"{served.address}/m/")

    entered.wait_for_url("**/in/ended")
    expect(entered.locator("h1")).to_have_text("这部手机已停用")
    assert entered.evaluate(HELD) == NOTHING
    assert drafts_of(served, visit) == [{f"{code}.gate": "nobody_acted"}]


def drafts_of(served: Served, visit: str) -> list[dict[str, object]]:
    """Return what the server holds of a visit that is being filled in."""
    with reading(served.bank.database) as session:
        drafts = session.scalars(select(Draft)).all()
        return [json.loads(one.fields) for one in drafts if str(one.inspection.visit_id) == visit]


@pytest.mark.fault("R20")
def test_a_phone_that_was_ended_with_a_draft_on_it_alone_says_so_and_lets_it_be_handed_in_first(
    entered: Page, served: Served
) -> None:
    checklist, visit = new_visit(served, "mystery")
    first, *others = checklist.sections

    leave_draft_on_ended_phone(entered, served, visit, first.code)

    expect(entered.locator("main")).to_contain_text(BRANCH)
    assert drafts_of(served, visit) == []
    entered.click(f'a[href="/m/v/{visit}"]')
    entered.wait_for_selector("#filling")
    for section in others:
        open_page(entered, f"{served.address}/m/v/{visit}/{section.code}")
        tap(entered, f"{section.code}.gate", "nobody_acted")
    open_page(entered, f"{served.address}/m/v/{visit}/check")
    entered.click("text=交上去")

    entered.wait_for_url("**/in/ended", timeout=20_000)
    assert entered.evaluate(HELD) == NOTHING
    (submission,) = submissions_of(served, visit)
    with reading(served.bank.database) as session:
        odd = session.get(OddArrival, submission.id)
        assert odd is not None
        assert odd.arrived_as is ArrivedAs.REVOKED
    assert state_of(served, visit) is VisitState.ASSIGNED


def test_on_a_phone_that_was_ended_a_draft_that_is_given_up_is_the_last_thing_that_goes(
    entered: Page, served: Served
) -> None:
    checklist, visit = new_visit(served, "mystery")
    leave_draft_on_ended_phone(entered, served, visit, checklist.sections[0].code)

    entered.click(".ways >> text=放弃这一份")
    entered.fill("li .field", BRANCH)
    entered.click("li .btn >> text=放弃这一份")

    entered.wait_for_url("**/in/ended")
    assert entered.evaluate(HELD) == NOTHING
    assert submissions_of(served, visit) == []


@pytest.mark.fault("R20")
def test_what_was_handed_in_on_a_phone_before_it_was_ended_still_goes_and_then_it_is_wiped(
    entered: Page, served: Served
) -> None:
    checklist, visit = new_visit(served, "mystery")
    hand_in_offline(entered, served, checklist, visit)
    end_newest_phone(served)

    entered.context.set_offline(False)
    entered.goto(f"{served.address}/m/")

    entered.wait_for_url("**/in/ended", timeout=20_000)
    assert len(submissions_of(served, visit)) == 1
    assert entered.evaluate(HELD) == NOTHING
    entered.wait_for_selector(READY, state="detached")
