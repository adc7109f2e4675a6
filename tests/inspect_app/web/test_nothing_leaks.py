"""Every byte that a branch or a region can fetch, searched for planted traces of who inspected, and when."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from inspect_app.db import transaction
from inspect_app.models.inspections import Inspection, Submission
from inspect_app.models.people import User, UserKind
from inspect_app.models.visits import Visit, VisitIdentity
from inspect_app.services.phone_places import Place, place_text
from tests.inspect_app.made_up_bank import Bank
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.page_reading import Page, signed_in
from tests.inspect_app.web.published_bank import KEPT, RELEASED
from tests.inspect_app.web.region.test_ranking_page import void_first_visit

MOST_PAGES = 700
SAME_SHAPE = 4
"""How many addresses are opened of those that have the same parts, for whichever branch and wave."""

EVERYTHING_OPEN = ".".join([f"F{flow}" for flow in range(1, 9)] + [str(number) for number in range(1, 48)])

READERS = ("branch0101", "branch0201", "region01", "region02")
SELECT = re.compile(r'<select name="(\w+)">(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]*)"')
GET_FORM = re.compile(r'<form[^>]*method="get"[^>]*action="([^"]*)"')
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORBIDDEN_TABLES = ("visit_identity", "submission", "draft", "journal_entry")
PLACE = Place(latitude=-47.853, longitude=-133.791, accuracy=7)
"""Out at sea, where no figure of a branch is by accident."""
FORBIDDEN_COLUMNS = ("inspector_id", "reviewer_id", "receipt")


@dataclass
class Crawl:
    """All that a browser was given: every answer by its address."""

    browser: Browser
    answers: dict[str, TestResponse] = field(default_factory=dict)
    _shapes: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Follow every link, form and file from the first page on."""
        waiting = ["/"]
        while waiting and len(self.answers) < MOST_PAGES:
            address = waiting.pop(0)
            if address in self.answers or self._is_seen_enough(address):
                continue
            answer = self.browser.get(address)
            self.answers[address] = answer
            waiting += [one for one in addresses_in(address, answer) if one not in self.answers]

    def _is_seen_enough(self, address: str) -> bool:
        """Say whether enough of this shape was opened: the same kind of page, its parts named alike."""
        parts = urlsplit(address)
        if not parts.query or parts.query.endswith(EVERYTHING_OPEN):
            return False
        names = [
            f"{name}={value.partition(':')[0]}" if name in ("why", "table", "ranking") else name
            for name, value in parse_qsl(parts.query)
        ]
        place = re.sub(r"/(branches/)?[\dQ]+(?=/|\.|$)", r"/\1…", parts.path)
        shape = f"{place}?{'&'.join(sorted(names))}"
        self._shapes[shape] += 1
        return self._shapes[shape] > SAME_SHAPE


def addresses_in(address: str, answer: TestResponse) -> Iterator[str]:
    """Yield what an answer leads to within the product, each choice of a form on its own included."""
    if 300 <= answer.status_code < 400:
        yield answer.headers["Location"]
    if answer.mimetype != "text/html":
        return
    page = Page()
    page.feed(answer.text)
    for link in page.links:
        if link.startswith("?"):
            yield f"{urlsplit(address).path}{link}"
        elif link.startswith("/") and not link.startswith("/static/"):
            yield link.partition("#")[0]
    if "/branches/" in address and "?" not in address:
        yield from (f"{address}?visit={ordinal}&open={EVERYTHING_OPEN}" for ordinal in (1, 2))
    for action in GET_FORM.findall(answer.text):
        for name, options in SELECT.findall(answer.text):
            for value in OPTION.findall(options):
                yield f"{action}?{urlencode({name: unescape(value)})}"


def bytes_of(answer: TestResponse) -> Iterator[bytes]:
    """Yield all that an answer holds: headers, body, and every part of a workbook."""
    for name, value in answer.headers:
        if name != "Set-Cookie":
            yield f"{name}: {value} {unquote(value)}".encode()
    yield answer.data
    yield unescape(answer.data.decode(errors="ignore")).encode()
    if answer.mimetype == WORKBOOK:
        with ZipFile(BytesIO(answer.data)) as parts:
            for part in parts.infolist():
                yield part.filename.encode()
                yield str(part.date_time).encode()
                yield parts.read(part)


def plant(session: Session) -> dict[str, str]:
    """Plant traces that cannot be mistaken; return each with what it is a trace of."""
    traces = {KEPT: "words that nobody released", "CANARY-DEVICE": "the inspector's phone"}
    inspectors = session.scalars(select(User).where(User.kind == UserKind.INSPECTOR)).all()
    for number, inspector in enumerate(inspectors):
        inspector.username, inspector.display_name = f"canary-username-{number}", f"金丝雀{number}"
        traces[inspector.username] = traces[inspector.display_name] = "the inspector's name"
        traces[str(inspector.id)] = traces[inspector.id.hex] = "the inspector's id"
    for identity in session.scalars(select(VisitIdentity)):
        identity.place = place_text(PLACE)
        identity.times = json.dumps({"begun": "2026-04-07T06:11:22Z CANARY-TIME"})
    for visit in session.scalars(select(Visit)):
        visit.briefing = "CANARY-BRIEFING"
    traces |= dict.fromkeys(("CANARY-TIME", "CANARY-BRIEFING"), "what the phone saw")
    traces |= dict.fromkeys((str(PLACE.latitude), str(PLACE.longitude)), "where the phone was")
    for submission in session.scalars(select(Submission)):
        traces[submission.receipt_number] = "a receipt's number"
        traces[submission.payload_sha256] = "a receipt's digest"
        traces[str(submission.id)] = "a submission's id"
    traces |= {str(one): "an inspection's id" for one in session.scalars(select(Inspection.id))}
    # Sent at 06:17:43 UTC on the 7th and the 14th: no hour, no minute, no day of it may be read anywhere.
    times = ("06:17", "14:17", "6:17:43", "2026-04-07", "2026-04-14", "4 月 7 日", "4 月 14 日", "Apr 7")
    return traces | dict.fromkeys(times, "when the visit was made")


@dataclass(frozen=True, slots=True)
class Bugged:
    """The application on a bank with traces in it."""

    app: Flask
    traces: dict[str, str]


@pytest.fixture
def bugged(ranked: Bank, tmp_path: Path) -> Bugged:
    """Return the bank with traces planted and a visit voided, so that everything there is can be seen."""
    void_first_visit(ranked, "0102")
    with transaction(ranked.database) as session:
        traces = plant(session)
    return Bugged(app_on(ranked.database, tmp_path), traces)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.fault("N01")
@pytest.mark.fault("N02")
@pytest.mark.fault("N04")
@pytest.mark.fault("X05")
def test_no_byte_that_a_branch_or_a_region_can_fetch_tells_who_inspected_or_when(
    bugged: Bugged, reader: str
) -> None:
    crawl = Crawl(signed_in(bugged.app, reader))
    statements: list[str] = []

    def listen(
        _connection: object, _cursor: object, statement: str, parameters: object, *_more: object
    ) -> None:
        statements.append(f"{statement} -- {parameters}")

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        crawl.run()
    finally:
        event.remove(Engine, "before_cursor_execute", listen)

    assert_all_was_seen(crawl, reader)
    found = [
        f"{address}: {trace} ({meaning})"
        for address, answer in crawl.answers.items()
        for piece in bytes_of(answer)
        for trace, meaning in bugged.traces.items()
        if trace.encode() in piece
    ]
    assert found == []
    assert indiscreet(statements) == []


def assert_all_was_seen(crawl: Crawl, reader: str) -> None:
    """Assert that the crawl reached what it is about: pages in number, released words, a workbook."""
    statuses = {answer.status_code for answer in crawl.answers.values()}
    assert statuses <= {200, 303, 404}, statuses
    assert len(crawl.answers) < MOST_PAGES
    assert any(RELEASED in answer.text for answer in crawl.answers.values() if answer.mimetype == "text/html")
    workbooks = [address for address, answer in crawl.answers.items() if answer.mimetype == WORKBOOK]
    assert workbooks
    assert any("/rankings/" in address for address in workbooks) == reader.startswith("region")
    part = "/rankings/2026Q2/branches/" if reader.startswith("region") else "/branch/deficiencies/"
    assert len([address for address in crawl.answers if address.startswith(part)]) > 5


def indiscreet(statements: list[str]) -> list[str]:
    """Return the statements that ask for what a branch or a region may not know."""
    return [
        statement
        for statement in statements
        if any(re.search(rf"\b{name}\b", statement) for name in (*FORBIDDEN_TABLES, *FORBIDDEN_COLUMNS))
        # Users are read with the session of the one who asks, and in no other way.
        or (re.search(r"\buser_account\b", statement) and "login_session" not in statement)
    ]
