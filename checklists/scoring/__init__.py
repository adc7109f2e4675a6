"""How a visit is scored: credits, means, vetoes, ranges, pars and how a number came about; all exact."""

from checklists.scoring.inspection import (
    BRANCH,
    FULL_SCORE,
    UNOBSERVED,
    CreditedInspection,
    CreditedItem,
    CreditedSection,
    Deduction,
    Gate,
    InspectionError,
    LeftOut,
    VetoScope,
)
from checklists.scoring.scores import Scores, round_half_up

RULES_VERSION = "1"

__all__ = [
    "BRANCH",
    "FULL_SCORE",
    "RULES_VERSION",
    "UNOBSERVED",
    "CreditedInspection",
    "CreditedItem",
    "CreditedSection",
    "Deduction",
    "Gate",
    "InspectionError",
    "LeftOut",
    "Scores",
    "VetoScope",
    "round_half_up",
]
