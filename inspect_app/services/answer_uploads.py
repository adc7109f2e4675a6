"""Answers that come back in a workbook: kept as they are, then taken in row by row, all or none of a row."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError
from inspect_app.importers.answers import AnswerRead
from inspect_app.models.answer_uploads import LONGEST_FILE_NAME, AnswerUpload
from inspect_app.models.deficiencies import Deficiency
from inspect_app.models.people import User
from inspect_app.queries.answer_uploads import MOST_AT_ONCE, PreviewedRow, preview, rows_text
from inspect_app.queries.deficiencies import deficiencies_with_ids
from inspect_app.services import journal
from inspect_app.services.corrective_actions import ActionPlan, send_action
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.services.versions import require_seen
from inspect_app.working_days import BANK_TIME, day_of


def keep_upload(
    session: Session, user: User, file_name: str, rows: Sequence[AnswerRead], *, now: datetime
) -> AnswerUpload:
    """Keep what somebody filled in, right or wrong: nothing of it is lost, and nothing is answered yet."""
    upload = AnswerUpload(
        user_id=user.id,
        file_name=file_name[:LONGEST_FILE_NAME],
        rows=rows_text(rows),
        taken="[]",
        uploaded_at=now,
    )
    session.add(upload)
    session.flush()
    journal.record(
        session,
        Actor.user(user),
        "upload_answers",
        "answer_upload",
        str(upload.id),
        now=now,
        details={"rows": len(rows)},
    )
    return upload


def take_in(
    session: Session,
    user: User,
    upload: AnswerUpload,
    seen: int,
    *,
    now: datetime,
    timezone: tzinfo = BANK_TIME,
) -> int:
    """Send the answers of every row that can be taken in; rows that say the same of one branch go together.

    Rows that cannot be taken in stay as they are, to be mended and handed in again.

    Args:
        seen: the version of the upload that the form showed.

    Returns:
        How many rows were taken in.

    Raises:
        StaleError: the upload was taken in from somewhere else meanwhile.
        ConflictError: no row can be taken in, or a deficiency was changed at this very moment.
    """
    require_seen(f"upload {upload.id}", upload.version, seen)
    ready = preview(session, user, upload, day_of(now, timezone)).ready
    if not ready:
        raise ConflictError(f"upload {upload.id} has no row that can be taken in")
    deficiencies = _deficiencies(session, user, ready)
    for rows in _alike(ready, deficiencies):
        answered = [deficiencies[str(row.read.deficiency)] for row in rows]
        versions = {one.id: row.read.version for one, row in zip(answered, rows, strict=True)}
        send_action(
            session, Actor.user(user), answered, _plan(rows[0].read), versions, now=now, timezone=timezone
        )
    taken = {*json.loads(upload.taken), *(row.read.row for row in ready)}
    upload.taken, upload.taken_at = json.dumps(sorted(taken)), now
    flush_or_conflict(session, f"upload {upload.id} is taken in")
    journal.record(
        session,
        Actor.user(user),
        "take_in_answers",
        "answer_upload",
        str(upload.id),
        now=now,
        details={"rows": len(ready)},
    )
    return len(ready)


def _deficiencies(session: Session, user: User, rows: Sequence[PreviewedRow]) -> Mapping[str, Deficiency]:
    ids = [row.read.deficiency for row in rows if row.read.deficiency is not None]
    return {
        str(one.id): one
        for begin in range(0, len(ids), MOST_AT_ONCE)
        for one in deficiencies_with_ids(session, user, ids[begin : begin + MOST_AT_ONCE])
    }


def _alike(rows: Sequence[PreviewedRow], deficiencies: Mapping[str, Deficiency]) -> list[list[PreviewedRow]]:
    """Return the rows that say the same of one branch together, in the order of the file."""
    together: defaultdict[tuple[object, ...], list[PreviewedRow]] = defaultdict(list)
    for row in rows:
        branch = deficiencies[str(row.read.deficiency)].branch_id
        together[branch, _plan(row.read)].append(row)
    return list(together.values())


def _plan(read: AnswerRead) -> ActionPlan:
    return ActionPlan(
        cause=read.cause,
        measure=read.measure,
        measure_words=read.measure_words,
        owner_role=read.owner_role,
        done_by=read.done_by,
        cause_words=read.cause_words,
    )
