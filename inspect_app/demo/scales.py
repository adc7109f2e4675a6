"""How large the made-up bank is."""

from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    """A size of the made-up bank."""

    SMALL = "small"
    REGION = "region"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Measures:
    """What a size comes to.

    Attributes:
        regions: below head office, first-level regions each with the number of second-level ones below it.
        branches: in all, shared out evenly among the regions that have none below them.
        inspectors: how many people go on the visits.
        visits_wanted: visits of each branch in each wave.
    """

    regions: tuple[int, ...]
    branches: int
    inspectors: int
    visits_wanted: int


MEASURES = {
    Scale.SMALL: Measures(regions=(0, 0, 0), branches=12, inspectors=3, visits_wanted=2),
    Scale.REGION: Measures(regions=(2, 2, 2, 0), branches=400, inspectors=40, visits_wanted=1),
    Scale.NATIONAL: Measures(regions=(0,) * 40, branches=23_000, inspectors=2_000, visits_wanted=1),
}
