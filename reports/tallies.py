"""What the counting visits of a branch, of a branch's role and of a region add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from checklists.scoring import Scores


@dataclass(frozen=True, slots=True)
class CountedVisit:
    """A counting visit with the stored scores of the revision that counts.

    Attributes:
        visit: the visit's id; `branch` the target's code.
        role_pars: by role that served, hundredths of a point; empty where the wave ranks by score.
    """

    visit: str
    branch: str
    revision: int
    scores: Scores
    role_pars: Mapping[str, int]


@dataclass(slots=True)
class Tally:
    """A growing mean of whole numbers; what is undefined is not counted."""

    total: int = 0
    count: int = 0

    def add(self, value: int | None) -> None:
        """Count one more value, or nothing where it is undefined."""
        if value is not None:
            self.total += value
            self.count += 1

    @property
    def exact(self) -> Fraction | None:
        """The mean, exact; None where nothing was counted."""
        return Fraction(self.total, self.count) if self.count else None

    @property
    def rounded(self) -> int | None:
        """The mean, rounded half up, also below 0; None where nothing was counted."""
        return (2 * self.total + self.count) // (2 * self.count) if self.count else None


@dataclass(slots=True)
class PartTally:
    """Scores, what they are over par, and the number of visits they come from."""

    visits: int = 0
    score: Tally = field(default_factory=Tally)
    over_par: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class BranchTally(PartTally):
    """What a branch's counting visits add up to; `vetoes` are those of scope `visit` that acted."""

    vetoes: int = 0
    phrase: Tally = field(default_factory=Tally)
    action: Tally = field(default_factory=Tally)
    delivery: Tally = field(default_factory=Tally)
    condition: Tally = field(default_factory=Tally)
    low: Tally = field(default_factory=Tally)
    high: Tally = field(default_factory=Tally)
    roles: dict[str, PartTally] = field(default_factory=dict)

    def add(self, visit: CountedVisit) -> None:
        """Count one more visit."""
        scores = visit.scores
        self.visits += 1
        self.score.add(scores.visit)
        self.over_par.add(scores.over_par)
        self.vetoes += scores.vetoes_failed
        self.phrase.add(scores.phrase)
        self.action.add(scores.action)
        self.delivery.add(scores.delivery)
        self.condition.add(scores.condition)
        self.low.add(scores.low)
        self.high.add(scores.high)
        for role, score in scores.roles.items():
            part = self.roles.setdefault(role, PartTally())
            part.visits += 1
            part.score.add(score)
            if role in visit.role_pars:
                part.over_par.add(score - visit.role_pars[role])


@dataclass(slots=True)
class RegionTally(PartTally):
    """What a region's ranked branches add up to: means of branches, sums of their visits and vetoes."""

    branches: int = 0
    vetoes: int = 0

    def add(self, score: int | None, over_par: int | None, visits: int, vetoes: int) -> None:
        """Count one more ranked branch, by its rounded means, in hundredths of a point."""
        self.branches += 1
        self.score.add(score)
        self.over_par.add(over_par)
        self.visits += visits
        self.vetoes += vetoes


def tally_branches(codes: Iterable[str], visits: Iterable[CountedVisit]) -> dict[str, BranchTally]:
    """Return what each branch's visits add up to, by code; all zero for a branch without any."""
    tallies = {code: BranchTally() for code in codes}
    for visit in visits:
        tallies[visit.branch].add(visit)
    return tallies
