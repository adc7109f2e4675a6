"""The eighth clause of R0: sending once more everything that was ever sent changes nothing."""

import hashlib
import json
import time
import urllib.request
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from urllib.error import HTTPError

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_app.models.inspections import Draft, Inspection, Revision, Submission, SubmissionConflict
from inspect_app.models.journal import JournalEntry
from inspect_app.models.photos import NamedPhoto, Photo
from tests.faults.phone.checker import Known
from tests.faults.phone.ground import LONGEST_RESTART_SECONDS, Ground

LATER = frozenset({423, 503})
"""What may be said to who comes at the wrong moment."""


def replay(ground: Ground, known: Known, token: str) -> list[str]:
    """Send every body again, and return what that changed."""
    before = ground.ask(lambda session: rows_of(session, known))
    faults = [fault for submission in known.tried for fault in _again(ground, known, submission, token)]
    after = ground.ask(lambda session: rows_of(session, known))
    changed = [f"(8) sending again turned {before} into {after}"] if before != after else []
    return faults + changed


def rows_of(session: Session, known: Known) -> Mapping[str, int]:
    """Return how many rows of each kind belong to a visit."""
    own = select(Inspection.id).where(Inspection.visit_id == known.visit_id)
    sent = select(Submission.id).where(Submission.visit_id == known.visit_id)
    wanted = {
        "inspections": select(func.count()).select_from(own.subquery()),
        "submissions": select(func.count()).select_from(sent.subquery()),
        "drafts": select(func.count()).select_from(Draft).where(Draft.inspection_id.in_(own)),
        "revisions": select(func.count()).select_from(Revision).where(Revision.inspection_id.in_(own)),
        "photos": select(func.count()).select_from(Photo).where(Photo.visit_id == known.visit_id),
        "named": select(func.count()).select_from(NamedPhoto).where(NamedPhoto.submission_id.in_(sent)),
        "conflicts": select(func.count())
        .select_from(SubmissionConflict)
        .where(SubmissionConflict.submission_id.in_(sent)),
        "entries": select(func.count())
        .select_from(JournalEntry)
        .where(JournalEntry.subject_id == str(known.visit_id)),
    }
    return {name: session.scalar(question) or 0 for name, question in wanted.items()}


def _again(ground: Ground, known: Known, submission: str, token: str) -> Iterator[str]:
    stored = known.receipts.get(submission, set())
    for body in known.tried[submission].values():
        status, answer = put_in_the_end(ground, f"submissions/{submission}", body, token)
        receipt = json.loads(answer).get("receipt") if status in (200, 202) else None
        if {receipt} != stored:
            yield f"(8) submission {submission} again: {status} {answer[:200].decode(errors='replace')}"


def put_in_the_end(ground: Ground, path: str, body: bytes, token: str) -> tuple[int, bytes]:
    """Call the server until it answers: others may be killing it, or what it stands on may be restarting."""
    end = time.monotonic() + LONGEST_RESTART_SECONDS
    while True:
        try:
            status, answer = put(ground, path, body, token)
        except (OSError, HTTPException):
            if time.monotonic() > end:
                raise
        else:
            if status not in LATER or time.monotonic() > end:
                return status, answer
        time.sleep(0.1)


def put(
    ground: Ground, path: str, body: bytes, token: str, form: str = "application/json"
) -> tuple[int, bytes]:
    """Call the server as a phone does, with nothing in between; return the status and the answer's body."""
    request = urllib.request.Request(  # noqa: S310 - the address is our own server's
        f"{ground.served.url}/sync/v1/{path}",
        data=body,
        method="PUT",
        headers={
            "Authorization": f"Visit {token}",
            "Content-Type": form,
            "X-Content-SHA256": hashlib.sha256(body).hexdigest(),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
            return answer.status, answer.read()
    except HTTPError as refusal:
        return refusal.code, refusal.read()
