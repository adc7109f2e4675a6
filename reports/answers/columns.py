"""The columns of the workbook for answers, by the keys under which they are found when it comes back."""

from enum import StrEnum

MARK = "inspect-answers-1"
"""Stands in the first cell of the hidden row of keys: which form of the workbook this is."""


class Column(StrEnum):
    """One column; its value is its key in the hidden row."""

    DEFICIENCY = "deficiency"
    VERSION = "version"
    WAVE = "wave"
    BRANCH_CODE = "branch_code"
    BRANCH_NAME = "branch_name"
    ITEM = "item"
    STANDARD = "standard"
    SEEN = "seen"
    SEVERITY = "severity"
    POINTS = "points"
    DUE_ON = "due_on"
    CAUSE = "cause"
    CAUSE_WORDS = "cause_words"
    MEASURE = "measure"
    MEASURE_WORDS = "measure_words"
    OWNER_ROLE = "owner_role"
    DONE_BY = "done_by"


FILLED_IN = (
    Column.CAUSE,
    Column.CAUSE_WORDS,
    Column.MEASURE,
    Column.MEASURE_WORDS,
    Column.OWNER_ROLE,
    Column.DONE_BY,
)
"""What a person fills in; everything else is given, and locked."""

HIDDEN = (Column.DEFICIENCY, Column.VERSION)
"""What only the product reads."""
