"""Lines of a data export as the interface shows them, to be changed one key at a time."""

import json
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

WAVE = """{"kind": "wave", "code": "2026Q3", "mode": "mystery", "opens_on": "2026-07-01",
 "closes_on": "2026-09-20", "min_visits": 1, "rank_by": "score", "ranking": 1, "previous": null,
 "units": [{"code": "HO", "name": "总行", "parent": null}, {"code": "R01", "name": "一分行", "parent": "HO"}],
 "targets": [{"branch": {"code": "0101", "name": "城东", "kind": "基础"}, "region": ["HO", "R01"]}]}"""
VISIT = """{"kind": "visit", "wave": "2026Q3", "visit": "v1", "revision": 1, "rules_version": "1",
 "veto_cap": 5900, "branch": "0101",
 "sections": [{"flow": "F2", "flow_weight": "1", "situation": 6, "situation_weight": "1", "standing": false,
   "gate": "occurred", "role": "lobby_manager", "lead": "lobby_manager",
   "items": [{"code": "S06.A1", "kind": "action", "weight": "2", "credit": "1/2", "veto": null,
              "left_out": null},
             {"code": "S06.P1", "kind": "phrase", "weight": "2", "credit": "1", "veto": null,
              "left_out": null}]}],
 "deductions": [{"code": "forbidden_words", "points": 200}],
 "scores": {"visit": 7300, "flows": {"F2": 7500}, "situations": {"6": 7500},
   "roles": {"lobby_manager": 7500}, "accountable": {"lobby_manager": 7500}, "action": 5000,
   "phrase": 10000, "delivery": null, "condition": null, "vetoes_failed": 0, "low": 7300, "high": 7300,
   "par": null}}"""

MISSING = object()
"""Stands for a key that is to be taken away."""


def line(text: str, *changes: tuple[str, object]) -> str:
    """Return a line with other values under some paths such as `sections.0.items.1.credit`."""
    document: Json = json.loads(text)
    for path, value in changes:
        *above, last = path.split(".")
        place = document
        for step in above:
            place = _member(place, step)
        _put(place, last, value)
    return json.dumps(document, ensure_ascii=False)


def _member(place: Json, step: str) -> Json:
    if isinstance(place, list):
        return place[int(step)]
    assert isinstance(place, dict)
    return place[step]


def _put(place: Json, step: str, value: object) -> None:
    if isinstance(place, dict) and value is MISSING:
        del place[step]
        return
    replacement: Json = json.loads(json.dumps(value))
    if isinstance(place, list):
        place[int(step)] = replacement
    else:
        assert isinstance(place, dict)
        place[step] = replacement
