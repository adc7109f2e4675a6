"""Every verb writes one entry, and no entry tells who inspected."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.handbook import Mode
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import transaction
from inspect_app.models import Base
from inspect_app.models.journal import ActorKind, JournalEntry
from inspect_app.models.people import User, UserKind
from inspect_app.models.visits import VisitIdentity
from inspect_app.queries.waves import wave_with_id
from inspect_app.services import journal
from inspect_app.services.drafts import Filling, save_draft
from inspect_app.services.handbooks import store_checklist, store_edition
from inspect_app.services.journal import Actor
from inspect_app.services.organisation import BranchPlan, RegionPlan, add_branch, add_region
from inspect_app.services.people import UserPlan, add_user
from inspect_app.services.visits import assign_visit, cancel_visit
from inspect_app.services.waves import WavePlan, close_wave, open_wave, plan_wave
from tests.inspect_app.made_up_bank import NOW, Bank, body_of, count, own_visit, send

Verb = Callable[[Session, Bank, Actor], object]

PLAN = WavePlan("2026Q4", "第四季度", Mode.PHONE, date(2026, 10, 1), date(2026, 12, 20), checklists=())


def _plan(session: Session, bank: Bank, actor: Actor) -> object:
    return plan_wave(session, actor, replace(PLAN, checklists=(bank.checklist.hash,)), now=NOW)


def _draft(session: Session, bank: Bank, _: Actor) -> object:
    filling = Filling(uuid.uuid4(), uuid.uuid4(), (("S01.gate", "occurred"),))
    return save_draft(session, bank.user("inspector"), own_visit(session, bank, "0101"), filling, now=NOW)


VERBS: dict[str, Verb] = {
    "store_edition": lambda session, _bank, _actor: store_edition(
        session, replace(shipped_edition(), number="2"), now=NOW
    ),
    "store_checklist": lambda session, _bank, _actor: store_checklist(
        session, generate(shipped_edition(), shipped_recipe("open")), now=NOW
    ),
    "add_region": lambda session, _bank, actor: add_region(
        session, actor, RegionPlan("R03", "宜昌分行", "HO"), now=NOW
    ),
    "add_branch": lambda session, _bank, actor: add_branch(
        session, actor, BranchPlan("0301", "夷陵支行", "基础", "", "R01"), now=NOW
    ),
    "add_user": lambda session, _bank, actor: add_user(
        session, actor, UserPlan("wei", "卫神秘", UserKind.INSPECTOR, "hash"), now=NOW
    ),
    "plan_wave": _plan,
    "close_wave": lambda session, bank, actor: close_wave(
        session, actor, wave_with_id(session, bank.wave_id), now=NOW
    ),
    "assign_visit": lambda session, bank, actor: assign_visit(
        session, actor, own_visit(session, bank, "0101"), bank.user("inspector2"), now=NOW
    ),
    "cancel_visit": lambda session, bank, actor: cancel_visit(
        session, actor, own_visit(session, bank, "0101"), "停业", now=NOW
    ),
    "begin_inspection": _draft,
    "submit_inspection": lambda session, bank, _actor: send(
        session, bank, "0101", body_of(bank, "0101", seed=1)
    ),
}


@pytest.mark.parametrize("action", VERBS)
@pytest.mark.fault("L03")
def test_every_verb_writes_exactly_one_entry(bank: Bank, action: str) -> None:
    with transaction(bank.database) as session:
        known = set(session.scalars(select(JournalEntry.id)))

        VERBS[action](session, bank, Actor.user(bank.user("administrator")))

        entries = [entry for entry in session.scalars(select(JournalEntry)) if entry.id not in known]
        assert [entry.action for entry in entries] == [action]
        assert entries[0].at == NOW


def test_opening_a_wave_is_one_entry_however_many_visits_it_makes(bank: Bank) -> None:
    actor = Actor.user(bank.user("administrator"))
    with transaction(bank.database) as session:
        wave = plan_wave(session, actor, replace(PLAN, checklists=(bank.checklist.hash,)), now=NOW)
        before = count(session, JournalEntry)

        open_wave(session, actor, wave, now=NOW)

        assert count(session, JournalEntry) == before + 1


def test_an_inspector_acts_without_a_name() -> None:
    inspector = User(id=uuid.uuid4(), kind=UserKind.INSPECTOR)
    reviewer = User(id=uuid.uuid4(), kind=UserKind.REVIEWER)

    assert Actor.user(inspector) == Actor(ActorKind.INSPECTOR, None) == Actor.inspector()
    assert Actor.user(reviewer) == Actor(ActorKind.USER, reviewer.id)


def test_details_are_written_in_one_form(bank: Bank) -> None:
    with transaction(bank.database) as session:
        journal.record(session, Actor.system(), "try", "wave", "1", now=NOW, details={"b": "二", "a": 1})

        entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "try")).one()
        assert entry.details == '{"a":1,"b":"二"}'


def test_after_a_whole_visit_only_the_identity_knows_the_inspector(bank: Bank) -> None:
    with transaction(bank.database) as session:
        for code in ("0101", "0201"):
            body = replace(body_of(bank, code, seed=1), device="Chrome 156 on HUAWEI")
            visit = own_visit(session, bank, code)
            filling = Filling(body.inspection_id, body.submission_id, body.fields, device=body.device)
            save_draft(session, bank.inspector_of(code), visit, filling, now=NOW)
            send(session, bank, code, body)

        inspector = bank.user("inspector")
        told = [inspector.id.hex, str(inspector.id), inspector.display_name, "HUAWEI"]
        found = {name for name, text in _everything(session) for secret in told if secret in text}

        assert found == {User.__tablename__, VisitIdentity.__tablename__}


def _everything(session: Session) -> list[tuple[str, str]]:
    """Return every row of every table as text, with the name of its table."""
    tables = inspect(session.connection()).get_table_names()
    known = [Base.metadata.tables[name] for name in tables if name in Base.metadata.tables]
    return [(table.name, f"{tuple(row)}") for table in known for row in session.execute(select(table))]
