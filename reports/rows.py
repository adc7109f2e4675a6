"""The rows of a ranking, as they are stored, printed and compared; frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from reports.places import PlacedBy
from reports.waves import Wave


class Unranked(StrEnum):
    """Why a unit has no place; what is not ranked is never last."""

    NO_VISIT = "no_visit"
    TOO_FEW = "too_few"
    NO_BRANCH = "no_branch"
    ROLE_NOT_SEEN = "role_not_seen"


@dataclass(frozen=True, slots=True)
class Row:
    """One unit's line in a table of a ranking.

    Attributes:
        unit: the code of a region in the table of regions, else of a branch.
        rank: place in the whole, among regions of the same depth; None for the root and what is not ranked.
        score: hundredths of a point (0-10000), rounded half up; None where undefined.
        over_par: hundredths of a point, may be negative; None where undefined or the wave ranks by score.
        visits: counting visits; of a region those of its ranked branches, of a role those in which it is
            defined.
        rank_change: places gained since the pinned ranking, negative where lost; None unless ranked in both.
        score_change: hundredths of a point, of `score` in every wave; None like `rank_change`.
        rank_in_kind: place among the branches of the same kind; None for regions.
        vetoes: vetoes of scope `visit` that acted, in all these visits; 0 in a role's table.
        phrase, action, delivery, condition: exact means over a branch's visits in which they are defined, in
            hundredths of a point; None where in none of them, and for regions and roles.
        placed_by: None where there is no rank.
        unranked: why not ranked; None for what is, and for the root of a ranked tree.
        branches: of a region, how many ranked branches it is the mean of; 0 in other tables.
        low, high: of a branch, the mean of its visits' ranges, hundredths of a point, rounded half up.
        interval_low, interval_high: the best and the worst place that the rank may well be (90 %); None
            where it was not computed.
    """

    unit: str
    rank: int | None
    score: int | None
    over_par: int | None
    visits: int
    rank_change: int | None
    score_change: int | None
    rank_in_kind: int | None
    vetoes: int
    phrase: Fraction | None
    action: Fraction | None
    placed_by: PlacedBy | None
    unranked: Unranked | None
    branches: int = 0
    delivery: Fraction | None = None
    condition: Fraction | None = None
    low: int | None = None
    high: int | None = None
    interval_low: int | None = None
    interval_high: int | None = None

    @property
    def par(self) -> int | None:
        """What the same item sets average, as it is printed: score less over par, hundredths of a point."""
        return None if self.score is None or self.over_par is None else self.score - self.over_par


@dataclass(frozen=True, slots=True)
class Pinned:
    """A ranking of another wave, by the wave's code and the ranking's number."""

    code: str
    number: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stood in an earlier ranking; the score in hundredths of a point."""

    rank: int
    score: int


@dataclass(frozen=True, slots=True)
class PreviousRanking:
    """The pinned ranking that changes are taken from: each table's ranked units by code."""

    pinned: Pinned
    tables: Mapping[str, Mapping[str, Standing]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A numbered ranking of a wave; 1 at publication, 2 and up when restated.

    Attributes:
        regions: the root first, then level by level, in the order of their places.
        branches: in the order of their places, equal ones by code; then the not ranked by code.
        roles: by code, every target like `branches`; one table for each role, the pseudo-role `branch`
            included, that has a score in at least one counting visit.
        previous: what the changes are taken from; None where there is nothing.
    """

    wave: Wave
    number: int
    regions: tuple[Row, ...]
    branches: tuple[Row, ...]
    roles: Mapping[str, tuple[Row, ...]]
    previous: Pinned | None = None

    def tables(self) -> Mapping[str, tuple[Row, ...]]:
        """Return all tables by name, in the fingerprint's order: `region`, `branch`, `role:…` by code."""
        by_role = {f"role:{code}": self.roles[code] for code in sorted(self.roles)}
        return {"region": self.regions, "branch": self.branches, **by_role}
