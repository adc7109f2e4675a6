"""What a phone tells whoever holds it: the next user nothing, its files no word that was written."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect
from sqlalchemy import update

from checklists.checklist import Checklist
from checklists.handbook import Kind
from inspect_app.db import transaction
from inspect_app.models.people import User
from inspect_app.models.visits import Visit
from tests.inspect_app.made_up_bank import PASSWORD
from tests.journeys.phones import (
    READY,
    Served,
    new_phone,
    new_visit,
    open_page,
    sign_in,
    stored,
    tap,
)
from tests.journeys.test_phone_offline import kill, started

BRANCH = "江北支行"
WORDS, NOTE = "CNRY-words-7f3a91c2d4", "CNRY-note-b8e05d6a13"
NAME, BRIEFING = "CNRY-name-52c9e7f0aa", "CNRY-briefing-0d41b7e93c"
CONTROL = "CNRY-control-9a6cc1e852"


@pytest.fixture
def named(served: Served) -> Served:
    """The bank, in which the inspector's name and what they are told about visits cannot be mistaken."""
    with transaction(served.bank.database) as session:
        session.execute(update(User).where(User.username == "inspector").values(display_name=NAME))
        session.execute(update(Visit).values(briefing=BRIEFING))
    return served


PUT = """(row) => new Promise((resolve) => {
  const asked = indexedDB.open("m")
  asked.onsuccess = () => {
    const change = asked.result.transaction(["meta"], "readwrite", { durability: "strict" })
    change.objectStore("meta").put(row)
    change.oncomplete = () => { asked.result.close(); resolve() }
  }
})"""
"""Stores a row as the phone's own pages do, in clear."""


def write_canaries(phone: Page, served: Served, checklist: Checklist, visit: str) -> None:
    """Write words into an answer and a note in the hall."""
    section = checklist.sections[0]
    code = next(one.code for one in section.items if one.kind is Kind.ACTION and one.counted is None)
    open_page(phone, f"{served.address}/m/v/{visit}/{section.code}")
    tap(phone, f"{section.code}.gate", "occurred")
    tap(phone, code, "not")
    phone.fill(f'[name="{code}.words"]', WORDS)
    phone.locator(f'[name="{code}.words"]').blur()
    expect(phone.locator("#sync")).to_contain_text("手机已存")
    phone.evaluate(PUT, {"k": "hall", "visit": visit, "is_over": False})
    phone.goto(f"{served.address}/m/clock")
    phone.wait_for_selector(READY)
    phone.click("#lap")
    phone.click("#write")
    phone.fill("#note", NOTE)
    phone.click("#notes button")
    expect(phone.locator("#notes")).to_be_hidden()
    phone.click("#stop")
    phone.click("#leave")
    phone.wait_for_selector("h1 >> text=到店和离店的时间")
    expect(phone.locator("main")).to_contain_text(NOTE)


DUMP = """async () => {
  const told = []
  const show = (value) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      return new TextDecoder("latin1").decode(value) + new TextDecoder("utf-16le").decode(value)
    }
    if (value instanceof Blob || value instanceof CryptoKey) return `[${value.constructor.name}]`
    if (value && typeof value === "object") {
      return Object.entries(value).map(([name, one]) => `${name}=${show(one)}`).join("\\n")
    }
    return String(value)
  }
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => {
      const asked = indexedDB.open(name)
      asked.onsuccess = () => resolve(asked.result)
    })
    for (const store of database.objectStoreNames) {
      const rows = await new Promise((resolve) => {
        const asked = database.transaction([store]).objectStore(store).getAll()
        asked.onsuccess = () => resolve(asked.result)
      })
      for (const row of rows) told.push(`indexedDB ${name} ${store}\\n${show(row)}`)
    }
    database.close()
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const asked of await cache.keys()) {
      const found = await cache.match(asked)
      const headers = [...found.headers].join("\\n")
      told.push(`cache ${name} ${asked.url}\\n${headers}\\n${await found.text()}`)
    }
  }
  for (const [kind, place] of [["local", localStorage], ["session", sessionStorage]]) {
    for (const [name, value] of Object.entries(place)) told.push(`${kind} ${name}\\n${value}`)
  }
  told.push(`cookie ${document.cookie}`)
  told.push(`page ${location.href}\\n${document.title}\\n${document.documentElement.outerHTML}`)
  return told
}"""
"""Everything in the browser's storages and on the page, as text."""

OPENED = """async () => {
  const modules = document.querySelector('script[type="module"]').src.replace(/[^/]+$/, "")
  const { all, get } = await import(modules + "db.js")
  const { Holdings } = await import(modules + "holdings.js")
  const { key } = await get("meta", "key")
  const holdings = new Holdings(key)
  const told = [JSON.stringify(await holdings.index())]
  for (const { visit, sections } of await all("visits")) {
    told.push(JSON.stringify(await holdings.visit(visit)))
    for (const { code } of sections) told.push(await holdings.section(visit, code))
  }
  return told
}"""
"""What the phone's present user can open with their key."""


def found_in(texts: list[str], traces: Mapping[str, str]) -> list[str]:
    """Return which traces are in some texts, each with the head of the text that it is in."""
    return [
        f"{meaning}: {text[:80]!r}" for text in texts for trace, meaning in traces.items() if trace in text
    ]


@pytest.mark.fault("C08")
def test_on_a_shared_phone_the_next_user_finds_nothing_of_the_one_before(
    browser: Browser, named: Served
) -> None:
    checklist, visit = new_visit(named, "mystery")
    context = new_phone(browser)
    phone = sign_in(context, named.address)
    write_canaries(phone, named, checklist, visit)
    open_page(phone, f"{named.address}/m/v/{visit}/list")
    expect(phone.locator("#sync")).to_contain_text("服务器", timeout=20_000)
    drafts = [str(row["inspection"]) for row in stored(phone, "drafts")]
    mine = phone.evaluate(OPENED)
    traces = {
        **dict.fromkeys((WORDS, NOTE), "what was written"),
        **dict.fromkeys((visit, *named.visits.values(), *drafts), "whose visit it was"),
        NAME: "the inspector's name",
        BRANCH: "the branch",
    }
    assert {meaning.partition(":")[0] for meaning in found_in([*mine, *phone.evaluate(DUMP)], traces)} >= {
        "whose visit it was",
        "the inspector's name",
        "the branch",
    }  # the search finds what is there
    open_page(phone, f"{named.address}/m/")
    phone.click("text=我的")
    phone.click("text=退出")
    phone.wait_for_url("**/login")
    assert found_in(phone.evaluate(DUMP), traces) == []

    phone.fill("[name=username]", "inspector2")
    phone.fill("[name=password]", PASSWORD)
    phone.click("main form .btn.pri, main form button.btn")
    phone.wait_for_selector(READY)
    expect(phone.locator("main")).to_contain_text("都已存在手机里")
    context.set_offline(True)
    seen = [*phone.evaluate(DUMP), *phone.evaluate(OPENED)]
    for _step in range(8):
        with suppress(Error):  # there is no network: of the sign-in page only that is shown
            phone.go_back()
        phone.wait_for_timeout(300)
        seen += phone.evaluate(DUMP) if phone.url.startswith(f"{named.address}/m/") else [phone.content()]
    for page in (f"v/{visit}", f"v/{visit}/{checklist.sections[0].code}", f"v/{visit}/sent", "clock", "sync"):
        phone.goto(f"{named.address}/m/{page}")
        phone.wait_for_selector(READY)
        shown = phone.locator("body").inner_text()
        assert found_in([shown], {**traces, checklist.sections[0].name.own: "a question"}) == []
        seen += [one for one in phone.evaluate(DUMP) if not one.startswith("page")]

    assert found_in(seen, traces) == []
    cached = [one.partition("\n")[0] for one in seen if one.startswith("cache ")]
    assert cached
    assert not any("/visits/" in one or "/m/v/" in one for one in cached)
    context.close()


def files_of(profile: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield every file of a browser's profile with its bytes."""
    for place in sorted(profile.rglob("*")):
        if place.is_file() and not place.is_symlink():
            yield place.relative_to(profile), place.read_bytes()


def in_files(profile: Path, traces: Mapping[str, str]) -> list[str]:
    """Return which traces stand in clear in which files, in the ways in which browsers write texts."""
    return [
        f"{meaning} ({coding}): {place}"
        for place, content in files_of(profile)
        for trace, meaning in traces.items()
        for coding in ("utf-8", "utf-16-le")
        if trace.encode(coding) in content
    ]


@pytest.mark.fault("C09")
@pytest.mark.parametrize("ending", ["closed", "killed"])
def test_the_files_of_a_lost_phone_hold_no_word_in_clear(
    player: Playwright, named: Served, tmp_path: Path, ending: str
) -> None:
    checklist, visit = new_visit(named, "mystery")
    profile = tmp_path / "profile"
    context = started(player, profile)
    phone = sign_in(context, named.address)
    open_page(phone, f"{named.address}/m/v/{visit}")
    context.set_offline(True)
    write_canaries(phone, named, checklist, visit)
    open_page(phone, f"{named.address}/m/v/{visit}/{checklist.sections[0].code}")
    opened = [json.loads(one) for one in phone.evaluate(OPENED) if one.startswith("{")]
    (token,) = [one["token"] for one in opened if one.get("visit") == visit]
    questions = [item.question.own for section in checklist.sections for item in section.items][:20]
    phone.evaluate(PUT, {"k": "control", "clear": CONTROL})
    assert len(stored(phone, "answers")) >= 3
    phone.wait_for_timeout(1500)

    if ending == "killed":
        kill(profile)
    else:
        context.close()

    assert in_files(profile, {CONTROL: "what was left to be found"})
    traces = {
        **dict.fromkeys((WORDS, NOTE), "what was written"),
        **dict.fromkeys(questions, "a question"),
        **dict.fromkeys((BRANCH, BRIEFING), "the branch and what was said about it"),
        NAME: "the inspector's name",
        PASSWORD: "the password",
        token: "the token",
    }
    assert in_files(profile, traces) == []
