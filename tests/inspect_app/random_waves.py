"""Random waves of a random bank, brought through the services to their rankings, restated ones too."""

import json
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from checklists.checklist import Checklist
from inspect_app.models.people import User, UserKind
from inspect_app.models.visits import SettingAside, Visit, VisitState
from inspect_app.models.waves import Wave
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import Fields, newest_revision_of_visit
from inspect_app.queries.visits import visits_of_wave
from inspect_app.services import disclosures, rankings, reviews, waves
from inspect_app.services.handbooks import store_checklist, store_edition
from inspect_app.services.journal import Actor
from inspect_app.services.organisation import BranchPlan, RegionPlan, add_branch, add_region
from inspect_app.services.people import UserPlan, add_user
from inspect_app.services.submissions import Body, accept_submission
from inspect_app.services.visits import assign_visit
from inspect_app.services.waves import WavePlan, open_wave, plan_wave
from reports.rankings import RankBy
from tests.checklists.editions import made_up_checklist, made_up_edition
from tests.inspect_app.made_up_bank import SECRET, fill

REGIONS = (("HO", None), ("R1", "HO"), ("R2", "HO"), ("R11", "R1"), ("R3", "HO"))
KINDS = ("基础", "精品")
FILLINGS = 5
"""So few that branches tie often."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts in the random bank."""

    administrator: Actor
    reviewer: Actor
    inspector: User


def variants() -> tuple[Checklist, ...]:
    """Return the checklists that the waves choose from: with standing flows, without, and a short one."""
    return (
        made_up_checklist(),
        made_up_checklist(flows=("F1", "F2", "F4")),
        made_up_checklist(flows=("F2", "F3", "E1")),
    )


def found_bank(session: Session, chance: random.Random) -> Staff:
    """Found a bank whose branches lie anywhere in the tree."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    store_edition(session, made_up_edition(), now=now)
    for checklist in variants():
        store_checklist(session, checklist, now=now)
    for code, parent in REGIONS:
        add_region(session, Actor.system(), RegionPlan(code, f"{code} 分行", parent), now=now)
    for number in range(chance.randint(4, 8)):
        plan = BranchPlan(
            f"{number:04}", f"{number} 号支行", chance.choice(KINDS), "", chance.choice(REGIONS[:4])[0]
        )
        add_branch(session, Actor.system(), plan, now=now)
    kinds = (UserKind.ADMINISTRATOR, UserKind.REVIEWER, UserKind.INSPECTOR)
    users = [
        add_user(session, Actor.system(), UserPlan(kind.value, kind.value, kind, "no password"), now=now)
        for kind in kinds
    ]
    return Staff(Actor.user(users[0]), Actor.user(users[1]), users[2])


def hold_wave(session: Session, staff: Staff, chance: random.Random, opens_on: date) -> Wave:
    """Hold a wave from its plan to its ranking; some published visits are voided afterwards."""
    wave, closed = disclose_wave(session, staff, chance, opens_on)
    rankings.publish_wave(session, staff.administrator, wave, now=closed)
    _void_some(session, staff, chance, visits_of_wave(session, wave), closed)
    return wave


def disclose_wave(
    session: Session, staff: Staff, chance: random.Random, opens_on: date
) -> tuple[Wave, datetime]:
    """Hold a wave from its plan to its disclosure; return it, and when it was disclosed."""
    opened = datetime.combine(opens_on, datetime.min.time(), UTC)
    closed = opened + timedelta(days=30)
    plan = _random_plan(chance, opens_on)
    wave = plan_wave(session, staff.administrator, plan, now=opened)
    open_wave(session, staff.administrator, wave, now=opened)
    visits = list(visits_of_wave(session, wave))
    late = [visit for visit in visits if not _hold_visit(session, staff, chance, visit, opened)]
    waves.close_wave(session, staff.administrator, wave, now=closed)
    for visit in late:
        if chance.random() < 0.5:
            _inspect(session, staff, chance, visit, closed)
            _approve(session, staff, visit, closed)
    disclosures.disclose_wave(session, staff.administrator, wave, now=closed)
    return wave, closed


def _random_plan(chance: random.Random, opens_on: date) -> WavePlan:
    chosen: Sequence[Checklist] = variants()[: chance.randint(1, 3)]
    return WavePlan(
        code=f"W{opens_on:%Y%m}",
        name=f"{opens_on:%Y-%m} 暗访",
        mode=chosen[0].mode,
        opens_on=opens_on,
        closes_on=opens_on + timedelta(days=29),
        checklists=tuple(checklist.hash for checklist in chosen),
        visits_wanted=chance.randint(1, 3),
        min_visits=chance.choice((1, 1, 2)),
        rank_by=chance.choice((RankBy.SCORE, RankBy.OVER_PAR)),
        disclosure_days=0,
    )


def _hold_visit(session: Session, staff: Staff, chance: random.Random, visit: Visit, now: datetime) -> bool:
    """Inspect and decide on a visit; return False where it is left for after the wave's end."""
    assign_visit(session, staff.administrator, visit, staff.inspector, now=now)
    if chance.random() < 0.15:
        return False
    _inspect(session, staff, chance, visit, now)
    revision = newest_revision_of_visit(session, visit)
    assert revision is not None
    if chance.random() < 0.1:
        reviews.set_aside(session, staff.reviewer, revision, SettingAside.OTHER, "不像", now=now)
        return True
    if chance.random() < 0.2:
        questions = {checklist_of(session, revision.checklist_hash).sections[0].items[0].code: "确定吗？"}
        reviews.return_to_inspector(session, staff.reviewer, revision, questions, now=now)
        _inspect(session, staff, chance, visit, now)
    _approve(session, staff, visit, now)
    return True


def _inspect(session: Session, staff: Staff, chance: random.Random, visit: Visit, now: datetime) -> None:
    checklist = checklist_of(session, visit.variant.checklist_hash)
    fields = (
        _nothing_seen(checklist) if chance.random() < 0.1 else fill(checklist, chance.randrange(FILLINGS))
    )
    body = Body(
        submission_id=_random_id(chance),
        inspection_id=visit.counting_inspection_id or _random_id(chance),
        payload=json.dumps(fields, ensure_ascii=False).encode(),
        fields=fields,
    )
    accept_submission(session, staff.inspector, visit, body, SECRET, now=now)


def _nothing_seen(checklist: Checklist) -> Fields:
    """Return a filling in which no situation occurred; what is standing could not be seen."""
    fields: dict[str, str] = {}
    for section in checklist.sections:
        if not section.standing:
            fields[f"{section.code}.gate"] = "did_not_occur"
            fields[f"{section.code}.gate_reason"] = "not_this_branch"
            continue
        for item in section.items:
            fields[item.code] = "left_out"
            fields[f"{item.code}.left"] = "could_not_see_or_hear"
    return tuple(fields.items())


def _approve(session: Session, staff: Staff, visit: Visit, now: datetime) -> None:
    revision = newest_revision_of_visit(session, visit)
    assert revision is not None
    reviews.approve(session, staff.reviewer, revision, frozenset(), now=now)


def _void_some(
    session: Session, staff: Staff, chance: random.Random, visits: Sequence[Visit], now: datetime
) -> None:
    published = [visit for visit in visits if visit.state is VisitState.PUBLISHED]
    for visit in chance.sample(published, min(len(published), chance.randint(0, 2))):
        rankings.void_visit(session, staff.administrator, visit, "对不上录像", now=now)


def _random_id(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)
