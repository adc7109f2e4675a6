"""What a phone sends as JSON, read: strict where answers are concerned, lenient about everything else."""

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from checklists.answers import deduction_names, names
from checklists.checklist import Checklist
from checklists.json_values import DocumentError, Member
from inspect_app.queries.inspections import Fields
from inspect_app.services.phone_places import Place, read_place

VERSION = 1
"""The form of a body. An older one stays readable as long as phones may hold it."""

MOST_FIELDS = 10_000
MOST_PHOTOS = 1_000
MOST_MARKS = 200
MOST_SEQUENCE = 2**31 - 1
LONGEST_SAYING = 200
MOST_MILLISECONDS = 2**53
SHA256_DIGITS = frozenset("0123456789abcdef")


class BodyError(ValueError):
    """What came is no such body; `fields` names the members that are wrong."""

    def __init__(self, *fields: str) -> None:
        super().__init__(f"not a body of a phone: {', '.join(fields)}")
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that the inspector marked in the branch.

    Attributes:
        wall: by the phone's clock; None where it said nothing that is a time.
        monotonic: milliseconds by a clock that nobody can turn, comparable on one page alone.
        page: which page it was made on.
    """

    what: str
    wall: datetime | None
    monotonic: int | None
    page: str


@dataclass(frozen=True, slots=True)
class PhoneBody:
    """One frozen inspection as a phone sends it.

    Attributes:
        photos: SHA-256 of each photo that it names, each once.
        answered: when each field was answered, by the phone's clock.
        phone_time: when it was frozen, by the phone's clock; `left_at` when the branch was left.
        place: where its owner wanted to say that it was; None where it says none.
    """

    visit_id: uuid.UUID
    inspection_id: uuid.UUID
    submission_id: uuid.UUID
    checklist: str
    fields: Fields
    photos: tuple[str, ...]
    answered: Mapping[str, datetime]
    marks: tuple[Mark, ...]
    phone_time: datetime | None
    left_at: datetime | None
    zone: str
    app: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class SavedAnswers:
    """What a phone has answered so far; of two the one with the higher sequence holds."""

    sequence: int
    fields: Fields


def read_body(payload: bytes) -> PhoneBody:
    """Return what a frozen body says.

    Raises:
        BodyError: it is no such body, or of a version that nobody here knows.
    """
    body = document(payload)
    if body["v"].value != VERSION:
        raise BodyError("v")
    fields, answered = _fields(body["fields"])
    return PhoneBody(
        visit_id=id_in(body, "visit"),
        inspection_id=id_in(body, "inspection"),
        submission_id=id_in(body, "submission"),
        checklist=_checklist(body["checklist"]),
        fields=fields,
        photos=_photos(body["photos"]),
        answered=answered,
        marks=tuple(_marks(body["marks"])),
        phone_time=_moment(body["phone_time"].value),
        left_at=_moment(body["left_at"].value),
        zone=_saying(body["zone"].value),
        app=_saying(body["app"].value),
        place=read_place(body["place"].value),
    )


def read_answers_so_far(payload: bytes) -> SavedAnswers:
    """Return the answers that a phone saves while it fills in.

    Raises:
        BodyError: they are none.
    """
    body = document(payload)
    sequence = body["seq"].value
    if isinstance(sequence, bool) or not isinstance(sequence, int) or not 0 < sequence <= MOST_SEQUENCE:
        raise BodyError("seq")
    return SavedAnswers(sequence, _fields(body["fields"])[0])


def known_fields(checklist: Checklist, fields: Fields) -> Fields:
    """Return the fields that a checklist's form can post; others came from another program."""
    known = _names.get(checklist.hash)
    if known is None:
        known = frozenset(
            field.name
            for part in (*(names(section) for section in checklist.sections), deduction_names(checklist))
            for field in part
        )
        _names[checklist.hash] = known
    return tuple(field for field in fields if field[0] in known)


_names: dict[str, frozenset[str]] = {}


def clock_said(text: str | None) -> datetime | None:
    """Return the moment that a phone's clock showed, as it says in milliseconds; None where it says none."""
    return _moment(int(text)) if text is not None and text.isascii() and text.isdigit() else None


def document(payload: bytes) -> Member:
    """Return what a phone sent as an object.

    Raises:
        BodyError: it is none.
    """
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise BodyError("body") from error
    if not isinstance(found, dict):
        raise BodyError("body")
    return Member(found)


def id_in(body: Member, name: str) -> uuid.UUID:
    """Return an id that a phone named, written as it is written here.

    Raises:
        BodyError: it is none.
    """
    try:
        text = body[name].text()
        read = uuid.UUID(text)
    except (DocumentError, ValueError) as error:
        raise BodyError(name) from error
    if str(read) != text:
        raise BodyError(name)
    return read


def _checklist(member: Member) -> str:
    if not isinstance(member.value, str):
        raise BodyError("checklist")
    return member.value


def _fields(member: Member) -> tuple[Fields, Mapping[str, datetime]]:
    """Return the fields with their values, and when each was answered."""
    if not isinstance(member.value, list) or len(member.value) > MOST_FIELDS:
        raise BodyError("fields")
    fields: list[tuple[str, str | tuple[str, ...]]] = []
    answered: dict[str, datetime] = {}
    for field in member.value:
        if not isinstance(field, list) or not 2 <= len(field) <= 3 or not isinstance(field[0], str):
            raise BodyError("fields")
        fields.append((field[0], _value(field[1])))
        moment = _moment(field[2]) if len(field) == 3 else None
        if moment is not None:
            answered[field[0]] = moment
    return tuple(fields), answered


def _value(value: object) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise BodyError("fields")


def _photos(member: Member) -> tuple[str, ...]:
    if member.is_absent:
        return ()
    if not isinstance(member.value, list) or len(member.value) > MOST_PHOTOS:
        raise BodyError("photos")
    hashes = [one.get("sha256") if isinstance(one, dict) else None for one in member.value]
    if not all(isinstance(one, str) and is_sha256(one) for one in hashes):
        raise BodyError("photos")
    return tuple(dict.fromkeys(str(one) for one in hashes))


def is_sha256(text: str) -> bool:
    """Say whether a text is a SHA-256 as it is written here: 64 small hexadecimal digits."""
    return len(text) == 64 and SHA256_DIGITS.issuperset(text)


def _marks(member: Member) -> Iterator[Mark]:
    marks = member.value if isinstance(member.value, list) else []
    for mark in marks[:MOST_MARKS]:
        if isinstance(mark, dict):
            yield Mark(
                what=_saying(mark.get("what")),
                wall=_moment(mark.get("wall")),
                monotonic=_milliseconds(mark.get("monotonic")),
                page=_saying(mark.get("page")),
            )


def _milliseconds(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < MOST_MILLISECONDS:
        return None
    return round(value)


def _moment(value: object) -> datetime | None:
    """Return a moment that a phone wrote as milliseconds, or as text; no clock makes a body wrong."""
    try:
        if isinstance(value, str):
            read = datetime.fromisoformat(value)
            return read.astimezone(UTC) if read.tzinfo else None
        milliseconds = _milliseconds(value)
        return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _saying(value: object) -> str:
    """Return a short text that a phone says of itself; nothing where it is none."""
    text = value if isinstance(value, str) else ""
    return "".join(sign for sign in text[:LONGEST_SAYING] if sign.isprintable())
