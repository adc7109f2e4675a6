"""How many working days a branch has to mend what was found, and what is left of them after a dispute."""

from datetime import date

from checklists.deficiencies import FoundDeficiency, Severity
from checklists.scoring import BRANCH
from inspect_app.models.waves import Wave
from inspect_app.working_days import WorkingDays


def days_to_mend(wave: Wave, found: FoundDeficiency) -> int:
    """Return how many working days a branch has; premises take their own time, unless a veto acted there."""
    if found.severity is Severity.CRITICAL:
        return wave.critical_days
    if found.role == BRANCH:
        return wave.premises_days
    return wave.major_days if found.severity is Severity.MAJOR else wave.minor_days


def due_after_pause(days: WorkingDays, due_on: date, paused_on: date, today: date) -> date:
    """Return when something is due that stood still while disputed: as many days are left, at least one."""
    return days.add(today, max(1, days.count(paused_on, due_on)))
