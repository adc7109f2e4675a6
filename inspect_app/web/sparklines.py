"""A trend as a small drawing: a line, a dot for the present wave, and the same in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from inspect_app.web.formatting import listed, points

LEFT, RIGHT, TOP, BOTTOM = 4.0, 66.0, 5.0, 21.0
"""Where the drawing may reach, in a field of 72 by 26."""

LEAST_SPAN = 500
"""Hundredths of a point that the height stands for at least: small changes are not made to look big."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The scores at the foot and at the head of every drawing of a page, hundredths of a point."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A drawing: the line as an SVG path, the dot's place, and what it shows in words."""

    path: str
    dot: tuple[float, float] | None
    words: str


def scale_of(trends: Iterable[Sequence[int | None]]) -> Scale:
    """Return the one scale of a page's trends."""
    known = [score for trend in trends for score in trend if score is not None] or [0]
    middle, span = (min(known) + max(known)) // 2, max(max(known) - min(known), LEAST_SPAN)
    return Scale(middle - span // 2, middle + span // 2)


def sparkline(trend: Sequence[int | None], scale: Scale) -> Sparkline:
    """Return the drawing of one trend; the line breaks where a score is undefined."""
    step = (RIGHT - LEFT) / max(len(trend) - 1, 1)
    places = [
        None if score is None else (RIGHT - step * (len(trend) - 1 - place), _height(score, scale))
        for place, score in enumerate(trend)
    ]
    words = _("近 %(count)s 期：%(scores)s", count=len(trend), scores=listed(points(one) for one in trend))
    return Sparkline(_path(places), places[-1] if places else None, words)


def _height(score: int, scale: Scale) -> float:
    return BOTTOM - (BOTTOM - TOP) * (score - scale.low) / (scale.high - scale.low)


def _path(places: Sequence[tuple[float, float] | None]) -> str:
    steps = []
    is_drawing = False
    for place in places:
        if place is not None:
            steps.append(f"{'L' if is_drawing else 'M'}{place[0]:.1f} {place[1]:.1f}")
        is_drawing = place is not None
    return " ".join(steps)
