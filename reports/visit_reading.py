"""Reads a visit's line of a data export."""

from functools import lru_cache

from checklists.handbook import Kind
from checklists.scoring import (
    CreditedInspection,
    CreditedItem,
    CreditedSection,
    Deduction,
    Gate,
    InspectionError,
    LeftOut,
    VetoScope,
)
from reports.export import ExportedVisit
from reports.line_fields import Field
from reports.stated_scores import read_stated

ITEM_KEYS = ("code", "kind", "weight", "credit", "veto", "left_out")
KINDS_OF_ITEMS = 65_536
"""How many different items are kept at a time: those of a wave's variants with all their credits."""


def read_visit(field: Field) -> ExportedVisit:
    """Return what a visit's line says; where it is wrong, problems are noted and the rest is stand-ins."""
    sections = tuple(
        section for place in field["sections"].members() if (section := _read_section(place)) is not None
    )
    deductions = tuple(
        Deduction(one["code"].text(), one["points"].number()) for one in field["deductions"].members()
    )
    stated = field["scores"].value
    return ExportedVisit(
        visit=field["visit"].text(),
        branch=field["branch"].text(),
        revision=field["revision"].number(at_least=1),
        rules_version=field["rules_version"].text(),
        inspection=_inspection(sections, deductions, field),
        scores=None if stated is None else read_stated(stated, field.problems),
    )


def _inspection(
    sections: tuple[CreditedSection, ...], deductions: tuple[Deduction, ...], field: Field
) -> CreditedInspection:
    cap = field["veto_cap"].number()
    if not field.problems:
        try:
            return CreditedInspection(sections, deductions, cap)
        except InspectionError as error:
            field.problems.append(str(error))
    return CreditedInspection((), (), 0)


def _read_section(place: Field) -> CreditedSection | None:
    """Return a section; None where something is wrong with it."""
    known = len(place.problems)
    if not place.is_object():
        return None
    flow, flow_weight = place["flow"].text(), place["flow_weight"].exact()
    situation, situation_weight = place["situation"].number(), place["situation_weight"].exact()
    standing, gate = place["standing"].claim(), place["gate"].choice(Gate)
    role, lead = place["role"].text_or_none(), place["lead"].text()
    items = tuple(item for one in place["items"].members() if (item := _read_item(one)) is not None)
    if len(place.problems) > known:
        return None
    try:
        return CreditedSection(
            flow, flow_weight, situation, situation_weight, standing, gate, role, lead, items
        )
    except InspectionError as error:
        place.problems.append(f"{place.path}: {error}")
        return None


def _read_item(one: Field) -> CreditedItem | None:
    """Return an item; None where something is wrong with it."""
    value = one.value
    if isinstance(value, dict):
        raw = tuple(map(value.get, ITEM_KEYS))
        if all(member is None or isinstance(member, str) for member in raw):
            item = _sound_item(raw)
            if item is not None:
                return item
    _note_item(one)
    return None


@lru_cache(maxsize=KINDS_OF_ITEMS)
def _sound_item(texts: tuple[str | None, ...]) -> CreditedItem | None:
    """Return the item that the texts under ITEM_KEYS mean, None where they mean none.

    A wave repeats few items very often: reading each of them once makes reading a wave several times as fast.
    """
    problems: list[str] = []
    item = _item(Field(dict(zip(ITEM_KEYS, texts, strict=True)), "", problems))
    return None if problems else item


def _note_item(one: Field) -> None:
    if one.is_object():
        _item(one)


def _item(one: Field) -> CreditedItem | None:
    """Return an item; notes what is wrong with it."""
    known = len(one.problems)
    code, kind, weight = one["code"].text(), one["kind"].choice(Kind), one["weight"].exact()
    credit = None if one["credit"].value is None else one["credit"].exact()
    veto = None if one["veto"].value is None else one["veto"].choice(VetoScope)
    left_out = None if one["left_out"].value is None else one["left_out"].choice(LeftOut)
    if len(one.problems) > known:
        return None
    try:
        return CreditedItem(code, kind, weight, credit, veto, left_out)
    except InspectionError as error:
        one.problems.append(f"{one.path}: {error}" if one.path else str(error))
        return None
