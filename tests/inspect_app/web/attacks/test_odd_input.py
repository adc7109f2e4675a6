"""Whatever is written into any field, or asked of any page, has an answer: never a fault of the product."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from inspect_app.db import Database
from inspect_app.models.base import Base
from tests.databases import Databases
from tests.inspect_app.made_up_bank import Bank, at
from tests.inspect_app.web.attacks.forms import CSRF, Crawled, Form, crawl
from tests.inspect_app.web.browsing import Browser, app_on
from tests.inspect_app.web.page_reading import signed_in

pytestmark = pytest.mark.postgresql
"""The stricter database of the two; what is refused there is refused on the other by the same pages."""

USERS = ("administrator", "reviewer", "inspector", "region01", "branch0101")
ENDING = ("/logout", "/account/sessions/end", "/account/second-step")
"""Addresses after which the browser would be signed out, or asked for codes."""

ODD = {
    "a statement": "' OR 1=1; DROP TABLE visit; --",
    "a pattern": "%_\\%[a-z]*",
    "a huge number": "9" * 400,
    "below nothing": "-1",
    "no number": "NaN",
    "a day that is none": "2026-02-30",
    "turned round": "\u202eABC\u202c",
    "unfit for a file": "\ufffe\uffff\x0b\x1b[31m",
    "many marks": "e" + "\u0301" * 4000,
    "very long": "长" * 200_000,
    "lines": "a\r\nX-Evil: 1\r\n\r\nb",
    "a template": "{{ 7*7 }}${7*7}%(name)s%s{0}",
    "other digits": "１２３٤٥",
    "another's id": "00000000-0000-4000-8000-000000000000",
    "nothing": "",
}


ASKED = (
    "a statement",
    "a pattern",
    "a huge number",
    "below nothing",
    "no number",
    "other digits",
    "another's id",
)
"""What is asked of pages: some of the above, and short enough for an address."""


@dataclass
class Attacked:
    """A bank with published waves, which the tests of this module may change as pages let them."""

    app: Flask
    database: Database
    _crawled: dict[str, Crawled] = field(default_factory=dict)

    def crawled_by(self, name: str) -> Crawled:
        """Return what a user can reach."""
        if name not in self._crawled:
            self._crawled[name] = crawl(signed_in(self.app, name))
        return self._crawled[name]

    def forms_of(self, name: str) -> list[Form]:
        """Return the forms that change something, without ending the sign-in."""
        return [
            form
            for form in self.crawled_by(name).forms
            if form.method == "post" and not form.address.startswith(ENDING)
        ]


@pytest.fixture(scope="module")
def attacked(
    databases: Databases, ranked_source: Bank, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Attacked]:
    """Return the bank under attack."""
    bank = at(ranked_source, databases.copy_of(ranked_source.url))
    yield Attacked(app_on(bank.database, tmp_path_factory.mktemp("attacked")), bank.database)
    bank.database.writing.dispose()


def posted(browser: Browser, form: Form, values: Mapping[str, str]) -> int:
    """Send a form with some of its fields changed; return the status."""
    fields = {**form.fields, **values}
    fields.pop(CSRF, None)
    answer = browser.post(form.address, fields)
    answer.close()
    return answer.status_code


@pytest.mark.fault("J03")
@pytest.mark.fault("J05")
@pytest.mark.parametrize("name", USERS)
def test_no_field_of_any_form_breaks_the_product(attacked: Attacked, name: str) -> None:
    browser, forms, tried = signed_in(attacked.app, name), attacked.forms_of(name), 0
    for form in forms:
        for odd, value in ODD.items():
            status = posted(browser, form, dict.fromkeys(form.typed, value))
            assert status < 500, (form.address, odd, status)
            tried += 1
        status = posted(browser, form, dict.fromkeys(form.fields, ODD["a statement"]))
        assert status < 500, (form.address, status)

    assert tried == len(ODD) * len(forms) > 0


@pytest.mark.fault("J03")
@pytest.mark.fault("A02")
@pytest.mark.parametrize("name", USERS)
def test_no_question_to_any_page_breaks_it(attacked: Attacked, name: str) -> None:
    browser = signed_in(attacked.app, name)
    for (_shape, word), path in sorted(attacked.crawled_by(name).questions.items()):
        for odd in ASKED:
            answer = browser.client.get(path, query_string={word: ODD[odd]})
            answer.close()
            assert answer.status_code < 500, (path, word, odd, answer.status_code)


@pytest.mark.fault("A03")
@pytest.mark.parametrize("name", USERS)
def test_no_column_can_be_smuggled_into_a_form(attacked: Attacked, name: str) -> None:
    browser, smuggled = signed_in(attacked.app, name), str(uuid.uuid4())
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    for form in attacked.forms_of(name):
        extra = dict.fromkeys(columns - set(form.fields), smuggled)
        assert posted(browser, form, extra) < 500, form.address

    assert places_of(attacked.database, smuggled) == []


def places_of(database: Database, value: str) -> list[str]:
    """Return the columns that hold a text or an id anywhere."""
    wanted = {value, value.replace("-", "")}
    with database.reading.connect() as connection:
        return [
            f"{table.name}.{column.name}"
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if any(
                wanted & {str(found), str(found).replace("-", "")} or value in str(found)
                for found in connection.scalars(select(column))
            )
        ]
