"""Faults planted into the server, to see that the checker finds them: mistakes that others have made."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import ModuleType

from flask import request
from sqlalchemy.orm import Session, make_transient

from inspect_app.db import after_commit
from inspect_app.models.visits import VisitState
from inspect_app.photos import NormalisedPhoto
from inspect_app.services import photos, submissions
from inspect_app.services.photos import StoredPhoto
from inspect_app.services.receipts import Received, receipt_text
from inspect_app.services.submissions import Accepted
from inspect_app.storage import Store
from inspect_app.web import receiving
from inspect_app.web.sync import calls, inspections
from inspect_app.web.sync import submissions as submission_pages


def make_receipts_afresh() -> None:
    """Write the receipt anew for each repetition: the same bytes get another proof."""
    repeated = submissions._repeated

    def afresh(session: Session, arrival: submissions._Arrival) -> Accepted:
        accepted = repeated(session, arrival)
        stored = accepted.submission
        session.expunge(stored)
        make_transient(stored)
        received = Received(
            stored.id, stored.inspection_id, stored.visit_id, stored.payload_sha256, 0, datetime.now(UTC)
        )
        stored.receipt = receipt_text("AAAA-AAAA", received)
        return accepted

    _spoil(submissions, "_repeated", afresh)


def believe_every_hash() -> None:
    """Take in whatever comes, without a look at what it should be."""

    def open_call() -> calls.Call:
        claim = calls._claim(request.headers.get("Authorization", ""))
        return calls.Call(claim, request.get_data(cache=False), request.headers.get(calls.DIGEST, ""))

    _spoil(inspections, "open_call", open_call)
    _spoil(submission_pages, "open_call", open_call)


def write_rows_before_files() -> None:
    """Put photos into the store once their rows are committed."""

    def put_later(store: Store, photo: NormalisedPhoto) -> StoredPhoto:
        def put() -> None:
            store.put(photo.jpeg)
            store.put(photo.thumbnail)

        after_commit(put)
        names = [hashlib.sha256(data).hexdigest() for data in (photo.jpeg, photo.thumbnail)]
        return StoredPhoto(names[0], names[1], photo.width, photo.height)

    _spoil(receiving, "put_into_store", put_later)


def forget_the_journal() -> None:
    """Change what the last photo completes, and tell nobody."""

    def change_silently(
        _session: Session, _actor: object, _action: str, visit: object, *_: object, **__: object
    ) -> None:
        vars(visit)  # loaded
        visit.state = VisitState.SUBMITTED  # type: ignore[attr-defined]  # a visit

    _spoil(photos, "change_state", change_silently)


def submit_without_photos() -> None:
    """Take an inspection for whole, whatever photos it names."""
    _spoil(photos, "complete", lambda *_, **__: False)


SERVER_PLANTS: Mapping[str, Callable[[], None]] = {
    "receipts_afresh": make_receipts_afresh,
    "no_hash_check": believe_every_hash,
    "row_before_file": write_rows_before_files,
    "no_journal": forget_the_journal,
    "never_whole": submit_without_photos,
}
"""By name: what spoils the product's functions in this process."""


def _spoil(module: ModuleType, name: str, function: Callable[..., object]) -> None:
    """Put another function into the place of the product's."""
    if name not in vars(module):
        raise LookupError(f"{module.__name__} has no {name} any more")
    vars(module)[name] = function
