"""A script in any text that people write stays text on every page that shows it."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy import Engine, String, Table, update
from sqlalchemy.exc import DBAPIError

from inspect_app.models.base import Base
from tests.databases import Databases
from tests.inspect_app.made_up_bank import Bank, at
from tests.inspect_app.web.attacks.forms import crawl
from tests.inspect_app.web.browsing import app_on
from tests.inspect_app.web.page_reading import signed_in

pytestmark = pytest.mark.postgresql
"""The stricter database of the two; what is refused there is refused on the other by the same pages."""

USERS = ("administrator", "reviewer", "inspector", "region01", "branch0101")
PAYLOAD = "\"'></script></title></textarea></select><xss-canary onx=1>"
WRITTEN = (
    "name",
    "display_name",
    "address",
    "briefing",
    "reason",
    "words",
    "cause_words",
    "measure_words",
    "device",
)
"""The columns that people write into, whichever table they stand in."""


class Canaries(HTMLParser):
    """Looks for the planted element, and for the planted attribute on any other."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the payload became, if it became anything."""
        if tag == "xss-canary" or any(name == "onx" for name, _value in attrs):
            self.found.append(self.get_starttag_text() or tag)


def plant(engine: Engine) -> int:
    """Write the payload behind every text that can be written; return how many columns that were."""
    planted = 0
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name in WRITTEN and isinstance(column.type, String):
                planted += _plant_in(engine, table, column.name)
    return planted


def _plant_in(engine: Engine, table: Table, name: str) -> int:
    """Write it into one column; a row that may never change says so itself and keeps its text."""
    column = table.columns[name]
    length = getattr(column.type, "length", None) or 400
    try:
        with engine.begin() as connection:
            changed = connection.execute(
                update(table).where(column.is_not(None)).values({name: PAYLOAD[:length]})
            )
        return int(changed.rowcount > 0)
    except DBAPIError:
        return 0


@pytest.fixture(scope="module")
def planted_app(
    databases: Databases, ranked_source: Bank, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """Return the application on a bank whose texts are all scripts."""
    bank = at(ranked_source, databases.copy_of(ranked_source.url))
    assert plant(bank.database.writing) >= 5
    yield app_on(bank.database, tmp_path_factory.mktemp("planted"))
    bank.database.writing.dispose()


@pytest.mark.fault("J01")
@pytest.mark.fault("J02")
@pytest.mark.parametrize("name", USERS)
def test_a_script_in_a_text_stays_text_on_every_page(planted_app: Flask, name: str) -> None:
    pages = crawl(signed_in(planted_app, name)).answers
    shown = 0
    for address, page in pages.items():
        canaries = Canaries()
        canaries.feed(page)
        assert canaries.found == [], address
        shown += "&lt;xss-canary" in page

    assert shown


@pytest.mark.fault("J01")
def test_the_search_finds_what_is_not_escaped() -> None:
    canaries = Canaries()
    canaries.feed(f"<p title={PAYLOAD}>{PAYLOAD}</p>")

    assert canaries.found
