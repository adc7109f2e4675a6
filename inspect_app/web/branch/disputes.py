"""What the pages of a branch know of appeals: until when one can be filed, and what became of those filed."""

import uuid
from dataclasses import dataclass
from datetime import date

from inspect_app.db import session
from inspect_app.queries.appeals import BranchAppeal, appeals_of_branch, can_appeal
from inspect_app.queries.calendar import appeal_window, working_days
from inspect_app.queries.shortcomings import Shortcoming
from inspect_app.queries.waves import wave_with_id
from inspect_app.web.access import current_settings, current_user
from inspect_app.web.branch.due import today_at_bank


@dataclass(frozen=True, slots=True)
class Window:
    """Until when a branch can still appeal.

    Attributes:
        left: working days that are left after today.
        settled_by: until when appeals are to be decided.
        days: working days that deciding may take after the last day to appeal.
    """

    until: date
    left: int
    settled_by: date
    settling_days: int


def window_of(wave_id: uuid.UUID) -> Window | None:
    """Return until when items of a wave can be disputed; None where they cannot, not yet or no more."""
    wave, timezone, today = wave_with_id(session, wave_id), current_settings().timezone, today_at_bank()
    if not can_appeal(session, wave, today, timezone):
        return None
    window = appeal_window(session, wave, timezone)
    left = working_days(session).count(today, window.until)
    return Window(window.until, left, window.settled_by, wave.settling_days)


def appeals_about(found: Shortcoming) -> tuple[BranchAppeal, ...]:
    """Return the appeals that dispute a deficiency, in the order in which they were filed."""
    return tuple(
        one
        for one in appeals_of_branch(session, current_user())
        if any(item.deficiency_id == found.deficiency_id for item in one.items)
    )
