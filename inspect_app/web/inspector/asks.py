"""What a checklist asks, told so that a phone can say what is still missing; no weights, no credits."""

from collections.abc import Mapping

from checklists.checklist import Checklist, Item, Section
from checklists.fields import deduction_names, names
from checklists.handbook import Kind
from checklists.json_values import Json
from checklists.scoring.inspection import UNOBSERVED
from inspect_app.web.inspector.screens import DEDUCTION, DeductionScreen, Screen, SituationScreen, number_of
from inspect_app.web.languages import current_language


def asks_of(checklist: Checklist, screens: tuple[Screen, ...]) -> dict[str, Json]:
    """Return what a checklist asks, section by section.

    Args:
        screens: those that are open; of returned work what was returned.
    """
    by_code = {screen.code: screen for screen in screens}
    return {
        "sections": [_section(section, by_code.get(section.code)) for section in checklist.sections],
        "deductions": _deductions(checklist, by_code.get(DEDUCTION)),
        "unobserved": sorted(reason.value for reason in UNOBSERVED),
    }


def names_of(checklist: Checklist) -> dict[str, Json]:
    """Return the names of the fields of each section, in the order of the form."""
    fields: Mapping[str, list[str]] = {
        section.code: [field.name for field in names(section)] for section in checklist.sections
    }
    deductions = [field.name for field in deduction_names(checklist)]
    return {**fields, **({DEDUCTION: deductions} if deductions else {})}


def _section(section: Section, screen: Screen | None) -> dict[str, Json]:
    language = current_language()
    opened = screen if isinstance(screen, SituationScreen) else None
    asked = {one.item.code for one in opened.items} if opened is not None else set()
    return {
        "code": section.code,
        "situation": section.situation,
        "name": section.name.in_language(language),
        "flow": section.flow_name.in_language(language),
        "roles": list(section.roles),
        "is_standing": section.standing,
        "is_gate_open": opened is not None and opened.has_gate,
        "items": [_item(section, item, asked) for item in section.items],
    }


def _item(section: Section, item: Item, asked: set[str]) -> dict[str, Json]:
    return {
        "code": item.code,
        "kind": item.kind.value,
        "number": number_of(section, item),
        "question": item.question.in_language(current_language()),
        "elements": len(item.elements) if item.kind is Kind.PHRASE else 0,
        "is_counted": item.kind is not Kind.PHRASE and item.counted is not None,
        "is_open": item.code in asked,
    }


def _deductions(checklist: Checklist, screen: Screen | None) -> list[Json]:
    questions = screen.questions if isinstance(screen, DeductionScreen) else {}
    return [
        {
            "code": rule.code,
            "name": rule.name.in_language(current_language()),
            "is_open": rule.code in questions,
        }
        for rule in checklist.deductions
    ]
