"""The fingerprint of a ranking: the same ranking has the same one, whatever file it is printed in."""

import hashlib
from collections.abc import Iterator

from reports.rows import Ranking


def fingerprint(ranking: Ranking) -> str:
    """Return the SHA-256 over all ranks, scores and numbers of visits, as 64 hexadecimal digits.

    One line `table⇥unit⇥rank⇥hundredths⇥visits` for every unit of every table, ranked or not, `-` where
    undefined; hundredths are those of the score, also where over par ranks. What is printed beside them
    (changes, intervals, names) is no part of it.

    Source:
        docs/ranking.md, "The fingerprint".
    """
    return hashlib.sha256("".join(_lines(ranking)).encode()).hexdigest()


def short_fingerprint(digits: str) -> str:
    """Return a fingerprint as it is shown: the first 16 digits, in fours."""
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4))


def _lines(ranking: Ranking) -> Iterator[str]:
    for table, rows in ranking.tables().items():
        for row in sorted(rows, key=lambda row: row.unit):
            yield f"{table}\t{row.unit}\t{_shown(row.rank)}\t{_shown(row.score)}\t{row.visits}\n"


def _shown(number: int | None) -> str:
    return "-" if number is None else str(number)
