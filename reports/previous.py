"""Which earlier ranking a wave's changes are taken from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from checklists.handbook import Mode
from reports.rows import Pinned


@dataclass(frozen=True, slots=True)
class RankedWave:
    """A wave that has a ranking, and the number of its latest one."""

    code: str
    mode: Mode
    closes_on: date
    latest_ranking: int


def find_previous(mode: Mode, opens_on: date, ranked: Iterable[RankedWave]) -> Pinned | None:
    """Return the latest ranking of the last wave of the same mode that closed before this one opened.

    Of waves that closed on the same day it is the last by code.

    Source:
        docs/ranking.md, "Changes".
    """
    earlier = [wave for wave in ranked if wave.mode is mode and wave.closes_on < opens_on]
    last = max(earlier, key=lambda wave: (wave.closes_on, wave.code), default=None)
    return None if last is None else Pinned(last.code, last.latest_ranking)
