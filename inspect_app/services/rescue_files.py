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


@dataclass(frozen=True, slots=True)
class RescuedStop:
    """A visit in a rescue file that was broken off, with the bytes that say why."""

    sha256: str
    token: str
    body: bytes


@dataclass(frozen=True, slots=True)
class RescueFile:
    """All that a phone could not send."""

    submissions: tuple[Rescued, ...]
    stops: tuple[RescuedStop, ...]


def read_rescue_file(content: bytes) -> RescueFile:
    """Return what a rescue file holds.

    Raises:
        RescueFileError: it is none, or was cut off.
    """
    try:
        file = Member(json.loads(content), "file")
        if file["rescue"].value != FORM:
            raise RescueFileError("not a rescue file")
        submissions = tuple(file["submissions"])[:MOST_SUBMISSIONS]
        # Files of phones that knew of no stops have none.
        stops = () if file["stops"].is_absent else tuple(file["stops"])[:MOST_SUBMISSIONS]
        return RescueFile(tuple(_submission(one) for one in submissions), tuple(_stop(one) for one in stops))
    except (DocumentError, ValueError, RecursionError, binascii.Error) as error:
        raise RescueFileError("not a rescue file") from error


def _submission(member: Member) -> Rescued:
    return Rescued(
        inspection_id=uuid.UUID(member["inspection"].text()),
        sha256=member["sha256"].text(),
        token=member["token"].text(),
        body=_bytes(member["body"]),
        photos=tuple(
            RescuedPhoto(photo["sha256"].text(), base64.b64decode(photo["data"].text(), validate=True))
            for photo in member["photos"]
        ),
    )


def _stop(member: Member) -> RescuedStop:
    return RescuedStop(member["sha256"].text(), member["token"].text(), _bytes(member["body"]))


def _bytes(member: Member) -> bytes:
    """Return what was frozen: the phone turned these very bytes into text."""
    return member.text().encode("utf-8", "surrogatepass")
