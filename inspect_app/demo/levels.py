"""How well the made-up branches serve: steady differences first, luck on the day second."""

from dataclasses import dataclass

from checklists.checklist import Item, Section
from checklists.handbook import Kind
from inspect_app.demo.chance import lean

USUAL = 0.8
BY_KIND_OF_BRANCH = {"财富": 0.03, "精品": 0.01, "基础": -0.01}
BY_KIND_OF_CLAUSE = {Kind.ACTION: 0.0, Kind.PHRASE: -0.02, Kind.DELIVERY: 0.03, Kind.CONDITION: 0.02}
KNOWN_TO_MATTER = 0.06
"""How much more care everybody takes where a failure takes more than its own points."""

LOWEST, HIGHEST = 0.4, 0.93


@dataclass(frozen=True, slots=True)
class Levels:
    """What a branch is like in one wave.

    Attributes:
        wave: 1, 2 …; branches get better or worse from one to the next.
        luck: how the day of the visit went, added to everything.
    """

    seed: int
    branch: str
    branch_kind: str
    region: str
    wave: int
    luck: float = 0.0

    def of_section(self, section: Section, role: str) -> float:
        """Return how likely it is that a demand of a situation is met, from 0 to 1, by who serves."""
        seed, branch = self.seed, self.branch
        level = USUAL + BY_KIND_OF_BRANCH.get(self.branch_kind, 0.0) + self.luck
        level += 0.015 * lean(seed, "region", self.region) + 0.055 * lean(seed, "branch", branch)
        level += 0.03 * lean(seed, "role", branch, role) + 0.02 * lean(seed, "flow", branch, section.flow)
        level += self.wave * (0.01 + 0.012 * lean(seed, "trend", branch))
        return _within(level)

    def of_item(self, item: Item, in_section: float) -> float:
        """Return how likely it is that one demand is met: some are harder than others, everywhere."""
        level = in_section + BY_KIND_OF_CLAUSE[item.kind] + 0.05 * lean(self.seed, "item", item.code)
        return _within(level if item.veto is None else level + KNOWN_TO_MATTER)


def _within(level: float) -> float:
    return min(max(level, LOWEST), HIGHEST)
