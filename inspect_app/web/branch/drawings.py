"""Small drawings of a branch's pages: the place on a line of all places, a flow beside its region."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEFT, RIGHT = 8.0, 318.0
"""Where the line of places begins and ends, in a field of 326 by 48."""

TICKS = 4
FLOW_LEFT, FLOW_RIGHT = 6.0, 174.0
"""Where the line of a flow begins and ends, in a field of 180 by 14."""

USUAL_LOW, HIGHEST, STEP = 6_500, 10_000, 500


@dataclass(frozen=True, slots=True)
class RankLine:
    """A place on a line from 1 to the last.

    Attributes:
        dot: where the place is; `band` where its interval begins and how wide it is, None where nobody knows.
        ticks: places that are named, with where they are.
    """

    dot: float
    band: tuple[float, float] | None
    ticks: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A flow's score, and the region's, on one scale; None where there is none."""

    own: float
    region: float | None


def rank_line(rank: int, ranked: int, interval: tuple[int, int] | None) -> RankLine:
    """Return the drawing of a place among so many."""
    last = max(ranked, 2)

    def place(number: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * (number - 1) / (last - 1), 1)

    step = max(1, round(last / TICKS, -1) if last > TICKS * 10 else round(last / TICKS))
    inner = [number for number in range(int(step), last, int(step)) if 1 < number <= last - step / 2]
    band = None
    if interval is not None:
        band = (place(interval[0]) - 6, place(interval[1]) - place(interval[0]) + 12)
    return RankLine(place(rank), band, tuple((number, place(number)) for number in [1, *inner, last]))


def flow_floor(scores: Iterable[int | None]) -> int:
    """Return where the scale of flows begins: at 65 points, or lower where a score lies below that."""
    lowest = min((score for score in scores if score is not None), default=USUAL_LOW)
    return min(USUAL_LOW, lowest // STEP * STEP)


def flow_lines(scores: Sequence[tuple[int, int | None]], floor: int) -> tuple[FlowLine, ...]:
    """Return the drawings of some flows, each with its own score and the region's."""

    def place(score: int) -> float:
        return round(FLOW_LEFT + (FLOW_RIGHT - FLOW_LEFT) * (score - floor) / (HIGHEST - floor), 1)

    return tuple(FlowLine(place(own), None if region is None else place(region)) for own, region in scores)
