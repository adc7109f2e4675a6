"""An address as a picture that a camera reads, drawn here: what it says never leaves the page."""

from dataclasses import dataclass

import segno

QUIET_ZONE = 4
"""Light squares around the picture, which scanners need."""


@dataclass(frozen=True, slots=True)
class Squares:
    """A QR code: so many squares wide and high, the dark ones as one SVG path, a unit each."""

    size: int
    outline: str


def squares_of(text: str) -> Squares:
    """Return the picture of a text."""
    rows = [tuple(row) for row in segno.make(text, error="m").matrix_iter(border=QUIET_ZONE)]
    dark = (
        f"M{column} {row}h1v1h-1z"
        for row, cells in enumerate(rows)
        for column, is_dark in enumerate(cells)
        if is_dark
    )
    return Squares(len(rows), "".join(dark))
