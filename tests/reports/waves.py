"""Made-up waves as lines of a data export: small and crowded, so that ties and edge cases are frequent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias
from uuid import UUID

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

ROLES = ("lobby_manager", "teller", "customer_manager")
KINDS_OF_BRANCH = ("基础", "精品", "财富")
CREDITS = ("0", "0", "1/4", "1/3", "1/2", "4/5", "1", "1", "1")
REASONS = (
    "did_not_occur",
    "could_not_see_or_hear",
    "would_have_given_me_away",
    "not_this_branch",
    "not_said",
    "other",
)


@dataclass(frozen=True)
class Period:
    """What tells one made-up wave from the next."""

    code: str
    opens_on: str
    closes_on: str
    ranking: int = 1
    previous: tuple[str, int] | None = None


FIRST = Period("2026Q2", "2026-04-01", "2026-06-20", ranking=2)
SECOND = Period("2026Q3", "2026-07-01", "2026-09-20", previous=("2026Q2", 2))


@dataclass(frozen=True)
class Style:
    """How varied a made-up wave's visits are."""

    credits: tuple[str, ...]
    weights: tuple[str, ...]
    caps: tuple[int, ...]
    deductions: tuple[int, ...]
    left_out: float


VARIED = Style(CREDITS, ("1", "2", "2", "1/3"), (5900, 5900, 3000), (0, 0, 0, 200, 9000), 0.25)
CROWDED = Style(("0", "1", "1"), ("1",), (10_000, 10_000, 5000, 0), (0,), 0.1)
"""Few different scores, so that many branches share theirs and the rules after the score decide."""
FLAT = Style((*["1"] * 12, "0"), ("1",), (10_000, 10_000, 0), (0,), 0.02)
"""Hardly any difference, so that regions share scores too."""


@dataclass(frozen=True)
class Item:
    """An item of a made-up variant."""

    code: str
    kind: str
    weight: str
    veto: str | None


@dataclass(frozen=True)
class Section:
    """A section of a made-up variant."""

    flow: str
    flow_weight: str
    situation: int
    situation_weight: str
    standing: bool
    lead: str
    items: tuple[Item, ...]


def made_up_wave(seed: int, period: Period = SECOND, rank_by: str | None = None) -> list[str]:
    """Return the lines of a wave, without scores and fingerprint; the same seed makes the same lines.

    Waves of one seed share their region tree, so that one can be the other's previous wave.
    """
    units, branches = organisation(Random(seed))  # noqa: S311 - made-up numbers, no secrets
    random = Random(f"{seed} {period.code}")  # noqa: S311 - made-up numbers, no secrets
    ranked_by = rank_by or random.choice(["score", "over_par"])
    present = [branch for branch in branches if random.random() < 0.9]
    visits = made_up_visits(random, period.code, [code for code, _, _ in present])
    wave: dict[str, Json] = {
        "kind": "wave",
        "code": period.code,
        "mode": "mystery",
        "opens_on": period.opens_on,
        "closes_on": period.closes_on,
        "min_visits": random.choice([1, 1, 2]),
        "rank_by": ranked_by,
        "ranking": period.ranking,
        "previous": None
        if period.previous is None
        else {"code": period.previous[0], "ranking": period.previous[1]},
        "units": units,
        "targets": [
            {"branch": {"code": code, "name": f"网点{code}", "kind": kind}, "region": list(path)}
            for code, kind, path in present
        ],
    }
    if ranked_by == "over_par" and period.ranking > 1:
        numbers = sorted(random.sample(range(1, 8), 3))
        wave["pars"] = {str(number): f"{random.randrange(20_000)}/2" for number in numbers}
    return [json.dumps(line, ensure_ascii=False) for line in [wave, *visits]]


def organisation(random: Random) -> tuple[list[Json], list[tuple[str, str, tuple[str, ...]]]]:
    """Return regions of uneven depth, some without any branch, and branches hung up anywhere in them."""
    paths: list[tuple[str, ...]] = [("HO",)]
    for number in range(random.randrange(9)):
        above = random.choice([path for path in paths if len(path) < 5])
        paths.append((*above, f"R{number:02}"))
    units: list[Json] = [
        {"code": path[-1], "name": f"机构{path[-1]}", "parent": path[-2] if len(path) > 1 else None}
        for path in paths
    ]
    branches = [
        (f"{number:04}", random.choice(KINDS_OF_BRANCH), random.choice(paths))
        for number in range(1, random.randrange(2, 14))
    ]
    return units, branches


def made_up_visits(random: Random, wave: str, branches: Sequence[str]) -> list[dict[str, Json]]:
    """Return visits of up to three made-up variants; some branches get none, many get two."""
    style = random.choice([VARIED, VARIED, CROWDED, FLAT])
    veto_share = random.choice([0.0, 0.1, 0.5])
    variants = [variant(random, style, veto_share) for _ in range(random.randrange(1, 4))]
    visits: list[dict[str, Json]] = []
    for branch in branches:
        times = random.choice([0, 1, 1, 2, 2, 3])
        visits.extend(visit(random, style, (wave, branch), random.choice(variants)) for _ in range(times))
    random.shuffle(visits)
    return visits


def variant(random: Random, style: Style, veto_share: float) -> list[Section]:
    """Return a checklist of one to three flows, perhaps a standing one, with few light items."""
    sections: list[Section] = []
    for flow in range(1, random.randrange(2, 5)):
        standing = flow == 3
        weight = random.choice(["1", "1", "2", "3/7"]) if style is VARIED else "1"
        for place in range(random.randrange(1, 3)):
            number = 901 + place if standing else 2 * flow - 1 + place
            kinds = ("condition",) if standing else ("action", "phrase", "delivery")
            items = made_up_items(random, number, kinds, (style.weights, veto_share))
            sections.append(
                Section(
                    flow="E" if standing else f"F{flow}",
                    flow_weight=weight,
                    situation=number,
                    situation_weight=random.choice(["1", "1", "1/2"]) if style is VARIED else "1",
                    standing=standing,
                    lead="branch" if standing else random.choice(ROLES),
                    items=items,
                )
            )
    return sections


def made_up_items(
    random: Random, situation: int, kinds: Sequence[str], spread: tuple[Sequence[str], float]
) -> tuple[Item, ...]:
    """Return one to three items of a situation; `spread` are the weights and the share of vetoes."""
    scopes = ["situation", "role", "flow", "visit", "visit"]
    weights, veto_share = spread
    return tuple(
        Item(
            code=f"S{situation:02}.A{number}",
            kind=random.choice(kinds),
            weight=random.choice(weights),
            veto=random.choice(scopes) if random.random() < veto_share else None,
        )
        for number in range(1, random.randrange(2, 5))
    )


def visit(
    random: Random, style: Style, place: tuple[str, str], sections: Sequence[Section]
) -> dict[str, Json]:
    """Return the line of a visit of (wave, branch); a few visits have nothing answered at all."""
    left_out = 1.0 if random.random() < 0.04 else style.left_out
    points = [random.choice(style.deductions) for _ in range(2)]
    deductions: list[Json] = [{"code": "forbidden_words", "points": cost} for cost in points if cost]
    return {
        "kind": "visit",
        "wave": place[0],
        "visit": str(UUID(int=random.getrandbits(128))),
        "revision": random.choice([1, 1, 2]),
        "rules_version": "1",
        "veto_cap": random.choice(style.caps),
        "branch": place[1],
        "sections": [filled(random, section, style.credits, left_out) for section in sections],
        "deductions": deductions,
    }


def filled(random: Random, section: Section, earned: Sequence[str], share_left_out: float) -> Json:
    """Return a section as an inspector may have filled it in."""
    gates = ["occurred"] * 6 + ["nobody_acted", "did_not_occur"]
    gate = "occurred" if section.standing or share_left_out == 1 else random.choice(gates)
    served = random.choice([section.lead, section.lead, *ROLES])
    roles: dict[str, str | None] = {
        "occurred": served,
        "nobody_acted": section.lead,
        "did_not_occur": None,
    }
    items: list[Json] = []
    for item in section.items:
        credit: str | None = random.choice(earned)
        left_out: str | None = None
        if gate == "nobody_acted":
            credit = "0"
        elif gate == "did_not_occur":
            credit, left_out = None, "did_not_occur"
        elif random.random() < share_left_out:
            credit, left_out = None, random.choice(REASONS)
        items.append(
            {
                "code": item.code,
                "kind": item.kind,
                "weight": item.weight,
                "credit": credit,
                "veto": item.veto,
                "left_out": left_out,
            }
        )
    return {
        "flow": section.flow,
        "flow_weight": section.flow_weight,
        "situation": section.situation,
        "situation_weight": section.situation_weight,
        "standing": section.standing,
        "gate": gate,
        "role": roles[gate],
        "lead": section.lead,
        "items": items,
    }
