"""What is written down of a submission's arrival: the photos it names, why it is odd, what its clock said."""

import json
import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from checklists.json_values import compact_json
from inspect_app.models.inspections import Submission
from inspect_app.models.phones import ArrivedAs, OddArrival
from inspect_app.models.photos import NamedPhoto
from inspect_app.services.visit_tokens import Standing
from inspect_app.services.writing import write_row

SKEW = "skew"
"""Under which the times of a visit hold by how many seconds a phone's clock was ahead, by submission."""


def name_photos(session: Session, submission: Submission, photos: Collection[str]) -> None:
    """Write down which photos a submission names."""
    if photos:
        rows = [{"submission_id": submission.id, "sha256": sha256} for sha256 in sorted(photos)]
        session.connection().execute(insert(NamedPhoto), rows)


def note_odd(session: Session, submission: Submission, arrived_as: ArrivedAs | None) -> None:
    """Write down why a submission is none that its visit waited for; nothing where it is one."""
    if arrived_as is not None:
        write_row(session, OddArrival, submission_id=submission.id, arrived_as=arrived_as)


def oddness(standing: Standing, *, is_conflict: bool, is_awaited: bool) -> ArrivedAs | None:
    """Return why a submission is none that its visit waited for; None where it is one."""
    if standing is Standing.REASSIGNED:
        return ArrivedAs.REASSIGNED
    if standing is Standing.REVOKED:
        return ArrivedAs.REVOKED
    if is_conflict:
        return ArrivedAs.CONFLICT
    return None if is_awaited else ArrivedAs.OVER


def skew_with(times: str, submission_id: uuid.UUID, sent_at: datetime, now: datetime) -> str:
    """Return the times noted on a visit, JSON text, with how far ahead the clock was that sent this."""
    noted = json.loads(times)
    noted.setdefault(SKEW, {})[str(submission_id)] = round((sent_at - now).total_seconds())
    return compact_json(noted)
