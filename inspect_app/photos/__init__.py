"""Photos: read by a limited child process, turned upright, and kept as bare pixels and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from checklists.json_values import DocumentError, Json
from inspect_app.photos import limits
from inspect_app.photos.refusals import PhotoRefusal, PhotoRefusedError, PhotosBusyError
from inspect_app.photos.running import read_photo

__all__ = [
    "Box",
    "Cover",
    "NormalisedPhoto",
    "PhotoRefusal",
    "PhotoRefusedError",
    "PhotosBusyError",
    "cover",
    "normalise",
]


class Cover(StrEnum):
    """How what lies in a box is made unreadable."""

    BLACK = "black"
    PIXELATED = "pixelated"


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a photo that others must not see, in pixels of the photo, from its upper left corner."""

    left: int
    top: int
    width: int
    height: int
    how: Cover = Cover.BLACK


@dataclass(frozen=True, slots=True)
class NormalisedPhoto:
    """A photo that is nothing but pixels.

    Attributes:
        jpeg: the photo, its longer edge at most 1600 pixels.
        thumbnail: the same at most 320 pixels long, a JPEG too.
        width, height: of the photo, in pixels, upright.
    """

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int


def normalise(data: bytes) -> NormalisedPhoto:
    """Return a photo as it is kept: upright, without any metadata, made anew from its pixels.

    Raises:
        PhotoRefusedError: it is none that is kept; `reason` says why.
        PhotosBusyError: too many are being read at this moment.
    """
    return _read(data, ())


def cover(jpeg: bytes, boxes: Sequence[Box]) -> NormalisedPhoto:
    """Return a copy of a photo in which nothing can be made out of what lies in the boxes.

    Raises:
        PhotoRefusedError: the photo cannot be read.
        PhotosBusyError: too many are being read at this moment.
    """
    return _read(jpeg, [_order(box) for box in boxes])


def _read(data: bytes, boxes: Sequence[Json]) -> NormalisedPhoto:
    _refuse_at_once(data)
    said, rest = read_photo(data, boxes)
    try:
        sizes = (said["photo"].number(), said["thumbnail"].number())
        width, height = said["width"].number(), said["height"].number()
    except DocumentError as error:
        raise PhotoRefusedError(PhotoRefusal.DAMAGED) from error
    if sum(sizes) != len(rest):
        raise PhotoRefusedError(PhotoRefusal.DAMAGED)
    return NormalisedPhoto(rest[: sizes[0]], rest[sizes[0] :], width, height)


def _refuse_at_once(data: bytes) -> None:
    """Refuse what needs no child to be seen."""
    if not data:
        raise PhotoRefusedError(PhotoRefusal.EMPTY)
    if len(data) > limits.LARGEST_FILE:
        raise PhotoRefusedError(PhotoRefusal.TOO_LARGE)


def _order(box: Box) -> Json:
    return {
        "left": box.left,
        "top": box.top,
        "width": box.width,
        "height": box.height,
        "how": box.how.value,
    }
