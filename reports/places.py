"""Places in an order: standard competition ranking, and which rule settled each place."""

from enum import StrEnum


class PlacedBy(StrEnum):
    """The rule that set a row apart from those it would otherwise share its place with.

    `score` is what the wave ranks by, over par included; `shared` says that no rule sets it apart.
    """

    SCORE = "score"
    VETOES = "vetoes"
    PHRASE = "phrase"
    ACTION = "action"
    SHARED = "shared"
