"""A tiny made-up bank: head office, two regions, three branches, every kind of user, an open wave."""

import json
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.answers import Arity, deduction_names, names
from checklists.checklist import Checklist, Item, Section
from checklists.edition_loading import shipped_edition
from checklists.fields import CHOOSABLE_REASONS
from checklists.generation import generate
from checklists.handbook import Kind
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import Database, open_database, transaction
from inspect_app.models.base import Base
from inspect_app.models.journal import JournalEntry
from inspect_app.models.people import User, UserKind
from inspect_app.models.visits import Visit
from inspect_app.queries.inspections import Fields
from inspect_app.queries.visits import visit_of_inspector, visits_of_wave
from inspect_app.services.handbooks import store_checklist, store_edition
from inspect_app.services.journal import Actor
from inspect_app.services.organisation import BranchPlan, RegionPlan, add_branch, add_region
from inspect_app.services.people import UserPlan, add_user
from inspect_app.services.submissions import Accepted, Body, accept_submission
from inspect_app.services.visits import assign_visit
from inspect_app.services.waves import WavePlan, open_wave, plan_wave

NOW = datetime(2026, 8, 3, 2, 30, tzinfo=UTC)
"""A Monday morning in Shanghai, in the middle of the wave's field work."""

PASSWORD = "chang-jiang-2026"
"""The password of every user of the bank."""

# Cheap parameters: the tests are about what a password opens, not about how long it withstands.
_PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

SECRET = "a secret of the tests, long enough to be one"
"""What the receipts of the tests are made with."""


@dataclass(frozen=True, slots=True)
class Bank:
    """The bank in a database of its own; rows are loaded with `database`, users are as they were made.

    Attributes:
        users: by their user names: `administrator`, `reviewer`, `reviewer2`, `inspector`, `inspector2`,
            `region01`, `region02`, `branch0101`, `branch0102`, `branch0201`.
        checklist: the one that every visit of the wave is made with, of the shipped recipe `phone`.
        visits: ids by branch code; 0101 and 0102 are assigned to `inspector`, 0201 to `inspector2`.
    """

    url: str
    database: Database
    users: Mapping[str, User]
    checklist: Checklist
    wave_id: uuid.UUID
    visits: Mapping[str, uuid.UUID]

    def user(self, name: str) -> User:
        """Return the user with this name."""
        return self.users[name]

    def inspector_of(self, branch_code: str) -> User:
        """Return who is assigned to a branch's visit."""
        return self.users["inspector2" if branch_code == "0201" else "inspector"]


def build(database: Database, url: str) -> Bank:
    """Found the bank in an empty, migrated database."""
    edition = shipped_edition()
    checklist = generate(edition, shipped_recipe("phone"))
    with transaction(database) as session:
        store_edition(session, edition, now=NOW)
        store_checklist(session, checklist, now=NOW)
        _found(session)
        users = {plan.username: add_user(session, Actor.system(), plan, now=NOW) for plan in _user_plans()}
        wave_id, visits = _begin_wave(session, users, checklist)
    return Bank(url, database, users, checklist, wave_id, visits)


def at(bank: Bank, url: str) -> Bank:
    """Return the same bank in a copy of its database."""
    return Bank(url, open_database(url), bank.users, bank.checklist, bank.wave_id, bank.visits)


def own_visit(session: Session, bank: Bank, branch_code: str) -> Visit:
    """Return the visit to a branch, loaded for the inspector who makes it."""
    return visit_of_inspector(session, bank.inspector_of(branch_code), bank.visits[branch_code])


def body_of(bank: Bank, branch_code: str, seed: int, inspection_id: uuid.UUID | None = None) -> Body:
    """Return a complete body for the visit to a branch: the same seed always gives the same answers."""
    fields = fill(bank.checklist, seed)
    payload = json.dumps([branch_code, *fields], ensure_ascii=False).encode()
    chance = random.Random(f"{branch_code} {seed}")  # noqa: S311 - the same seed must give the same ids
    inspection = inspection_id or uuid.UUID(int=chance.getrandbits(128), version=4)
    return Body(uuid.UUID(int=chance.getrandbits(128), version=4), inspection, payload, fields)


def send(session: Session, bank: Bank, branch_code: str, body: Body, now: datetime = NOW) -> Accepted:
    """Send a body for the visit to a branch, as the inspector who makes it."""
    inspector = bank.inspector_of(branch_code)
    visit = own_visit(session, bank, branch_code)
    return accept_submission(session, inspector, visit, body, SECRET, now=now)


def journal_of(session: Session, subject_id: uuid.UUID) -> list[JournalEntry]:
    """Return what the journal says of one row, in the order in which it was written."""
    entries = session.scalars(select(JournalEntry).where(JournalEntry.subject_id == str(subject_id)))
    return sorted(entries, key=lambda entry: entry.at)


def count(session: Session, table: type[Base]) -> int:
    """Return how many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def fill(checklist: Checklist, seed: int) -> Fields:
    """Return a complete random filling of a checklist: nothing in it keeps it from being sent."""
    chance = random.Random(seed)  # noqa: S311 - the same seed must give the same answers
    filled: dict[str, str | tuple[str, ...]] = {}
    for section in checklist.sections:
        filled |= _fill_gate(section, chance)
        for item in section.items:
            filled |= _fill_item(item, chance)
    for field in deduction_names(checklist):
        filled[field.name] = "再三催促" if field.arity is Arity.TEXT else chance.choice(("no", "no", "yes"))
    order = [field.name for section in checklist.sections for field in names(section)]
    order += [field.name for field in deduction_names(checklist)]
    return tuple((name, filled[name]) for name in order if name in filled)


def _fill_gate(section: Section, chance: random.Random) -> dict[str, str]:
    if section.standing:
        return {}
    gate = chance.choices(("occurred", "nobody_acted", "did_not_occur"), (8, 1, 1))[0]
    return {
        f"{section.code}.gate": gate,
        f"{section.code}.gate_reason": _reason(chance) if gate == "did_not_occur" else "",
        f"{section.code}.gate_words": "没有遇到" if gate == "did_not_occur" else "",
        f"{section.code}.role": chance.choice(section.roles),
    }


def _fill_item(item: Item, chance: random.Random) -> dict[str, str | tuple[str, ...]]:
    code = item.code
    filled: dict[str, str | tuple[str, ...]] = {f"{code}.words": f"{code} 的经过"}
    if chance.random() < 0.1:
        return filled | {code: "left_out", f"{code}.left": _reason(chance)}
    if item.kind is Kind.PHRASE:
        heard = ("heard", "heard", "changed", "missing")
        return filled | {f"{code}.el{place}": chance.choice(heard) for place in range(len(item.elements))}
    if item.counted is not None:
        met = chance.randint(0, 3)
        return filled | {f"{code}.of": "3", f"{code}.met": str(met), f"{code}.partly": "0"}
    return filled | {code: chance.choice(("met", "met", "partly", "not"))}


def _reason(chance: random.Random) -> str:
    return chance.choice(sorted(CHOOSABLE_REASONS))


def _found(session: Session) -> None:
    regions = (
        RegionPlan("HO", "长江银行总行", None),
        RegionPlan("R01", "重庆分行", "HO"),
        RegionPlan("R02", "菏泽分行", "HO"),
    )
    for region in regions:
        add_region(session, Actor.system(), region, now=NOW)
    branches = (
        BranchPlan("0101", "渝中支行", "精品", "民权路 1 号", "R01"),
        BranchPlan("0102", "江北支行", "基础", "建新路 2 号", "R01"),
        BranchPlan("0201", "单县支行", "基础", "舜师路 3 号", "R02"),
    )
    for branch in branches:
        add_branch(session, Actor.system(), branch, now=NOW)


def _user_plans() -> tuple[UserPlan, ...]:
    def plan(
        username: str, name: str, kind: UserKind, region: str | None = None, branch: str | None = None
    ) -> UserPlan:
        return UserPlan(username, name, kind, _PASSWORD_HASH, region, branch)

    return (
        plan("administrator", "钱管理", UserKind.ADMINISTRATOR),
        plan("reviewer", "孙复核", UserKind.REVIEWER),
        plan("reviewer2", "李复核", UserKind.REVIEWER),
        plan("inspector", "周神秘", UserKind.INSPECTOR),
        plan("inspector2", "吴神秘", UserKind.INSPECTOR),
        plan("region01", "郑区域", UserKind.REGIONAL_MANAGER, region="R01"),
        plan("region02", "王区域", UserKind.REGIONAL_MANAGER, region="R02"),
        plan("branch0101", "冯网点", UserKind.BRANCH_MANAGER, branch="0101"),
        plan("branch0102", "陈网点", UserKind.BRANCH_MANAGER, branch="0102"),
        plan("branch0201", "褚网点", UserKind.BRANCH_MANAGER, branch="0201"),
    )


def _begin_wave(
    session: Session, users: Mapping[str, User], checklist: Checklist
) -> tuple[uuid.UUID, Mapping[str, uuid.UUID]]:
    administrator = Actor.user(users["administrator"])
    plan = WavePlan(
        code="2026Q3",
        name="2026 年第三季度电话检查",
        mode=checklist.mode,
        opens_on=date(2026, 7, 1),
        closes_on=date(2026, 9, 20),
        checklists=(checklist.hash,),
    )
    wave = open_wave(session, administrator, plan_wave(session, administrator, plan, now=NOW), now=NOW)
    visits = {}
    for visit in visits_of_wave(session, wave):
        code = visit.target.branch_code
        inspector = users["inspector2" if code == "0201" else "inspector"]
        assign_visit(session, administrator, visit, inspector, now=NOW)
        visits[code] = visit.id
    return wave.id, visits
