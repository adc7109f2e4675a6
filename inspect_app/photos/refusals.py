"""Why a photo is not taken."""

from enum import StrEnum


class PhotoRefusal(StrEnum):
    """What is wrong with a photo. The answer it belongs to is kept all the same."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    HEIC = "heic"
    NOT_A_PICTURE = "not_a_picture"
    DAMAGED = "damaged"
    TOO_DEMANDING = "too_demanding"


class PhotoRefusedError(Exception):
    """These bytes are no photo that is kept; `reason` says why."""

    def __init__(self, reason: PhotoRefusal) -> None:
        super().__init__(f"a photo is refused: {reason.value}")
        self.reason = reason


class PhotosBusyError(Exception):
    """Too many photos are being read at this moment; the same can be sent again."""
