"""Faults planted into the server, to see that the checker finds them: mistakes that others have made."""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from flask import request
from sqlalchemy.orm import make_transient

from inspect_app.db import after_commit
from inspect_app.photos import NormalisedPhoto
from inspect_app.services import submissions
from inspect_app.services.photos import StoredPhoto
from inspect_app.services.receipts import Received, receipt_text
from inspect_app.services.submissions import Accepted
from inspect_app.storage import Store
from inspect_app.web import receiving
from inspect_app.web.sync import calls


def make_receipts_afresh() -> None:
    """Write the receipt anew for each repetition: the same bytes get another proof."""
    repeated = submissions._repeated

    def afresh(*arguments: object) -> Accepted:
        accepted = repeated(*arguments)  # type: ignore[arg-type]  # whatever the product hands over
        submission = accepted.submission
        make_transient(submission)
        received = Received(
            submission.id,
            submission.inspection_id,
            submission.visit_id,
            submission.payload_sha256,
            0,
            datetime.now(UTC),
        )
        submission.receipt = receipt_text("AAAA-AAAA", received)
        return accepted

    submissions._repeated = afresh


def believe_every_hash() -> None:
    """Take in whatever comes, without a look at what it should be."""

    def open_call() -> calls.Call:
        claim = calls._claim(request.headers.get("Authorization", ""))
        return calls.Call(claim, request.get_data(cache=False), request.headers.get(calls.DIGEST, ""))

    for module in ("inspections", "submissions"):
        vars(__import__(f"inspect_app.web.sync.{module}", fromlist=["open_call"]))["open_call"] = open_call


def write_rows_before_files() -> None:
    """Put photos into the store once their rows are committed."""

    def later(store: Store, photo: NormalisedPhoto) -> StoredPhoto:
        for data in (photo.jpeg, photo.thumbnail):
            after_commit(lambda data=data: store.put(data))  # type: ignore[misc]  # bound at once
        names = (hashlib.sha256(data).hexdigest() for data in (photo.jpeg, photo.thumbnail))
        return StoredPhoto(*names, photo.width, photo.height)

    receiving.put_into_store = later


def forget_the_journal() -> None:
    """Take in what comes first without an entry of the journal."""
    told = submissions._tell

    def half_of_them(session: object, arrival: object, *rest: object, **more: object) -> None:
        if submissions.hashlib.sha256(str(arrival).encode()).digest()[0] % 2:
            told(session, arrival, *rest, **more)  # type: ignore[arg-type]  # as the product calls it

    submissions._tell = half_of_them


def answer_before_the_commit() -> None:
    """Acknowledge what is not committed yet: the commit comes when the next request asks."""


SERVER_PLANTS: Mapping[str, Callable[[], None]] = {
    "receipts_afresh": make_receipts_afresh,
    "no_hash_check": believe_every_hash,
    "row_before_file": write_rows_before_files,
    "no_journal": forget_the_journal,
}
"""By name: what spoils the product's functions in this process."""
