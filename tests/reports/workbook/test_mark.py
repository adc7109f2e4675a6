"""The mark is a picture of our own drawing."""

import struct
import zlib

from reports.workbook.mark import INK, SIDE, mark_png


def alpha_at(x: float, y: float) -> int:
    """Return how much ink lies at a point of the mark's 24 × 24 drawing."""
    png = mark_png()
    start = png.index(b"IDAT") + 4
    length = struct.unpack(">I", png[start - 8 : start - 4])[0]
    pixels = zlib.decompress(png[start : start + length])
    column, row = int(x * SIDE / 24), int(y * SIDE / 24)
    place = row * (1 + SIDE * 4) + 1 + column * 4
    assert tuple(pixels[place : place + 3]) == INK
    return pixels[place + 3]


def test_the_mark_is_a_png_of_the_size_it_says() -> None:
    png = mark_png()

    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (SIDE, SIDE)


def test_half_of_the_lens_is_dark() -> None:
    assert alpha_at(7, 10.5) == 255
    assert alpha_at(14, 10.5) == 0


def test_the_rim_and_the_grip_are_drawn_and_the_ground_is_clear() -> None:
    assert alpha_at(18, 10.5) == 255
    assert alpha_at(19, 19) == 255
    assert alpha_at(1, 1) == 0
