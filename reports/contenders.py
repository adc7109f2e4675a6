"""Where a branch would stand with another result, those of all others staying as they are."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.waves import RankBy

UNDEFINED = Fraction(1)
"""Comes after every mean, which stand in the order with their signs turned."""


@dataclass(frozen=True, slots=True)
class Contender:
    """What a branch is ranked by; scores in hundredths of a point, means exact.

    Attributes:
        visits: counting ones, at least 1; vetoes those of scope `visit` that acted in them.
    """

    score: int
    over_par: int | None
    visits: int
    vetoes: int
    phrase: Fraction | None
    action: Fraction | None

    def main_figure(self, rank_by: RankBy) -> int:
        """Return what comes first in the order, in hundredths of a point."""
        return self.over_par or 0 if rank_by is RankBy.OVER_PAR else self.score

    def settles_ties(self) -> tuple[Fraction, Fraction, Fraction]:
        """Return what decides among equal figures; less is better."""
        phrase = UNDEFINED if self.phrase is None else -self.phrase
        action = UNDEFINED if self.action is None else -self.action
        return (Fraction(self.vetoes, self.visits), phrase, action)


class Field:
    """All other ranked branches of a wave, made ready to be asked again and again."""

    def __init__(self, others: Iterable[Contender], rank_by: RankBy) -> None:
        self._rank_by = rank_by
        equal: dict[int, list[Contender]] = {}
        for other in others:
            equal.setdefault(other.main_figure(rank_by), []).append(other)
        self._equal: Mapping[int, Sequence[Contender]] = equal
        self._figures = sorted(-figure for figure, ones in equal.items() for _ in ones)

    def place_of(self, contender: Contender) -> int:
        """Return the rank that a branch would have among the others: 1, 2, 2, 4.

        Source:
            docs/ranking.md, "Ties".
        """
        figure, settles = contender.main_figure(self._rank_by), contender.settles_ties()
        better = bisect_left(self._figures, -figure)
        tied = sum(other.settles_ties() < settles for other in self._equal.get(figure, ()))
        return 1 + better + tied
