"""Every page that a user of the demonstration can open speaks one language, whatever the data speak."""

import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from zipfile import ZipFile

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from checklists.conversion import shipped_conversions
from inspect_app.web.languages import COOKIE, NAMES
from tests.demo_bank import DemoBank, opened
from tests.inspect_app.web.browsing import Browser
from tests.inspect_app.web.page_reading import Page
from tests.traditional.catalogue import STORED
from tests.traditional.reading import forms_of

ROLES = ("administrator", "reviewer", "inspector", "regional_manager", "branch_manager")
OF_ONE_SHAPE = 6
"""How many addresses are opened of those that differ in codes, numbers and what is asked for alone."""

CHINESE = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef]")
IN_CHINESE = re.compile(r'<(?!html)(\w+)\b[^>]*\slang="zh[^"]*"[^>]*>(?s:.*?)</\1>')
"""What a page says is Chinese: the words that staff are to say, and the names of the languages."""

LANGUAGE_NAME = re.compile(f">({'|'.join(NAMES.values())})<")

TEXTS_OF_THE_PRODUCT = {("handbook_edition", "document"), ("checklist", "document")}
SAYS = re.compile(r"sharedStrings|worksheets/[^/]+\.xml|docProps|workbook\.xml$")
"""The parts of a workbook that somebody reads; the others name typefaces."""

TYPEFACE = re.compile(r'&"[^"]*"')

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def wordless_bank(prepared_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoBank]:
    """Return the demonstration without Chinese in its data: what is Chinese on a page is the product's."""
    folder = shutil.copytree(prepared_demo, tmp_path_factory.mktemp("wordless") / "demo-data")
    with sqlite3.connect(folder / "inspect.sqlite3") as connection:
        silence(connection)
    connection.close()
    bank = opened(Path(folder))
    yield bank
    bank.database.writing.dispose()


def silence(connection: sqlite3.Connection) -> None:
    """Put an x for every Chinese character in every text that somebody at the bank wrote."""
    connection.create_function("silent", 1, lambda text: CHINESE.sub("x", text), deterministic=True)
    for trigger in named(connection, "trigger"):
        connection.execute(f'DROP TRIGGER "{trigger}"')
    for table in named(connection, "table"):
        for column in [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]:
            if (table, column) not in TEXTS_OF_THE_PRODUCT:
                change = f'UPDATE "{table}" SET "{column}" = silent("{column}")'  # noqa: S608 - names of this file
                connection.execute(f"{change} WHERE typeof(\"{column}\") = 'text'")


def named(connection: sqlite3.Connection, kind: str) -> list[str]:
    """Return the names of a database's tables or triggers."""
    known = connection.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,))
    return [name for (name,) in known if not name.startswith("sqlite_")]


@pytest.fixture(scope="module")
def wordless_app(wordless_bank: DemoBank) -> Flask:
    """Return the application on it."""
    return wordless_bank.app()


@pytest.mark.parametrize("role", ROLES)
def test_a_page_in_traditional_chinese_has_no_simplified_character(
    wordless_bank: DemoBank, wordless_app: Flask, role: str
) -> None:
    simplified = simplified_only()

    pages = list(pages_of(wordless_app, wordless_bank, role, "zh-Hant"))

    left = {path: found for path, text in pages if (found := words_with(simplified, text))}
    assert len(pages) > 4
    assert left == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_page_in_english_has_no_chinese_but_what_staff_are_to_say(
    wordless_bank: DemoBank, wordless_app: Flask, role: str
) -> None:
    pages = list(pages_of(wordless_app, wordless_bank, role, "en"))

    left = {path: found for path, text in pages if (found := CHINESE.findall(text))}
    assert len(pages) > 4
    assert left == {}


@pytest.mark.parametrize("language", NAMES)
def test_what_a_visitor_sees_is_in_the_language_chosen(wordless_app: Flask, language: str) -> None:
    browser = Browser(wordless_app)
    browser.client.set_cookie(COOKIE, language)

    answers = [browser.get(path) for path in ("/demo", "/login", "/nothing-here")]

    for answer in answers:
        assert f'<html lang="{language}">' in answer.text
        assert language != "en" or not CHINESE.search(said_in(answer))
        assert language != "zh-Hant" or not words_with(simplified_only(), said_in(answer))


def simplified_only() -> frozenset[str]:
    """Return the characters that stand in simplified texts of the product and in no traditional one."""
    pairs = [*forms_of(STORED), *shipped_conversions().items()]
    written = {character for _simplified, traditional in pairs for character in traditional}
    return frozenset({character for simplified, _traditional in pairs for character in simplified} - written)


def words_with(simplified: frozenset[str], text: str) -> list[str]:
    """Return what stands around the first simplified characters of a text."""
    places = [place for place, character in enumerate(text) if character in simplified]
    return [text[max(0, place - 8) : place + 8] for place in places[:5]]


def pages_of(app: Flask, bank: DemoBank, role: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield each page and file that links lead one user to, by its address, with what it says."""
    browser, account = Browser(app), bank.accounts_of(role)[0]
    browser.sign_in(account.username, account.password)
    browser.client.set_cookie(COOKIE, language)
    waiting, shapes, seen = ["/"], Counter[str](), set[str]()
    while waiting:
        path = waiting.pop(0)
        if path in seen or shapes[shape(path)] >= OF_ONE_SHAPE:
            continue
        seen.add(path)
        answer = browser.get(path)
        waiting += addresses_in(path, answer)
        if answer.status_code == 200:
            shapes[shape(path)] += 1
            yield path, said_in(answer)


def shape(path: str) -> str:
    """Return what an address has in common with those of other rows."""
    parts = urlsplit(path)
    names = sorted(name for name, _value in parse_qsl(parts.query))
    return re.sub(r"/[^/]*\d[^/]*(?=/|$)", "/…", parts.path) + "&".join(names)


def addresses_in(path: str, answer: TestResponse) -> list[str]:
    """Return where an answer leads within the product."""
    if 300 <= answer.status_code < 400:
        return [answer.headers["Location"]]
    if answer.mimetype != "text/html":
        return []
    page = Page()
    page.feed(answer.text)
    whole = [urlsplit(path).path + link if link.startswith("?") else link for link in page.links]
    return [link.partition("#")[0] for link in whole if link.startswith("/") and "/static/" not in link]


def said_in(answer: TestResponse) -> str:
    """Return what a page, or the sheets of a workbook, say in the language of the page."""
    if answer.mimetype == WORKBOOK:
        with ZipFile(BytesIO(answer.data)) as parts:
            cells = [parts.read(name).decode() for name in parts.namelist() if SAYS.search(name)]
            return TYPEFACE.sub("", unescape("".join(cells)))
    said = IN_CHINESE.sub("", answer.get_data(as_text=True))
    return unescape(LANGUAGE_NAME.sub("><", said))
