"""A second program for every published number, written from the rules' text alone.

It reads the lines of a data export as plain JSON, computes in fractions, in the plainest way, and shares no
code with the product: where both agree, the rules were read alike twice.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypedDict, TypeVar, cast

KINDS = ("action", "phrase", "delivery", "condition")
FILLED = ("could_not_see_or_hear", "would_have_given_me_away", "other")
RULES = ("score", "vetoes", "phrase", "action")

T = TypeVar("T")


class ItemLine(TypedDict):
    """An item of a section."""

    code: str
    kind: str
    weight: str
    credit: str | None
    veto: str | None
    left_out: str | None


class SectionLine(TypedDict):
    """A section of a visit."""

    flow: str
    flow_weight: str
    situation: int
    situation_weight: str
    standing: bool
    gate: str
    role: str | None
    lead: str
    items: list[ItemLine]


class DeductionLine(TypedDict):
    """A deduction of a visit."""

    code: str
    points: int


class ScoresLine(TypedDict):
    """The scores of a visit."""

    visit: int | None
    flows: dict[str, int]
    situations: dict[str, int]
    roles: dict[str, int]
    accountable: dict[str, int]
    action: int | None
    phrase: int | None
    delivery: int | None
    condition: int | None
    vetoes_failed: int
    low: int | None
    high: int | None
    par: int | None


class VisitLine(TypedDict):
    """A visit's line, without what plays no part in its numbers."""

    visit: str
    branch: str
    veto_cap: int
    sections: list[SectionLine]
    deductions: list[DeductionLine]


class UnitLine(TypedDict):
    """A region."""

    code: str
    name: str
    parent: str | None


class BranchLine(TypedDict):
    """A branch."""

    code: str
    name: str
    kind: str


class TargetLine(TypedDict):
    """A branch with the regions above it."""

    branch: BranchLine
    region: list[str]


class WaveLine(TypedDict, total=False):
    """The wave's line, without what plays no part in its numbers."""

    code: str
    min_visits: int
    rank_by: str
    ranking: int
    pars: dict[str, str]
    units: list[UnitLine]
    targets: list[TargetLine]


@dataclass
class Row:
    """A unit's line in a table, as a workbook prints it."""

    code: str
    rank: int | None = None
    rank_in_kind: int | None = None
    score: int | None = None
    over_par: int | None = None
    visits: int = 0
    rank_change: int | None = None
    score_change: int | None = None
    vetoes: int = 0
    phrase: Fraction | None = None
    action: Fraction | None = None
    low: int | None = None
    high: int | None = None
    branches: int = 0
    placed_by: str | None = None
    unranked: str | None = None


@dataclass
class Result:
    """All that comes out of a wave's lines."""

    scores: dict[str, ScoresLine] = field(default_factory=dict)
    pars: dict[int, Fraction] = field(default_factory=dict)
    tables: dict[str, dict[str, Row]] = field(default_factory=dict)
    fingerprint: str = ""


def half_up(value: Fraction) -> int:
    """Round to a whole number, a half upwards."""
    return (value + Fraction(1, 2)).__floor__()


def mean(values: Sequence[int]) -> Fraction | None:
    """Return the exact mean of whole numbers."""
    return Fraction(sum(values), len(values)) if values else None


def rounded(value: Fraction | None) -> int | None:
    """Round what is defined."""
    return None if value is None else half_up(value)


def is_answered(item: ItemLine) -> bool:
    """Say whether an item has a credit."""
    return item["credit"] is not None


def credit_of(item: ItemLine, gate: str, filling: int | None) -> Fraction | None:
    """Return an item's credit, or what is taken for it."""
    if item["credit"] is not None:
        return Fraction(item["credit"])
    if filling is not None and gate == "occurred" and item["left_out"] in FILLED:
        return Fraction(filling)
    return None


def points_of_situation(section: SectionLine, filling: int | None) -> Fraction | None:
    """Take step 1: what the items of one situation earned, from 0 to 100."""
    above = below = Fraction(0)
    for item in section["items"]:
        credit = credit_of(item, section["gate"], filling)
        if credit is not None:
            above += Fraction(item["weight"]) * credit
            below += Fraction(item["weight"])
    return 100 * above / below if below else None


def failed(sections: Iterable[SectionLine], scope: str) -> list[SectionLine]:
    """Return the section of each veto of one scope that acted; as often as vetoes acted in it."""
    return [
        section
        for section in sections
        for item in section["items"]
        if item["veto"] == scope and item["credit"] is not None and Fraction(item["credit"]) == 0
    ]


@dataclass
class Levels:
    """Situations, flows and the whole, exact, from 0 to 100."""

    situations: dict[int, Fraction]
    flows: dict[str, Fraction]
    whole: Fraction | None


def flows_and_whole(
    sections: list[SectionLine], situations: dict[int, Fraction], zero_flows: set[str]
) -> Levels:
    """Take steps 3 and 4: the means of situations and of flows."""
    flows: dict[str, Fraction] = {}
    weights: dict[str, Fraction] = {}
    for flow in {section["flow"] for section in sections}:
        inside = [s for s in sections if s["flow"] == flow and s["situation"] in situations]
        if inside:
            flows[flow] = weighted((s["situation_weight"], situations[s["situation"]]) for s in inside)
            weights[flow] = Fraction(inside[0]["flow_weight"])
            if flow in zero_flows:
                flows[flow] = Fraction(0)
    whole = weighted((str(weights[flow]), flows[flow]) for flow in flows) if flows else None
    return Levels(situations, flows, whole)


def weighted(parts: Iterable[tuple[str, Fraction]]) -> Fraction:
    """Return a weighted mean; there is at least one part."""
    above = below = Fraction(0)
    for weight, points in parts:
        above += Fraction(weight) * points
        below += Fraction(weight)
    return above / below


def levels(sections: list[SectionLine], filling: int | None = None) -> Levels:
    """Take steps 1 to 4, vetoes included."""
    situations: dict[int, Fraction] = {}
    leads = [section["lead"] for section in failed(sections, "role")]
    alone = [section["situation"] for section in failed(sections, "situation")]
    for section in sections:
        points = points_of_situation(section, filling)
        if points is None:
            continue
        without_filling = points_of_situation(section, None)
        taken = section["lead"] in leads and without_filling is not None
        situations[section["situation"]] = Fraction(0) if taken or section["situation"] in alone else points
    return flows_and_whole(sections, situations, {section["flow"] for section in failed(sections, "flow")})


def settled(visit: VisitLine, filling: int | None = None) -> int | None:
    """Take steps 5 and 6: rounding, cap and deductions."""
    whole = levels(visit["sections"], filling).whole
    if whole is None:
        return None
    points = half_up(100 * whole)
    if failed(visit["sections"], "visit"):
        points = min(points, visit["veto_cap"])
    for deduction in visit["deductions"]:
        points -= deduction["points"]
    return max(points, 0)


def of_part(sections: list[SectionLine]) -> int | None:
    """Return the score of a role's sections."""
    whole = levels(sections).whole
    return None if whole is None else half_up(100 * whole)


def of_kind(visit: VisitLine, kind: str) -> int | None:
    """Return the score of one kind of item."""
    sections: list[SectionLine] = []
    for section in visit["sections"]:
        items: list[ItemLine] = [{**item, "veto": None} for item in section["items"] if item["kind"] == kind]
        sections.append({**section, "items": items})
    return of_part(sections)


def by_role(visit: VisitLine, role_of: Callable[[SectionLine], str | None]) -> dict[str, list[SectionLine]]:
    """Return the sections of each role."""
    parts: dict[str, list[SectionLine]] = {}
    for section in visit["sections"]:
        role = role_of(section)
        if role is not None:
            parts.setdefault(role, []).append(section)
    return parts


def defined(scores: dict[str, int | None]) -> dict[str, int]:
    """Leave out what is undefined."""
    return {code: score for code, score in scores.items() if score is not None}


def scores_of(visit: VisitLine) -> ScoresLine:
    """Return all scores of a visit but its par."""
    found = levels(visit["sections"])
    served = by_role(visit, lambda section: section["role"])
    led = by_role(visit, lambda section: section["lead"])
    return {
        "visit": settled(visit),
        "flows": {flow: half_up(100 * points) for flow, points in found.flows.items()},
        "situations": {str(number): half_up(100 * points) for number, points in found.situations.items()},
        "roles": defined({role: of_part(sections) for role, sections in served.items()}),
        "accountable": defined({role: of_part(sections) for role, sections in led.items()}),
        "action": of_kind(visit, "action"),
        "phrase": of_kind(visit, "phrase"),
        "delivery": of_kind(visit, "delivery"),
        "condition": of_kind(visit, "condition"),
        "vetoes_failed": len(failed(visit["sections"], "visit")),
        "low": settled(visit, 0),
        "high": settled(visit, 1),
        "par": None,
    }


def par_of(sections: list[SectionLine], pars: dict[int, Fraction]) -> int | None:
    """Return the par of these sections, in hundredths."""
    situations = {
        section["situation"]: pars[section["situation"]]
        for section in sections
        if points_of_situation(section, None) is not None
    }
    return rounded(flows_and_whole(sections, situations, set()).whole)


def recompute(lines: Sequence[str], previous: Result | None = None) -> Result:
    """Compute every number of a wave."""
    wave = cast("WaveLine", json.loads(lines[0]))
    visits = [cast("VisitLine", json.loads(line)) for line in lines[1:]]
    result = Result(scores={visit["visit"]: scores_of(visit) for visit in visits})
    counting = [visit for visit in visits if result.scores[visit["visit"]]["visit"] is not None]
    if wave["rank_by"] == "over_par":
        result.pars = pars_of(wave, [result.scores[visit["visit"]] for visit in counting])
        for visit in counting:
            result.scores[visit["visit"]]["par"] = par_of(visit["sections"], result.pars)
    branches = branch_table(wave, counting, result)
    result.tables["region"] = region_table(wave, branches)
    result.tables["branch"] = branches
    roles = {role for visit in counting for role in result.scores[visit["visit"]]["roles"]}
    for role in sorted(roles):
        result.tables[f"role:{role}"] = role_table(wave, counting, role, result)
    add_changes(result, previous)
    result.fingerprint = fingerprint_of(result)
    return result


def pars_of(wave: WaveLine, counting: list[ScoresLine]) -> dict[int, Fraction]:
    """Return the exact mean of each situation; frozen ones stay from the second ranking on."""
    seen: dict[int, list[int]] = {}
    for scores in counting:
        for number, points in scores["situations"].items():
            seen.setdefault(int(number), []).append(points)
    pars = {number: Fraction(sum(points), len(points)) for number, points in seen.items()}
    if wave["ranking"] > 1:
        for number, par in wave["pars"].items():
            pars[int(number)] = Fraction(par)
    return pars


def branch_table(wave: WaveLine, counting: list[VisitLine], result: Result) -> dict[str, Row]:
    """Return the table of branches."""
    rows: dict[str, Row] = {}
    for target in wave["targets"]:
        code = target["branch"]["code"]
        scores = [result.scores[visit["visit"]] for visit in counting if visit["branch"] == code]
        row = rows[code] = Row(code, visits=len(scores))
        row.score = rounded(mean([s["visit"] for s in scores if s["visit"] is not None]))
        row.low = rounded(mean([s["low"] for s in scores if s["low"] is not None]))
        row.high = rounded(mean([s["high"] for s in scores if s["high"] is not None]))
        row.phrase = mean([s["phrase"] for s in scores if s["phrase"] is not None])
        row.action = mean([s["action"] for s in scores if s["action"] is not None])
        row.vetoes = sum(s["vetoes_failed"] for s in scores)
        if wave["rank_by"] == "over_par":
            over = [s["visit"] - s["par"] for s in scores if s["visit"] is not None and s["par"] is not None]
            row.over_par = rounded(mean(over))
        if not scores:
            row.unranked = "no_visit"
        elif len(scores) < wave["min_visits"]:
            row.unranked = "too_few"
    ranked = [row for row in rows.values() if row.unranked is None]
    place(ranked, lambda row: branch_key(wave, row))
    place_in_kinds(wave, ranked, lambda row: branch_key(wave, row))
    return rows


def main_figure(wave: WaveLine, row: Row) -> int:
    """Return what a row is ranked by."""
    figure = row.over_par if wave["rank_by"] == "over_par" else row.score
    assert figure is not None
    return figure


def branch_key(wave: WaveLine, row: Row) -> list[Fraction]:
    """Return a branch's figures in the order of the rules; more is better, undefined is worse than 0."""
    return [
        Fraction(main_figure(wave, row)),
        -Fraction(row.vetoes, row.visits),
        Fraction(-1) if row.phrase is None else row.phrase,
        Fraction(-1) if row.action is None else row.action,
    ]


def place(rows: Sequence[Row], key: Callable[[Row], list[Fraction]]) -> None:
    """Give each row its rank and the rule that placed it."""
    for row in rows:
        row.rank = 1 + sum(1 for other in rows if key(other) > key(row))
        row.placed_by = "shared"
        alike = [other for other in rows if other is not row]
        for rule in range(len(key(row))):
            alike = [other for other in alike if key(other)[rule] == key(row)[rule]]
            if not alike:
                row.placed_by = RULES[rule]
                break


def place_in_kinds(wave: WaveLine, rows: Sequence[Row], key: Callable[[Row], list[Fraction]]) -> None:
    """Give each row its rank among the branches of its kind."""
    kinds = {target["branch"]["code"]: target["branch"]["kind"] for target in wave["targets"]}
    for row in rows:
        same = [other for other in rows if kinds[other.code] == kinds[row.code]]
        row.rank_in_kind = 1 + sum(1 for other in same if key(other) > key(row))


def role_table(wave: WaveLine, counting: list[VisitLine], role: str, result: Result) -> dict[str, Row]:
    """Return the table of one role: every target, one visit is enough."""
    rows: dict[str, Row] = {}
    for target in wave["targets"]:
        code = target["branch"]["code"]
        row = rows[code] = Row(code)
        scores: list[int] = []
        over: list[int] = []
        for visit in counting:
            points = result.scores[visit["visit"]]["roles"].get(role)
            if visit["branch"] != code or points is None:
                continue
            scores.append(points)
            if wave["rank_by"] == "over_par":
                par = par_of([s for s in visit["sections"] if s["role"] == role], result.pars)
                assert par is not None
                over.append(points - par)
        row.visits = len(scores)
        row.score, row.over_par = rounded(mean(scores)), rounded(mean(over))
        row.unranked = None if scores else "role_not_seen"
    ranked = [row for row in rows.values() if row.unranked is None]
    place(ranked, lambda row: [Fraction(main_figure(wave, row))])
    place_in_kinds(wave, ranked, lambda row: [Fraction(main_figure(wave, row))])
    return rows


def region_table(wave: WaveLine, branches: dict[str, Row]) -> dict[str, Row]:
    """Return the table of regions, each ranked among those of its depth."""
    rows: dict[str, Row] = {}
    for unit in wave["units"]:
        below = [
            branches[target["branch"]["code"]]
            for target in wave["targets"]
            if unit["code"] in target["region"] and branches[target["branch"]["code"]].rank is not None
        ]
        row = rows[unit["code"]] = Row(unit["code"], branches=len(below))
        row.score = rounded(mean([branch.score for branch in below if branch.score is not None]))
        row.over_par = rounded(mean([branch.over_par for branch in below if branch.over_par is not None]))
        row.visits = sum(branch.visits for branch in below)
        row.vetoes = sum(branch.vetoes for branch in below)
        row.unranked = None if below else "no_branch"
    for depth in range(1, 1 + max(depth_of(wave, code) for code in rows)):
        level = [row for row in rows.values() if depth_of(wave, row.code) == depth and row.unranked is None]
        place(level, lambda row: [Fraction(main_figure(wave, row)), -Fraction(row.vetoes, row.visits)])
    return rows


def depth_of(wave: WaveLine, code: str) -> int:
    """Return how many regions are above one."""
    parent = next(unit["parent"] for unit in wave["units"] if unit["code"] == code)
    return 0 if parent is None else 1 + depth_of(wave, parent)


def add_changes(result: Result, previous: Result | None) -> None:
    """Take each ranked row's changes from the previous ranking."""
    if previous is None:
        return
    for table, rows in result.tables.items():
        for code, row in rows.items():
            before = previous.tables.get(table, {}).get(code)
            if before is None or before.rank is None or row.rank is None:
                continue
            assert before.score is not None
            assert row.score is not None
            row.rank_change = before.rank - row.rank
            row.score_change = row.score - before.score


def fingerprint_of(result: Result) -> str:
    """Return the SHA-256 over the ranking's lines."""
    text = ""
    for table in ["region", "branch", *sorted(name for name in result.tables if name.startswith("role:"))]:
        for code in sorted(result.tables[table]):
            row = result.tables[table][code]
            rank = "-" if row.rank is None else str(row.rank)
            score = "-" if row.score is None else str(row.score)
            text += f"{table}\t{code}\t{rank}\t{score}\t{row.visits}\n"
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
