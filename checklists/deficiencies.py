"""What a visit found wanting: one deficiency for each answer below full credit."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from checklists.checklist import Checklist
from checklists.crediting import credit
from checklists.filled import Answers
from checklists.scoring import CreditedSection, ItemLine, lines_below_full
from checklists.scoring.credits import NONE


class Severity(StrEnum):
    """How grave: a veto that acted is critical, an answer without credit major, a partial one minor."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class FoundDeficiency:
    """An answer below full credit, with whom it concerns and what it cost.

    Attributes:
        item: the item's code; `flow` and `situation` tell where it stands.
        role: the staff role that served; the lead where nobody acted, `branch` for standing premises.
        credit: exact, from 0 to below 1.
        points_lost: hundredths of a point of the visit, before vetoes, cap and deductions.
    """

    item: str
    flow: str
    situation: int
    role: str
    severity: Severity
    credit: Fraction
    points_lost: int


def find_deficiencies(checklist: Checklist, answers: Answers) -> tuple[FoundDeficiency, ...]:
    """Return every answer below full credit, vetoes that acted first, else in the checklist's order.

    What was left out is no deficiency.

    Raises:
        AnswersError: the answers are not a full answer to this checklist.

    Source:
        docs/scoring.md, "How a number came about", for the points.
    """
    sections = credit(checklist, answers).sections
    found = [_found(section, item) for section, item in lines_below_full(sections)]
    return tuple(sorted(found, key=lambda one: one.severity is not Severity.CRITICAL))


def _found(section: CreditedSection, item: ItemLine) -> FoundDeficiency:
    return FoundDeficiency(
        item=item.code,
        flow=section.flow,
        situation=section.situation,
        role=section.role or section.lead,
        severity=_severity(item),
        credit=item.credit or NONE,
        points_lost=item.points_lost or 0,
    )


def _severity(item: ItemLine) -> Severity:
    if item.veto_acted:
        return Severity.CRITICAL
    return Severity.MINOR if item.credit else Severity.MAJOR
