"""The made-up bank with two published waves: two visits a branch, words released and not released."""

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from checklists.checklist import Checklist
from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.handbook import Kind, Mode
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import transaction
from inspect_app.models.people import User
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Wave
from inspect_app.queries.inspections import Fields, newest_revision_of_visit
from inspect_app.queries.visits import visits_of_wave
from inspect_app.services.disclosures import disclose_wave
from inspect_app.services.handbooks import store_checklist
from inspect_app.services.journal import Actor
from inspect_app.services.organisation import BranchPlan, add_branch
from inspect_app.services.rankings import publish_wave
from inspect_app.services.reviews import approve
from inspect_app.services.submissions import Body, accept_submission
from inspect_app.services.visits import assign_visit
from inspect_app.services.waves import WavePlan, close_wave, open_wave, plan_wave
from reports.rankings import RankBy
from tests.inspect_app.made_up_bank import NOW, SECRET, Bank, fill

RELEASED = "公开的原话"
"""Begins every word that a reviewer released."""

KEPT = "没公开的原话"
"""Begins every word that no reviewer released."""

MORE_BRANCHES = (
    BranchPlan("0103", "南岸支行", "基础", "南坪路 4 号", "R01"),
    BranchPlan("0104", "北碚支行", "精品", "天生路 5 号", "R01"),
    BranchPlan("0202", "曹县支行", "精品", "青菏路 6 号", "R02"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """A wave to be made up: its days, how well branches do in it (0 to 1), how it ranks."""

    code: str
    name: str
    opens_on: date
    closes_on: date
    quality: float
    rank_by: RankBy = RankBy.SCORE


SPRING = Period("2026Q1", "2026 年一季度暗访", date(2026, 1, 5), date(2026, 3, 20), 0.7)
SUMMER = Period("2026Q2", "2026 年二季度暗访", date(2026, 4, 1), date(2026, 6, 20), 0.75)


def publish_two_waves(bank: Bank) -> None:
    """Inspect, review and publish two waves of mystery visits; the bank's own wave goes on beside them."""
    with transaction(bank.database) as session:
        for plan in MORE_BRANCHES:
            add_branch(session, Actor.system(), plan, now=NOW)
        for period in (SPRING, SUMMER):
            publish(session, bank.users, disclose(session, bank.users, period))


def disclose(
    session: Session,
    users: Mapping[str, User],
    period: Period,
    branches: Sequence[str] | None = None,
    disclosed_at: datetime | None = None,
) -> Wave:
    """Bring a made-up wave to its disclosure.

    Args:
        disclosed_at: when it is disclosed, for as many days as is usual; without it, none at all.
    """
    administrator = Actor.user(users["administrator"])
    checklist = generate(shipped_edition(), shipped_recipe("mystery"))
    store_checklist(session, checklist, now=at(period.opens_on))
    plan = WavePlan(
        code=period.code,
        name=period.name,
        mode=Mode.MYSTERY,
        opens_on=period.opens_on,
        closes_on=period.closes_on,
        checklists=(checklist.hash,),
        branches=None if branches is None else tuple(branches),
        visits_wanted=2,
        disclosure_days=0 if disclosed_at is None else 5,
        rank_by=period.rank_by,
    )
    wave = plan_wave(session, administrator, plan, now=at(period.opens_on))
    open_wave(session, administrator, wave, now=at(period.opens_on))
    for visit in visits_of_wave(session, wave):
        inspect(session, users, visit, checklist, period)
    close_wave(session, administrator, wave, now=at(period.closes_on))
    return disclose_wave(session, administrator, wave, now=disclosed_at or at(period.closes_on))


def publish(session: Session, users: Mapping[str, User], wave: Wave) -> StoredRanking:
    """Publish a disclosed wave."""
    return publish_wave(session, Actor.user(users["administrator"]), wave, now=at(wave.closes_on))


def inspect(
    session: Session, users: Mapping[str, User], visit: Visit, checklist: Checklist, period: Period
) -> None:
    """Make a visit, send it and approve it; the words of every second item are released."""
    inspector = users["inspector" if visit.ordinal == 1 else "inspector2"]
    assign_visit(session, Actor.user(users["administrator"]), visit, inspector, now=at(period.opens_on))
    seed = f"{period.code} {visit.target.branch_code} {visit.ordinal}"
    fields = fill_well(checklist, seed, period.quality)
    chance = random.Random(seed)  # noqa: S311 - the same seed must give the same ids
    ids = [uuid.UUID(int=chance.getrandbits(128), version=4) for _ in range(2)]
    body = Body(ids[0], ids[1], seed.encode(), fields, device="Huawei Mate 60 CANARY-DEVICE")
    now = datetime(period.opens_on.year, period.opens_on.month, 7 * visit.ordinal, 6, 17, 43, tzinfo=UTC)
    accept_submission(session, inspector, visit, body, SECRET, now=now)
    revision = newest_revision_of_visit(session, visit)
    assert revision is not None
    released = frozenset(item.code for section in checklist.sections for item in section.items[::2])
    approve(session, Actor.user(users["reviewer"]), revision, released, now=at(period.closes_on))


def fill_well(checklist: Checklist, seed: str, quality: float) -> Fields:
    """Return a complete filling in which most is done well; the same seed always gives the same."""
    chance = random.Random(seed)  # noqa: S311 - the same seed must give the same answers
    filled = dict(fill(checklist, chance.randrange(1_000_000)))
    for section in checklist.sections:
        for place, item in enumerate(section.items):
            filled[f"{item.code}.words"] = f"{KEPT if place % 2 else RELEASED} {item.code}"
            if chance.random() > quality:
                continue
            filled.pop(item.code, None)
            filled.pop(f"{item.code}.left", None)
            if item.kind is Kind.PHRASE:
                filled |= {f"{item.code}.el{part}": "heard" for part in range(len(item.elements))}
            elif item.counted is not None:
                filled |= {f"{item.code}.of": "3", f"{item.code}.met": "3", f"{item.code}.partly": "0"}
            else:
                filled[item.code] = "met"
    return tuple(filled.items())


def at(day: date) -> datetime:
    """Return an hour of a day at which the office works."""
    return datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)
