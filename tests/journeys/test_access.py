"""Every page for everybody: no barrier that a machine finds, nothing foreign, cut or untranslated."""

import json
import re
import sys
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from checklists.edition_loading import shipped_edition
from inspect_app.models import Base
from inspect_app.web.languages import COOKIE, NAMES
from tests.demo_bank import DemoBank

THEMES = ("light", "dark")
SOME_LOOKS = pytest.param(1, id="some-looks")
EVERY_LOOK = pytest.param(2, id="every-look", marks=pytest.mark.volume)
SOME_LANGUAGES = 1
"""Of the three, where not all themes are looked at: the one whose turn it is."""

DESK, PHONE = (1440, 900), (390, 844)
NARROWEST = 320
FEW = {"U": 3, "": 1}
"""How many pages of one shape are looked at: more where an id stands, since those are in different states."""

PASSWORD = "kankan-demo"
NO_PAGE = "/no-such-page"
WITHOUT_TEXT = frozenset({"handbook_edition", "checklist", "alembic_version"})
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
HAN = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff01-\uffef]+")

WORDS = """() => {
  const found = [document.title]
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode())
    if (!walk.currentNode.parentElement.closest('[lang^=zh], script, style'))
      found.push(walk.currentNode.textContent)
  for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
    for (const element of document.querySelectorAll(`[${name}]`)) found.push(element.getAttribute(name))
  for (const element of document.querySelectorAll('[data-saved], [data-failed]'))
    found.push(...Object.values(element.dataset))
  return found
}"""
AXE = Axe().axe_script
# What axe found right is left in the browser: carrying it over takes as long as looking for what is wrong.
BARRIERS = """() => axe.run({ resultTypes: ['violations'] }).then((found) =>
  found.violations.map((one) => [one.id, one.nodes.slice(0, 2).map((node) => node.html.slice(0, 100))]))"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One who looks at pages, on the screen that is theirs.

    Attributes:
        role: as `accounts.json` says it; None for somebody who has not signed in.
        leaves: how addresses begin that somebody else looks at.
    """

    role: str | None
    screen: tuple[int, int]
    starts: tuple[str, ...] = ("/",)
    leaves: tuple[str, ...] = ("/demo", "/handbook")

    def __str__(self) -> str:
        """Return the role in words."""
        return self.role or "nobody"


VISITORS = (
    Visitor(None, DESK, ("/demo", "/login", NO_PAGE), ()),
    Visitor("inspector", PHONE),
    Visitor("regional_manager", DESK, ("/", "/rankings/2026Q3?q=nowhere", "/downloads/new/2026Q2")),
    Visitor("branch_manager", PHONE, leaves=("/demo",)),
    Visitor("reviewer", DESK, leaves=("/demo", "/handbook", "/rankings")),
    Visitor("administrator", DESK, ("/", "/office/organisation?q=nowhere")),
)


@dataclass(slots=True)
class Findings:
    """What was looked at, and what was wrong with it."""

    base: str
    pages: int = 0
    looks: int = 0
    wrong: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext, who: str) -> None:
        """Note what the pages of a browser ask of other hosts, and what their scripts complain about."""
        context.on("request", lambda request: self._note_request(who, request))
        context.on("console", lambda message: self._note_message(who, message))
        context.on("weberror", lambda error: self.wrong.append(f"{who}: {error.error}"))

    def _note_request(self, who: str, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.wrong.append(f"{who}: {request.url} was asked for by {request.frame.url}")

    def _note_message(self, who: str, message: ConsoleMessage) -> None:
        if message.type == "error" and NO_PAGE not in message.location["url"]:
            self.wrong.append(f"{who}: {message.page.url if message.page else ''} says {message.text}")


class Silent(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def served(demo_bank: DemoBank) -> Iterator[str]:
    """Serve the demonstration, and give its address."""
    server = make_server("127.0.0.1", 0, demo_bank.app(), threaded=True, request_handler=Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
@pytest.mark.parametrize("themes", [SOME_LOOKS, EVERY_LOOK])
@pytest.mark.parametrize("visitor", VISITORS, ids=str)
def test_no_page_keeps_anybody_out_in_any_language_or_theme(
    browser: Browser, demo_bank: DemoBank, served: str, visitor: Visitor, themes: int
) -> None:
    with Session(demo_bank.database.reading) as session:
        data = texts_of_data(session)
    findings = Findings(served)
    look_at_all(browser, demo_bank, visitor, data, findings, themes)
    languages = len(NAMES) if themes == len(THEMES) else SOME_LANGUAGES
    counted = f"{findings.pages} pages x {languages} languages x {themes} of {len(THEMES)} themes"
    sys.stderr.write(f"\n{visitor}: {counted} = {findings.looks} looks\n")
    assert findings.looks == findings.pages * languages * themes
    assert findings.pages >= len(visitor.starts)
    assert not findings.wrong, "\n".join(findings.wrong)


def look_at_all(
    browser: Browser, bank: DemoBank, visitor: Visitor, data: re.Pattern[str], findings: Findings, themes: int
) -> None:
    """Find the pages of one visitor, and look at each in its languages, in so many themes each."""
    who = str(visitor)
    width, height = visitor.screen
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce"
    )
    findings.watch(context, who)
    page = context.new_page()
    if visitor.role is not None:
        sign_in(page, findings.base, bank.accounts_of(visitor.role)[0].username)
    addresses = list(pages_from(page, findings.base, visitor))
    findings.pages = len(addresses)
    for language in NAMES:
        context.add_cookies([{"name": COOKIE, "value": language, "url": findings.base}])
        for number, address in enumerate(addresses):
            if not is_looked_at(language, number, themes):
                continue
            page.goto(findings.base + address)
            let_the_phone_settle(page)
            where = f"{who} {language} {address}"
            findings.wrong += [f"{where} is {problem}" for problem in problems_of(page, visitor.screen)]
            if language == "en":
                findings.wrong += [f"{where} is not translated: {rest}" for rest in untranslated(page, data)]
            page.evaluate(AXE)
            for theme in themes_in_turn(number, themes):
                findings.looks += 1
                findings.wrong += [f"{where} {theme}: {barrier}" for barrier in barriers(page, theme)]
    context.close()


def is_looked_at(language: str, number: int, themes: int) -> bool:
    """Say whether a page comes up in a language: in all by hand, else in one, in turn."""
    return themes == len(THEMES) or list(NAMES)[number % len(NAMES)] == language


def themes_in_turn(first: int, count: int) -> Iterator[str]:
    """Yield so many themes, in turn."""
    for at in range(first, first + count):
        yield THEMES[at % len(THEMES)]


def sign_in(page: Page, base: str, name: str) -> None:
    """Sign in as somebody of the demonstration."""
    page.goto(f"{base}/login")
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main .btn.pri")
    page.wait_for_url(lambda url: not url.endswith("/login"))


def let_the_phone_settle(page: Page) -> None:
    """Wait until an inspector's page, which fills itself from the phone, shows what the server told last."""
    if urlsplit(page.url).path.startswith("/m/"):
        page.wait_for_selector("body[data-fresh]", state="attached")


def pages_from(page: Page, base: str, visitor: Visitor) -> Iterator[str]:
    """Follow all links from the first pages on; of pages with the same shape take a few."""
    waiting, seen, taken = deque(visitor.starts), set(visitor.starts), Counter[str]()
    while waiting:
        address = waiting.popleft()
        shape = shape_of(address)
        if taken[shape] >= FEW.get("U" if "U" in shape else "", 1):
            continue
        answer = page.goto(base + address)
        assert answer is not None
        assert answer.status == (404 if address == NO_PAGE else 200), address
        let_the_phone_settle(page)
        reached = page.url.removeprefix(base)
        taken[shape] += 1
        if reached == address or taken[shape_of(reached)] == 0:
            taken[shape_of(reached)] += reached != address
            yield reached
        for one in (*links_of(page), *form_pages_beside(reached)):
            if one not in seen and not one.startswith(visitor.leaves):
                seen.add(one)
                waiting.append(one)


def links_of(page: Page) -> list[str]:
    """Return the addresses of this site that a page leads to; no files, and no places within a page."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
    parts = [urlsplit(urljoin(page.url, one)) for one in found]
    here = urlsplit(page.url).netloc
    return [
        f"{one.path}?{one.query}" if one.query else one.path
        for one in parts
        if one.netloc == here and not one.path.endswith((".xlsx", ".jsonl"))
    ]


def form_pages_beside(address: str) -> tuple[str, ...]:
    """Return the pages of a visit's form that buttons lead to."""
    form = re.fullmatch(r"(/m/v/[0-9a-f-]+)/S\d+", address)
    return tuple(f"{form[1]}/{name}" for name in ("list", "check", "card")) if form else ()


def shape_of(address: str) -> str:
    """Return what an address has in common with those of pages that look alike."""
    parts = urlsplit(address)
    path = re.sub(r"/S\d+$", "/U-S", UUID.sub("U", parts.path))
    path = re.sub(r"/branches/\w+", "/branches/B", path)
    path = re.sub(r"/calendar/[-\d]+$", "/calendar/D", path)
    if path.startswith("/rankings/"):
        path = re.sub(r"/20\d\dQ\d", "/W", path)
    query = "&".join(
        f"{name}={value.split(':')[0]}" for name, value in parse_qsl(parts.query) if name in KINDS
    )
    return f"{path}?{query}"


KINDS = ("table", "why", "q")
"""The parts of a query that make a page look different."""


def problems_of(page: Page, screen: tuple[int, int]) -> Iterator[str]:
    """Yield where a page is wider than the narrowest phone, or than its screen with text twice as large."""
    page.set_viewport_size({"width": NARROWEST, "height": screen[1]})
    if wider := page.evaluate(TOO_WIDE):
        yield f"{wider} pixels too wide at {NARROWEST}"
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    if (wider := page.evaluate(TOO_WIDE)) > 1:
        yield f"{wider} pixels too wide with text twice as large"
    page.evaluate("document.documentElement.style.fontSize = ''")


def barriers(page: Page, theme: str) -> Iterator[str]:
    """Yield what axe finds on a page."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for name, places in page.evaluate(BARRIERS):
        yield f"{name} at {places}"


def untranslated(page: Page, data: re.Pattern[str]) -> Iterator[str]:
    """Yield Chinese on an English page that is neither a name nor anything that somebody wrote."""
    for text in page.evaluate(WORDS):
        if HAN.search(text) and HAN.search(data.sub("", text)):
            yield " ".join(text.split())[:100]


def texts_of_data(session: Session) -> re.Pattern[str]:
    """Return what matches the names and remarks in a database, and the words that are to be said."""
    found = {text for wording in spoken() for text in (wording, wording.strip("。！？"))}
    for table in Base.metadata.sorted_tables:
        if table.name not in WITHOUT_TEXT:
            for row in session.execute(select(table)):
                found.update(text for value in row for text in texts_in(value))
    chinese = sorted((text for text in found if HAN.search(text)), key=len, reverse=True)
    return re.compile("|".join(re.escape(text) for text in chinese))


def spoken() -> Iterator[str]:
    """Yield the wordings of the shipped handbook, which stand on English pages as they are said."""
    edition = shipped_edition()
    for _flow, situation in edition.situations():
        for clause in situation.clauses:
            yield from (wording.own for wording in clause.wordings)


def texts_in(value: object) -> Iterator[str]:
    """Yield the texts in a column's value, also those in the JSON that some columns hold."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        yield from texts_in(json.loads(value))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part)
