"""An application on the made-up bank, and the phone of one of its inspectors."""

import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from checklists.checklist import Checklist
from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import transaction
from inspect_app.queries.visits import visits_of_wave
from inspect_app.services.handbooks import store_checklist
from inspect_app.services.journal import Actor
from inspect_app.services.visits import assign_visit
from inspect_app.services.waves import WavePlan, open_wave, plan_wave
from tests.inspect_app.made_up_bank import NOW, PASSWORD, Bank
from tests.inspect_app.web.browsing import Browser, app_on

Plan = Callable[[str], tuple[Checklist, uuid.UUID]]


@pytest.fixture
def app(bank: Bank, tmp_path: Path) -> Flask:
    """Return the application on the bank's database."""
    return app_on(bank.database, tmp_path)


@pytest.fixture
def phone(app: Flask) -> Browser:
    """Return the phone of `inspector`, signed in; 0101 and 0102 are theirs, 0201 is not."""
    return signed_in(app, "inspector")


@pytest.fixture
def plan(bank: Bank) -> Plan:
    """Return how a wave by another shipped recipe is opened: its checklist, and the visit to branch 0101."""

    def open_another(recipe: str) -> tuple[Checklist, uuid.UUID]:
        checklist = generate(shipped_edition(), shipped_recipe(recipe))
        with transaction(bank.database) as session:
            administrator = Actor.user(bank.user("administrator"))
            store_checklist(session, checklist, now=NOW)
            plan = WavePlan(
                code=f"2026-{recipe}",
                name=recipe,
                mode=checklist.mode,
                opens_on=date(2026, 7, 1),
                closes_on=date(2026, 9, 20),
                checklists=(checklist.hash,),
            )
            wave = open_wave(
                session, administrator, plan_wave(session, administrator, plan, now=NOW), now=NOW
            )
            for visit in visits_of_wave(session, wave):
                assign_visit(session, administrator, visit, bank.user("inspector"), now=NOW)
            first = next(v for v in visits_of_wave(session, wave) if v.target.branch_code == "0101")
            return checklist, first.id

    return open_another


def signed_in(app: Flask, username: str) -> Browser:
    """Return the phone of one of the bank's users."""
    phone = Browser(app)
    assert phone.sign_in(username, PASSWORD).status_code == 303
    return phone
