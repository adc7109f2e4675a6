"""A bank of any size with three published waves, written in bulk: what the pages' benchmarks read."""

import json
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from checklists.edition_loading import shipped_edition
from checklists.generation import generate
from checklists.handbook import Mode
from checklists.recipe_loading import shipped_recipe
from inspect_app.db import Database, open_database, transaction
from inspect_app.migrations import upgrade
from inspect_app.models.organisation import Branch, Region
from inspect_app.models.people import User, UserKind
from inspect_app.models.rankings import RankingRow, StoredRanking
from inspect_app.models.waves import Target, Variant, Wave, WaveState
from inspect_app.services.handbooks import store_checklist, store_edition
from inspect_app.services.passwords import hash_password
from reports.places import PlacedBy
from reports.rankings import RankBy

REGIONS = 40
NOW = datetime(2026, 10, 12, 1, tzinfo=UTC)
PASSWORD = "benchmark-only"  # noqa: S105 - of a bank that lives as long as the benchmark
PERIODS = (
    (1, date(2026, 1, 5), date(2026, 3, 20)),
    (2, date(2026, 4, 1), date(2026, 6, 20)),
    (3, date(2026, 7, 1), date(2026, 9, 20)),
)

Row = dict[str, object]


def made_bank(folder: Path, branches: int) -> Database:
    """Return a new database with this many branches in 40 regions, ranked in three waves."""
    database = open_database(f"sqlite:///{folder / f'bank-{branches}.sqlite3'}")
    upgrade(database)
    chance = random.Random(branches)  # noqa: S311 - the same size must give the same bank
    with transaction(database) as session:
        checklist = generate(shipped_edition(), shipped_recipe("mystery"))
        store_edition(session, shipped_edition(), now=NOW)
        store_checklist(session, checklist, now=NOW)
        regions = list(_regions())
        kept = list(_branches(regions, branches))
        session.execute(insert(Region), regions)
        session.execute(insert(Branch), kept)
        session.execute(
            insert(User),
            [
                _user("head", UserKind.ADMINISTRATOR, None),
                _user("region", UserKind.REGIONAL_MANAGER, regions[7]["id"]),
            ],
        )
        previous = None
        for quarter, opens_on, closes_on in PERIODS:
            wave = _wave(regions, quarter, opens_on, closes_on)
            session.execute(insert(Wave), [wave])
            variant = {
                "id": uuid.uuid4(),
                "wave_id": wave["id"],
                "number": 1,
                "checklist_hash": checklist.hash,
            }
            session.execute(insert(Variant), [variant])
            previous = _rank(session, wave, regions, kept, previous, chance)
    return database


def _regions() -> Iterator[Row]:
    root = uuid.uuid4()
    yield {
        "id": root,
        "code": "HO",
        "name": "总行",
        "name_key": "zong hang",
        "parent_id": None,
        "path": "/HO/",
    }
    for number in range(1, REGIONS + 1):
        code = f"R{number:02}"
        yield {
            "id": uuid.uuid4(),
            "code": code,
            "name": f"第 {number} 分行",
            "name_key": code,
            "parent_id": root,
            "path": f"/HO/{code}/",
        }


def _branches(regions: list[Row], count: int) -> Iterator[Row]:
    for number in range(count):
        region = regions[1 + number % REGIONS]
        yield {
            "id": uuid.uuid4(),
            "code": f"{number:05}",
            "name": f"第 {number} 支行",
            "name_key": f"{number:05}",
            "kind": ("基础", "精品", "财富")[number % 3],
            "address": "",
            "region_id": region["id"],
            "path": region["path"],
        }


def _user(name: str, kind: UserKind, region_id: object) -> Row:
    return {
        "id": uuid.uuid4(),
        "username": name,
        "display_name": name,
        "kind": kind,
        "password_hash": hash_password(PASSWORD),
        "region_id": region_id,
        "branch_id": None,
        "language": "zh-Hans",
        "is_active": True,
        "session_version": 1,
        "created_at": NOW,
    }


def _wave(regions: list[Row], quarter: int, opens_on: date, closes_on: date) -> Row:
    units = [
        {"code": one["code"], "name": one["name"], "parent": None if one["parent_id"] is None else "HO"}
        for one in regions
    ]
    return {
        "id": uuid.uuid4(),
        "code": f"2026Q{quarter}",
        "name": f"2026 年第 {quarter} 季度",
        "mode": Mode.MYSTERY,
        "state": WaveState.PUBLISHED,
        "opens_on": opens_on,
        "closes_on": closes_on,
        "min_visits": 1,
        "rank_by": RankBy.SCORE,
        "disclosure_days": 0,
        "units": json.dumps(units),
        "opened_at": NOW,
        "closed_at": NOW,
        "disclosed_at": NOW,
        "published_at": NOW,
        "version": 1,
    }


def _rank(
    session: Session,
    wave: Row,
    regions: list[Row],
    branches: list[Row],
    previous: object,
    chance: random.Random,
) -> object:
    targets = [
        {
            "id": uuid.uuid4(),
            "wave_id": wave["id"],
            "branch_id": one["id"],
            "branch_code": one["code"],
            "branch_name": one["name"],
            "branch_kind": one["kind"],
            "region_path": one["path"],
            "visits_wanted": 2,
        }
        for one in branches
    ]
    session.execute(insert(Target), targets)
    ranking: Row = {
        "id": uuid.uuid4(),
        "wave_id": wave["id"],
        "number": 1,
        "fingerprint": "0" * 64,
        "previous_id": previous,
        "pars": None,
        "rules_version": "1",
        "reason": None,
        "published_at": NOW,
    }
    session.execute(insert(StoredRanking), [ranking])
    scores = sorted((chance.randint(6000, 9999) for _ in targets), reverse=True)
    chance.shuffle(targets)
    rows = [
        _row(ranking, "branch", place, target["branch_code"], target["region_path"], target["id"], score)
        for place, (target, score) in enumerate(zip(targets, scores, strict=True), start=1)
    ]
    rows += [
        _row(ranking, "region", place, one["code"], one["path"], None, 9000 - place)
        for place, one in enumerate(regions, start=1)
    ]
    session.execute(insert(RankingRow), rows)
    return ranking["id"]


def _row(
    ranking: Row, table: str, position: int, unit: object, path: object, target: object, score: int
) -> Row:
    rank = None if unit == "HO" else position - (table == "region")
    return {
        "ranking_id": ranking["id"],
        "table": table,
        "position": position,
        "unit": unit,
        "path": path,
        "target_id": target,
        "rank": rank,
        "score": score,
        "over_par": None,
        "visits": 2,
        "branches": 0,
        "rank_change": None,
        "score_change": score % 400 - 200,
        "rank_in_kind": rank,
        "vetoes": score % 97 == 0,
        "phrase": f"{score}/1",
        "action": f"{score}/1",
        "delivery": None,
        "condition": None,
        "low": score,
        "high": score,
        "interval_low": None,
        "interval_high": None,
        "placed_by": None if rank is None else PlacedBy.SCORE,
        "unranked": None,
    }
