"""The receipt: the server's proof of what it received, the same text for ever."""

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from checklists.json_values import compact_json
from inspect_app.queries.inspections import is_receipt_number_taken

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What a receipt's number is written in: nothing that reads like something else, as 0 and O or 1 and I."""

LENGTH = 8

MOST_ATTEMPTS = 4
"""How many numbers a submission could have been given: that even two were needed will hardly ever happen."""


@dataclass(frozen=True, slots=True)
class Received:
    """What a receipt is given for.

    Attributes:
        payload_sha256: of the body as it came, hexadecimal.
        photos: how many photos the body names.
    """

    submission_id: uuid.UUID
    inspection_id: uuid.UUID
    visit_id: uuid.UUID
    payload_sha256: str
    photos: int
    received_at: datetime


def first_number(secret: str, submission_id: uuid.UUID, payload_sha256: str) -> str:
    """Return the number of a receipt, which nobody can make up: the submission's, unless another has it."""
    return _signed(secret, submission_id, payload_sha256, 0)


def next_free_number(session: Session, secret: str, submission_id: uuid.UUID, payload_sha256: str) -> str:
    """Return the number of a receipt whose first number another submission has."""
    attempt = 1
    while is_receipt_number_taken(session, number := _signed(secret, submission_id, payload_sha256, attempt)):
        attempt += 1
    return number


def proves(secret: str, number: str, submission_id: uuid.UUID, payload_sha256: str) -> bool:
    """Say whether a receipt's number was given by who knows the secret, for these bytes under this id."""
    return number in (
        _signed(secret, submission_id, payload_sha256, attempt) for attempt in range(MOST_ATTEMPTS)
    )


def receipt_text(number: str, received: Received) -> str:
    """Return the receipt as the JSON text that is stored once and sent again for the same bytes."""
    moment = received.received_at.astimezone(UTC).isoformat(timespec="seconds")
    return compact_json(
        {
            "receipt": number,
            "submission": str(received.submission_id),
            "inspection": str(received.inspection_id),
            "visit": str(received.visit_id),
            "payload_sha256": received.payload_sha256,
            "photos": received.photos,
            "received_at": moment.replace("+00:00", "Z"),
        }
    )


def _signed(secret: str, submission_id: uuid.UUID, payload_sha256: str, attempt: int) -> str:
    # 30 signs in 8 places are few enough that, some day, two bodies meet: a further attempt is told apart.
    told_apart = f"|{attempt}" if attempt else ""
    proven = f"{submission_id}|{payload_sha256}{told_apart}"
    rest = int.from_bytes(hmac.digest(secret.encode(), proven.encode(), hashlib.sha256))
    signs = []
    for _ in range(LENGTH):
        rest, place = divmod(rest, len(SIGNS))
        signs.append(SIGNS[place])
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"
