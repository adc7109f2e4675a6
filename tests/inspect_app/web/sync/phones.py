"""A phone of the tests: it makes bodies and photos as the product's own modules do, and sends them."""

import hashlib
import io
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from inspect_app.db import reading
from inspect_app.queries.inspections import Fields
from inspect_app.queries.visits import visit_of_inspector
from inspect_app.services.visit_tokens import issue
from inspect_app.web.clock import utc_now
from tests.inspect_app.made_up_bank import Bank, fill
from tests.inspect_app.web.browsing import SECRET

ANSWERED_AT = 1_785_720_000_000
"""Milliseconds of the phone's clock, some moment in the wave."""


@cache
def jpeg(seed: int, width: int = 48, height: int = 32) -> bytes:
    """Return a small photo; another seed is another picture."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), (seed * 37 % 256, seed * 91 % 256, seed * 17 % 256)).save(
        written, "JPEG"
    )
    return written.getvalue()


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, as phones name them."""
    return hashlib.sha256(data).hexdigest()


def token_for(
    bank: Bank, branch_code: str, username: str | None = None, session_hash: str | None = None
) -> str:
    """Return a token for the visit to a branch, of who makes it or of another inspector."""
    inspector = bank.user(username) if username else bank.inspector_of(branch_code)
    with reading(bank.database) as session:
        visit = visit_of_inspector(session, inspector, bank.visits[branch_code])
        return issue(session, visit, inspector, SECRET, now=utc_now(), session_hash=session_hash)


@dataclass
class Phone:
    """One inspection on one phone.

    Attributes:
        photos: by the field that they belong to.
    """

    app: Flask
    bank: Bank
    branch_code: str
    token: str
    seed: int = 1
    inspection: uuid.UUID = field(default_factory=uuid.uuid4)
    submission: uuid.UUID = field(default_factory=uuid.uuid4)
    photos: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    changes: Mapping[str, object] = field(default_factory=dict)

    @property
    def all_photos(self) -> list[bytes]:
        """Every photo that is named, in the order of the fields."""
        return [photo for photos in self.photos.values() for photo in photos]

    def fields(self) -> list[list[object]]:
        """Return what is filled in, as the phone sends it: sorted, each with its time."""
        filled: Fields = fill(self.bank.checklist, self.seed)
        named = [(name, [digest(photo) for photo in photos]) for name, photos in self.photos.items()]
        return sorted(
            [[name, value, ANSWERED_AT] for name, value in [*filled, *named]], key=lambda one: str(one[0])
        )

    def body(self) -> bytes:
        """Return the frozen bytes; `changes` stand in for what a body usually says."""
        said = {
            "v": 1,
            "visit": str(self.bank.visits[self.branch_code]),
            "inspection": str(self.inspection),
            "submission": str(self.submission),
            "checklist": self.bank.checklist.hash,
            "fields": self.fields(),
            "photos": [
                {"sha256": digest(photo), "size": len(photo), "name": name}
                for name, photos in self.photos.items()
                for photo in photos
            ],
            "marks": [{"what": "in", "wall": ANSWERED_AT, "monotonic": 12.5, "page": "p1"}],
            "phone_time": ANSWERED_AT + 60_000,
            "zone": "Asia/Shanghai",
            "left_at": ANSWERED_AT,
            "app": "test phone 1",
        }
        return json.dumps({**said, **self.changes}, ensure_ascii=False).encode()

    def put(self, path: str, data: bytes, **headers: str) -> TestResponse:
        """Call the server as a phone does: with its token, the hash of the bytes, and no cookie."""
        sent = {
            "Authorization": f"Visit {self.token}",
            "X-Content-SHA256": digest(data),
            "Content-Type": "application/json",
        }
        client = self.app.test_client(use_cookies=False)
        return client.put(f"/sync/v1/{path}", data=data, headers={**sent, **headers})

    def send(self, **headers: str) -> TestResponse:
        """Send the frozen bytes."""
        return self.put(f"submissions/{self.submission}", self.body(), **headers)

    def send_photo(self, photo: bytes, **headers: str) -> TestResponse:
        """Send one photo."""
        return self.put(
            f"inspections/{self.inspection}/photos/{digest(photo)}",
            photo,
            **{"Content-Type": "image/jpeg", **headers},
        )

    def save(self, sequence: int, fields: Sequence[object] | None = None) -> TestResponse:
        """Send what is filled in so far."""
        said = {"seq": sequence, "fields": self.fields() if fields is None else list(fields)}
        return self.put(f"inspections/{self.inspection}/answers", json.dumps(said).encode())
