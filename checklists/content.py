"""A checklist's content as plain JSON values: what its hash covers, what is stored and what is exported."""

import hashlib
from collections.abc import Callable, Iterable

from checklists.checklist import Checklist, DeductionRule, Item, Section
from checklists.handbook import StaffRole, Text
from checklists.json_values import Json, canonical_json

WriteText = Callable[[Text], Json]
"""How a text is written: in its own language, in another, or with all its renderings."""


def content_hash(checklist: Checklist) -> str:
    """Return the SHA-256, as 64 hexadecimal digits, of what a checklist asks and how it counts.

    It covers codes, weights, vetoes, scale, caps and every text in the edition's own language; not the
    recipe's name, translations or the clauses left out.

    Source:
        docs/recipes.md, "The hash".
    """
    return hashlib.sha256(canonical_json(content(checklist, lambda text: text.own))).hexdigest()


def content(checklist: Checklist, write: WriteText) -> dict[str, Json]:
    """Return what a checklist asks and how it counts, with its texts as `write` makes them."""
    return {
        "edition": checklist.edition,
        "mode": checklist.mode,
        "language": checklist.language,
        "waiting_minutes": checklist.waiting_minutes,
        "minutes_on_site": checklist.minutes_on_site,
        "veto_cap": checklist.veto_cap,
        "scale": {"partly": str(checklist.scale.partly), "changed": str(checklist.scale.changed)},
        "deductions": [_deduction(rule, write) for rule in checklist.deductions],
        "staff_roles": [_staff_role(role, write) for role in checklist.roles],
        "sections": [_section(section, write) for section in checklist.sections],
    }


def _deduction(rule: DeductionRule, write: WriteText) -> Json:
    return {"code": rule.code, "name": write(rule.name), "points": rule.points}


def _staff_role(role: StaffRole, write: WriteText) -> Json:
    return {"code": role.code, "name": write(role.name)}


def _section(section: Section, write: WriteText) -> Json:
    return {
        "code": section.code,
        "flow": section.flow,
        "flow_name": write(section.flow_name),
        "flow_weight": str(section.flow_weight),
        "situation": section.situation,
        "name": write(section.name),
        "situation_weight": str(section.situation_weight),
        "cue": write(section.cue),
        "instruction": write(section.instruction),
        "occasion": section.occasion,
        "lead": section.lead,
        "roles": section.roles,
        "provenance": section.provenance,
        "standing": section.standing,
        "needs_account": section.needs_account,
        "key_points": _texts(section.key_points, write),
        "items": [_item(item, write) for item in section.items],
    }


def _item(item: Item, write: WriteText) -> Json:
    return {
        "code": item.code,
        "kind": item.kind,
        "question": write(item.question),
        "standard": write(item.standard),
        "provenance": item.provenance,
        "weight": str(item.weight),
        "veto": item.veto,
        "counted": item.counted,
        "wordings": _texts(item.wordings, write),
        "elements": _texts(item.elements, write),
        "guidance": None if item.guidance is None else write(item.guidance),
        "shortfalls": _texts(item.shortfalls, write),
    }


def _texts(texts: Iterable[Text], write: WriteText) -> list[Json]:
    return [write(text) for text in texts]
