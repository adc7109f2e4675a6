"""What the pages of a branch know of appeals: until when one can be filed, and what became of those filed."""

import uuid
from dataclasses import dataclass
from datetime import date

from inspect_app.queries.shortcomings import Shortcoming


@dataclass(frozen=True, slots=True)
class Window:
    """Until when a branch can still appeal.

    Attributes:
        left: working days that are left after today.
        settled_by: until when appeals are to be decided.
    """

    until: date
    left: int
    settled_by: date


def window_of(_wave_id: uuid.UUID) -> Window | None:
    """Return until when items of a wave can be disputed; None where they cannot, not yet or no more."""
    return None


def appeals_about(_found: Shortcoming) -> tuple[()]:
    """Return the appeals that dispute a deficiency, in the order in which they were filed."""
    return ()
