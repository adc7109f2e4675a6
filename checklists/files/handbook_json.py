"""A handbook edition as JSON for reading in one language."""

from collections.abc import Iterable

from checklists.handbook import Clause, Edition, Flow, Kind, Situation, Text
from checklists.json_values import Json


def edition_as_json(edition: Edition, language: str) -> dict[str, Json]:
    """Return an edition, its texts in one language, the own one where there is no rendering.

    Source:
        docs/handbook-format.md, "As JSON".
    """
    return {
        "edition": edition.number,
        "language": language,
        "own_language": edition.language,
        "title": edition.title.in_language(language),
        "roles": [{"code": role.code, "name": role.name.in_language(language)} for role in edition.roles],
        "flows": [_flow(flow, language) for flow in edition.flows],
    }


def _flow(flow: Flow, language: str) -> Json:
    return {
        "code": flow.code,
        "name": flow.name.in_language(language),
        "standing": flow.standing,
        "description": flow.description.in_language(language),
        "key_points": _texts(flow.key_points, language),
        "situations": [_situation(situation, language) for situation in flow.situations],
    }


def _situation(situation: Situation, language: str) -> Json:
    return {
        "number": situation.number,
        "name": situation.name.in_language(language),
        "cue": situation.cue.in_language(language),
        "provenance": situation.provenance,
        "lead": situation.lead,
        "lead_provenance": situation.lead_provenance,
        "leads_with": situation.leads_with,
        "manages": situation.manages,
        "performs": situation.performs,
        "occasion": situation.occasion,
        "needs_account": situation.needs_account,
        "excludes": situation.excludes,
        "key_points": _texts(situation.key_points, language),
        "instructions": {mode: text.in_language(language) for mode, text in situation.instructions},
        "clauses": [_clause(clause, language) for clause in situation.clauses],
    }


def _clause(clause: Clause, language: str) -> Json:
    whole: dict[str, Json] = {
        "code": clause.code,
        "kind": clause.kind,
        "text": clause.text.in_language(language),
        "provenance": clause.provenance,
        "question": clause.question.in_language(language),
        "guidance": None if clause.guidance is None else clause.guidance.in_language(language),
        "shortfalls": _texts(clause.shortfalls, language),
        "modes": clause.modes,
        "counts_people": clause.counts_people,
    }
    if clause.kind is Kind.PHRASE:
        whole["wordings"] = _texts(clause.wordings, language)
        whole["elements"] = _texts(clause.elements, language)
    return whole


def _texts(texts: Iterable[Text], language: str) -> list[Json]:
    return [text.in_language(language) for text in texts]
