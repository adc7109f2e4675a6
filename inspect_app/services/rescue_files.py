"""Rescue files: unsent work that a phone saved, handed in by another way. The token in it is its proof."""

import base64
import binascii
import json
import uuid
from dataclasses import dataclass

from checklists.json_values import DocumentError, Member

FORM = 1
MOST_SUBMISSIONS = 200


class RescueFileError(ValueError):
    """The file is no rescue file."""


@dataclass(frozen=True, slots=True)
class RescuedPhoto:
    """A photo in a rescue file: the hash that the phone wrote beside it, and its bytes."""

    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Rescued:
    """One frozen inspection in a rescue file, with those of its photos that were still on the phone."""

    inspection_id: uuid.UUID
    sha256: str
    token: str
    body: bytes
    photos: tuple[RescuedPhoto, ...]


def read_rescue_file(content: bytes) -> tuple[Rescued, ...]:
    """Return what a rescue file holds.

    Raises:
        RescueFileError: it is none, or was cut off.
    """
    try:
        file = Member(json.loads(content), "file")
        if file["rescue"].value != FORM:
            raise RescueFileError("not a rescue file")
        submissions = tuple(file["submissions"])[:MOST_SUBMISSIONS]
        return tuple(_submission(one) for one in submissions)
    except (DocumentError, ValueError, RecursionError, binascii.Error) as error:
        raise RescueFileError("not a rescue file") from error


def _submission(member: Member) -> Rescued:
    return Rescued(
        inspection_id=uuid.UUID(member["inspection"].text()),
        sha256=member["sha256"].text(),
        token=member["token"].text(),
        # As it was frozen: the phone turned these very bytes into text.
        body=member["body"].text().encode("utf-8", "surrogatepass"),
        photos=tuple(
            RescuedPhoto(photo["sha256"].text(), base64.b64decode(photo["data"].text(), validate=True))
            for photo in member["photos"]
        ),
    )
