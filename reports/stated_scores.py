"""The `scores` of a visit as JSON: stored beside its answers, exported, and read back, all or in part."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from checklists.json_values import Json, compact_json
from checklists.scoring import Scores


class Part(StrEnum):
    """Scores of which a visit has several, each under a code of its own."""

    FLOWS = "flows"
    SITUATIONS = "situations"
    ROLES = "roles"
    ACCOUNTABLE = "accountable"


class Total(StrEnum):
    """Scores of which a visit has one."""

    VISIT = "visit"
    ACTION = "action"
    PHRASE = "phrase"
    DELIVERY = "delivery"
    CONDITION = "condition"
    VETOES_FAILED = "vetoes_failed"
    LOW = "low"
    HIGH = "high"
    PAR = "par"


class StatedScoresError(ValueError):
    """A stored document is not the scores of a visit; the sentence says what was expected."""


@dataclass(frozen=True, slots=True)
class StatedScores:
    """What a document says of a visit's scores; a key that is missing says nothing.

    Attributes:
        totals: hundredths of a point, None where the document says that it is undefined.
        parts: by code (situations by number), hundredths of a point; a code that is absent is undefined.
    """

    totals: Mapping[Total, int | None]
    parts: Mapping[Part, Mapping[str, int]]


def state(scores: Scores) -> StatedScores:
    """Return all scores of a visit, nothing missing."""
    return StatedScores(
        totals={
            Total.VISIT: scores.visit,
            Total.ACTION: scores.action,
            Total.PHRASE: scores.phrase,
            Total.DELIVERY: scores.delivery,
            Total.CONDITION: scores.condition,
            Total.VETOES_FAILED: scores.vetoes_failed,
            Total.LOW: scores.low,
            Total.HIGH: scores.high,
            Total.PAR: scores.par,
        },
        parts={
            Part.FLOWS: dict(sorted(scores.flows.items())),
            Part.SITUATIONS: {str(number): score for number, score in sorted(scores.situations.items())},
            Part.ROLES: dict(sorted(scores.roles.items())),
            Part.ACCOUNTABLE: dict(sorted(scores.accountable.items())),
        },
    )


def scores_json(stated: StatedScores) -> dict[str, Json]:
    """Return the object of the data export, keys in its order; what is not stated stays missing."""
    visit: dict[str, Json] = {key: score for key, score in stated.totals.items() if key is Total.VISIT}
    parts: dict[str, Json] = {key: stated.parts[key] for key in Part if key in stated.parts}
    others: dict[str, Json] = {
        key: stated.totals[key] for key in Total if key in stated.totals and key is not Total.VISIT
    }
    return visit | parts | others


def scores_text(scores: Scores) -> str:
    """Return what is stored beside a revision: the same scores always give the same text."""
    return compact_json(scores_json(state(scores)))


def parse_scores(text: str) -> Scores:
    """Return the scores of a stored text.

    Raises:
        StatedScoresError: it is not a JSON object with all scores of a visit.
    """
    problems: list[str] = []
    try:
        stated = read_stated(json.loads(text), problems)
    except ValueError as error:
        raise StatedScoresError(f"the stored scores are not JSON: {error}") from None
    problems += [f"scores.{key} is missing" for key in Total if key not in stated.totals]
    problems += [f"scores.{key} is missing" for key in Part if key not in stated.parts]
    if problems:
        raise StatedScoresError(f"the stored scores cannot be read: {problems[0]}")
    return _scores(stated)


def read_stated(document: object, problems: list[str]) -> StatedScores:
    """Return what a JSON value says of a visit's scores; every fault is added to `problems`."""
    if not isinstance(document, dict):
        problems.append(f"scores is {_shown(document)}, but should be an object")
        return StatedScores({}, {})
    return StatedScores(
        totals={key: _total(document[key], key, problems) for key in Total if key in document},
        parts={key: _part(document[key], key, problems) for key in Part if key in document},
    )


def _total(value: object, key: Total, problems: list[str]) -> int | None:
    if value is None and key is not Total.VETOES_FAILED:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    kind = (
        "a whole number" if key is Total.VETOES_FAILED else "hundredths of a point as a whole number, or null"
    )
    problems.append(f"scores.{key} is {_shown(value)}, but should be {kind}")
    return None


def _part(value: object, key: Part, problems: list[str]) -> dict[str, int]:
    if not isinstance(value, dict):
        problems.append(f"scores.{key} is {_shown(value)}, but should be an object")
        return {}
    part: dict[str, int] = {}
    for code, score in value.items():
        if isinstance(score, int) and not isinstance(score, bool):
            part[code] = score
        elif score is not None:
            problems.append(
                f"scores.{key}.{code} is {_shown(score)}, but should be hundredths of a point as a whole "
                "number, or null"
            )
        if key is Part.SITUATIONS and not (code.isascii() and code.isdigit()):
            problems.append(f"scores.situations.{code} should be under a situation's number")
    return part


def _shown(value: object) -> str:
    return repr(value)[:40]


def _scores(stated: StatedScores) -> Scores:
    totals, parts = stated.totals, stated.parts
    return Scores(
        visit=totals[Total.VISIT],
        flows=parts[Part.FLOWS],
        situations={int(number): score for number, score in parts[Part.SITUATIONS].items()},
        roles=parts[Part.ROLES],
        accountable=parts[Part.ACCOUNTABLE],
        action=totals[Total.ACTION],
        phrase=totals[Total.PHRASE],
        delivery=totals[Total.DELIVERY],
        condition=totals[Total.CONDITION],
        vetoes_failed=totals[Total.VETOES_FAILED] or 0,
        low=totals[Total.LOW],
        high=totals[Total.HIGH],
        par=totals[Total.PAR],
    )
