"""An inspector's phone in a real browser, and a bank that serves it."""

import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from checklists.checklist import Checklist, Section
from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.handbook import Kind
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import open_database, transaction
from inspect_app.migrations import upgrade
from inspect_app.queries.visits import visits_of_wave
from inspect_app.services.handbooks import store_checklist
from inspect_app.services.journal import Actor
from inspect_app.services.visits import assign_visit
from inspect_app.services.waves import WavePlan, open_wave, plan_wave
from tests.inspect_app import made_up_bank
from tests.inspect_app.made_up_bank import NOW, PASSWORD, Bank
from tests.inspect_app.web.browsing import app_on

PHONE = {"width": 390, "height": 844}
READY = "body[data-ready]"


@dataclass(frozen=True, slots=True)
class Served:
    """The product being served, and the visits of `inspector` by the recipe of their checklist.

    Attributes:
        stop: ends the serving before its time.
    """

    address: str
    visits: Mapping[str, str]
    checklists: Mapping[str, Checklist]
    bank: Bank
    folder: Path
    stop: Callable[[], None]

    def visit(self, recipe: str, page: str = "") -> str:
        """Return the address of a visit, or of one of its pages."""
        return f"{self.address}/m/v/{self.visits[recipe]}{f'/{page}' if page else ''}"


@contextmanager
def serving(folder: Path, recipes: tuple[str, ...] = ("mystery", "open")) -> Iterator[Served]:
    """Serve a bank in which `inspector` has a visit by the made-up recipe, and one by each of these."""
    url = f"sqlite:///{folder / 'inspect.sqlite3'}"
    database = open_database(url)
    upgrade(database)
    bank = made_up_bank.build(database, url)
    visits, checklists = {"phone": str(bank.visits["0101"])}, {"phone": bank.checklist}
    for recipe in recipes:
        checklists[recipe], visits[recipe] = open_another(bank, recipe)
    with ExitStack() as stack:
        address = stack.enter_context(running(app_on(database, folder)))
        yield Served(address, visits, checklists, bank, folder, stack.close)
    database.writing.dispose()


@contextmanager
def running(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve an application; the address is where."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def open_another(bank: Bank, recipe: str) -> tuple[Checklist, str]:
    """Open a wave by another shipped recipe; return its checklist and the visit to branch 0102."""
    checklist = generate(shipped_edition(), shipped_recipe(recipe))
    return checklist, open_wave_with(bank, checklist, f"2026-{recipe}")


def open_wave_with(bank: Bank, checklist: Checklist, code: str) -> str:
    """Open a wave with a checklist; return the visit to branch 0102, given to `inspector`."""
    with transaction(bank.database) as session:
        administrator = Actor.user(bank.user("administrator"))
        store_checklist(session, checklist, now=NOW)
        plan = WavePlan(
            code=code,
            name=code,
            mode=checklist.mode,
            opens_on=date(2026, 7, 1),
            closes_on=date(2026, 9, 20),
            checklists=(checklist.hash,),
        )
        wave = open_wave(session, administrator, plan_wave(session, administrator, plan, now=NOW), now=NOW)
        (visit,) = [one for one in visits_of_wave(session, wave) if one.target.branch_code == "0102"]
        assign_visit(session, administrator, visit, bank.user("inspector"), now=NOW)
        return str(visit.id)


def new_visit(served: Served, recipe: str) -> tuple[Checklist, str]:
    """Give `inspector` one more visit by a recipe; return its checklist and its id."""
    checklist = served.checklists[recipe]
    return checklist, open_wave_with(served.bank, checklist, f"2026-{uuid.uuid4().hex[:6]}")


def new_phone(browser: Browser) -> BrowserContext:
    """Return a phone on which nothing is stored, and nothing is between two colours when it is looked at."""
    return browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]  # playwright has a type of its own for it
        device_scale_factor=2,
        locale="zh-CN",
        has_touch=True,
        reduced_motion="reduce",
    )


def sign_in(context: BrowserContext, address: str, username: str = "inspector") -> Page:
    """Return a page of the phone, on the list, with everything stored that the list holds."""
    phone = context.new_page()
    phone.goto(f"{address}/login")
    phone.fill("[name=username]", username)
    phone.fill("[name=password]", PASSWORD)
    phone.click("main form .btn.pri, main form button.btn")
    phone.wait_for_selector(READY)
    expect(phone.locator("main")).to_contain_text("都已存在手机里")
    return phone


def open_page(phone: Page, address: str) -> None:
    """Open a page of the phone and wait until its script has it."""
    phone.goto(address)
    phone.wait_for_selector(READY)


def go_offline(phone: Page, address: str) -> None:
    """Open a page, wait until the phone holds what the server told last, and take the network away."""
    open_page(phone, address)
    phone.wait_for_selector("body[data-fresh]", state="attached")
    phone.context.set_offline(True)


def tap(phone: Page, name: str, value: str) -> None:
    """Tap an answer, and wait until the phone shows it, which it does when it has stored it."""
    choice = phone.locator(f'[name="{name}"][value="{value}"]')
    choice.click()
    expect(choice).to_be_checked()


def hand_in_offline(phone: Page, served: Served, checklist: Checklist, visit: str) -> None:
    """Fill a whole form in without a network and hand it in."""
    go_offline(phone, f"{served.address}/m/v/{visit}")
    for section in checklist.sections:
        open_page(phone, f"{served.address}/m/v/{visit}/{section.code}")
        tap(phone, f"{section.code}.gate", "nobody_acted")
    open_page(phone, f"{served.address}/m/v/{visit}/check")
    phone.click("text=交上去")
    expect(phone.locator("h1")).to_contain_text("还没送完")


def count(phone: Page, name: str, number: int) -> None:
    """Type a number of people, and wait until it is stored."""
    phone.fill(f'[name="{name}"]', str(number))
    phone.locator(f'[name="{name}"]').blur()


def answer(phone: Page, section: Section) -> None:
    """Answer a situation: one part of each phrase was said, the others in other words; all else was met."""
    tap(phone, f"{section.code}.gate", "occurred")
    if len(section.roles) > 1:
        tap(phone, f"{section.code}.role", section.lead)
    for item in section.items:
        if item.kind is Kind.PHRASE:
            for place in range(len(item.elements)):
                tap(phone, f"{item.code}.el{place}", "changed" if place else "heard")
        elif item.counted is not None:
            count(phone, f"{item.code}.of", 3)
            count(phone, f"{item.code}.met", 3)
        else:
            tap(phone, item.code, "met")


def expected_fields(section: Section) -> dict[str, str]:
    """Return the fields that `answer` fills in."""
    fields = {f"{section.code}.gate": "occurred"}
    if len(section.roles) > 1:
        fields[f"{section.code}.role"] = section.lead
    for item in section.items:
        if item.kind is Kind.PHRASE:
            for place in range(len(item.elements)):
                fields[f"{item.code}.el{place}"] = "changed" if place else "heard"
        elif item.counted is not None:
            fields |= {f"{item.code}.of": "3", f"{item.code}.met": "3"}
        else:
            fields[item.code] = "met"
    return fields


STORED = """(store) => new Promise((resolve, reject) => {
  const asked = indexedDB.open("m")
  asked.onerror = () => reject(asked.error)
  asked.onsuccess = () => {
    const found = asked.result.transaction([store]).objectStore(store).getAll()
    found.onsuccess = () => {
      asked.result.close()
      resolve(found.result.map(({ key, ct, iv, sections, ...row }) => row))
    }
  }
})"""


def stored(phone: Page, store: str) -> list[dict[str, object]]:
    """Return what lies in one store of the phone, without what is sealed."""
    rows: list[dict[str, object]] = phone.evaluate(STORED, store)
    return rows


def wait_for_arrival(phone: Page) -> str:
    """Wait until everything has arrived; return the number of the receipt that the phone shows."""
    expect(phone.locator("h1")).to_have_text("都送到了", timeout=20_000)
    return phone.locator(".receipt-number").inner_text()
