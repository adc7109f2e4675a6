"""Things that happen, done in the order in which they happened."""

from collections.abc import Callable
from datetime import datetime

Act = Callable[[datetime], object]


class Timeline:
    """Acts with their moments, done oldest first; of two at one moment, the one noted first."""

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, int, Act]] = []

    def note(self, moment: datetime, act: Act) -> None:
        """Note that something is to happen at a moment."""
        self._acts.append((moment, len(self._acts), act))

    def run(self) -> None:
        """Do everything noted, each act with its moment."""
        for moment, _, act in sorted(self._acts, key=lambda noted: noted[:2]):
            act(moment)
