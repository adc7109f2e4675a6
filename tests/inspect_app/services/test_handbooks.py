"""Editions and checklists are put into use once and come back whole."""

from dataclasses import replace

import pytest

from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.handbook import Text
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import Database, reading, transaction
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.models.journal import JournalEntry
from inspect_app.queries.handbooks import checklist_of, edition_reading, editions
from inspect_app.services.handbooks import store_checklist, store_edition
from tests.inspect_app.made_up_bank import NOW, Bank, count


def test_the_shipped_edition_reads_in_its_own_language_and_in_english(database: Database) -> None:
    edition = shipped_edition()
    with transaction(database) as session:
        store_edition(session, edition, now=NOW)

    with reading(database) as session:
        own = edition_reading(session, edition.number, "zh-Hans")
        assert own["title"].text() == edition.title.own
        assert edition_reading(session, edition.number, "en")["title"].text() == edition.title.in_language(
            "en"
        )
        assert edition_reading(session, edition.number, "fr")["title"].text() == edition.title.own
        with pytest.raises(NotFoundError, match="99"):
            edition_reading(session, "99", "en")


def test_storing_an_edition_again_changes_nothing(bank: Bank) -> None:
    with transaction(bank.database) as session:
        before = count(session, JournalEntry)

        store_edition(session, shipped_edition(), now=NOW)

        assert count(session, JournalEntry) == before
        assert len(editions(session)) == 1


def test_an_edition_in_use_never_changes(bank: Bank) -> None:
    other = replace(shipped_edition(), title=Text("另一本手册"))
    with transaction(bank.database) as session, pytest.raises(ConflictError, match="something else"):
        store_edition(session, other, now=NOW)


@pytest.mark.parametrize("recipe", ["mystery", "open", "phone"])
def test_a_stored_checklist_comes_back_whole(bank: Bank, recipe: str) -> None:
    checklist = generate(shipped_edition(), shipped_recipe(recipe))
    with transaction(bank.database) as session:
        store_checklist(session, checklist, now=NOW)
        store_checklist(session, checklist, now=NOW)

    with reading(bank.database) as session:
        assert checklist_of(session, checklist.hash) == checklist
        assert checklist_of(session, checklist.hash) is checklist_of(session, checklist.hash)


def test_an_unknown_checklist_is_not_found(bank: Bank) -> None:
    with reading(bank.database) as session, pytest.raises(NotFoundError):
        checklist_of(session, "0" * 64)
