"""The product's mark, a lens half in the dark, drawn as a small picture for the cover."""

import struct
import zlib
from functools import cache
from math import hypot

from openpyxl.drawing.image import Image

SIDE = 168
"""Pixels of the picture's side; three for each pixel shown, so that it also prints sharp."""

SHOWN = 56
"""Pixels that the mark takes on a sheet."""

INK = (0x1A, 0x1D, 0x21)

_UNIT = 24
_CENTRE = 10.5
_RADIUS = 7.5
_RIM = 1.0
_GRIP_FROM = 16.2
_GRIP_TO = 21.0
_GRIP = 1.3


class Mark(Image):
    """The mark as a picture that a sheet can hold, made without an imaging library."""

    def __init__(self) -> None:
        """Draw the mark in the ink of the text."""
        self.ref = b""
        self.width = SHOWN
        self.height = SHOWN
        self.format = "png"

    def _data(self) -> bytes:
        return mark_png()


@cache
def mark_png() -> bytes:
    """Return the mark as a PNG file: `INK` on a transparent ground, `SIDE` pixels a side."""
    rows = b"".join(b"\x00" + _row(y) for y in range(SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _row(y: int) -> bytes:
    pixel = _UNIT / SIDE
    return b"".join(
        bytes((*INK, round(255 * _cover((x + 0.5) * pixel, (y + 0.5) * pixel, pixel)))) for x in range(SIDE)
    )


def _cover(x: float, y: float, pixel: float) -> float:
    """Return how much of the pixel around a point is ink, 0 to 1, from the distance to the nearest edge."""
    inside = max(_lens(x, y), _grip(x, y))
    return min(1.0, max(0.0, inside / pixel + 0.5))


def _lens(x: float, y: float) -> float:
    """Return how deep a point lies in the rim or in the dark half, negative outside."""
    reach = hypot(x - _CENTRE, y - _CENTRE)
    rim = _RIM - abs(reach - _RADIUS)
    dark_half = min(_RADIUS - reach, _CENTRE - x)
    return max(rim, dark_half)


def _grip(x: float, y: float) -> float:
    """Return how deep a point lies in the grip, a line with round ends, negative outside."""
    along = min(_GRIP_TO, max(_GRIP_FROM, (x + y) / 2))
    return _GRIP - hypot(x - along, y - along)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
