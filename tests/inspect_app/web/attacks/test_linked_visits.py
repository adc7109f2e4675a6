"""Two visits of one inspector look like visits of two: what is read depends on nobody's identity."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from inspect_app.db import transaction
from inspect_app.models.people import User, UserKind
from inspect_app.models.visits import VisitIdentity
from tests.databases import Databases
from tests.inspect_app.made_up_bank import Bank, at
from tests.inspect_app.web.attacks.forms import crawl
from tests.inspect_app.web.browsing import app_on
from tests.inspect_app.web.page_reading import signed_in

pytestmark = pytest.mark.postgresql
"""The stricter database of the two; what is refused there is refused on the other by the same pages."""

READERS = ("branch0101", "branch0201", "region01")
TOKEN = re.compile(r'(name="csrf_token"[^>]*value=")[^"]+|(data-token=")[^"]+')


@pytest.fixture
def bank(databases: Databases, ranked_source: Bank) -> Iterator[Bank]:
    """Return the bank with published waves in a database of its own."""
    copied = at(ranked_source, databases.copy_of(ranked_source.url))
    yield copied
    copied.database.writing.dispose()
    databases.drop(copied.url)


def read_by(bank: Bank, tmp: pytest.TempPathFactory, name: str) -> dict[str, str]:
    """Return all that somebody can read, without what is made anew for each sign-in."""
    browser = signed_in(app_on(bank.database, tmp.mktemp("read")), name)
    return {address: TOKEN.sub("", page) for address, page in crawl(browser).answers.items()}


def give_all_visits_to_one(bank: Bank) -> None:
    """Let one inspector, with one phone, have made every visit, at the same minute."""
    with transaction(bank.database) as session:
        one = session.scalars(select(User.id).where(User.kind == UserKind.INSPECTOR).order_by(User.username))
        session.execute(
            update(VisitIdentity).values(
                inspector_id=one.first(),
                device="one phone",
                place='{"latitude": 29.5}',
                times='{"submitted": "2026-02-03T04:05:06+00:00"}',
            )
        )


@pytest.mark.fault("N03")
@pytest.mark.fault("N04")
@pytest.mark.parametrize("name", READERS)
def test_nothing_that_is_read_depends_on_who_came_with_which_phone_and_when(
    bank: Bank, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    before = read_by(bank, tmp_path_factory, name)
    give_all_visits_to_one(bank)
    after = read_by(bank, tmp_path_factory, name)

    assert len(before) > 5
    assert after == before


@pytest.mark.fault("N05")
@pytest.mark.parametrize("name", READERS)
def test_no_page_can_be_narrowed_to_a_day_an_hour_or_a_visitor(
    bank: Bank, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    browser = signed_in(app_on(bank.database, tmp_path_factory.mktemp("narrowed")), name)
    words = {word for (_shape, word) in crawl(browser).questions}

    assert words
    assert not {word for word in words if re.search("day|date|hour|time|week|inspector|visitor|month", word)}
