"""The part of a visit that a score of its own is taken over: one role's sections, one kind's items."""

from dataclasses import replace

from checklists.handbook import Kind
from checklists.scoring.inspection import FULL_SCORE, CreditedInspection, CreditedSection


def served_by(inspection: CreditedInspection, role: str) -> CreditedInspection:
    """Narrow to the sections in which `role` served; a part has no cap and no deductions."""
    return _part(tuple(section for section in inspection.sections if section.role == role))


def led_by(inspection: CreditedInspection, role: str) -> CreditedInspection:
    """Narrow to the sections that `role` leads, whoever served; a part has no cap and no deductions."""
    return _part(tuple(section for section in inspection.sections if section.lead == role))


def of_kind(inspection: CreditedInspection, kind: Kind) -> CreditedInspection:
    """Narrow to the items of one kind, none of which is a veto any more."""
    return _part(
        tuple(
            replace(
                section, items=tuple(replace(item, veto=None) for item in section.items if item.kind is kind)
            )
            for section in inspection.sections
        )
    )


def _part(sections: tuple[CreditedSection, ...]) -> CreditedInspection:
    return CreditedInspection(sections=sections, deductions=(), veto_cap=FULL_SCORE)
