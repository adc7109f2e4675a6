"""What inspectors sent, held against its hashes, its receipts and the scores that were made of it."""

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy.orm import Session

from checklists.answers import parse
from checklists.checklist import Checklist
from checklists.crediting import credit
from checklists.files.answers_json import answers_document, read_answers
from checklists.files.checklist_json import read_checklist
from checklists.json_values import DocumentError, Member, compact_json
from checklists.scoring import RULES_VERSION, score
from inspect_app.errors import NotFoundError
from inspect_app.models.inspections import Revision, RevisionKind, Submission, SubmissionConflict
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import Fields
from inspect_app.queries.verification import every_checklist, every_conflict, every_revision, every_submission
from inspect_app.services.receipts import proves
from inspect_app.verification.verdicts import Fault, Found
from reports.stated_scores import scores_text

UNREADABLE = (DocumentError, NotFoundError, ValueError, LookupError, TypeError, AttributeError)
"""What readers raise over a text that was tampered with: none of them was written for such texts."""


def checklists(session: Session) -> Iterator[Found | None]:
    """Hold the content of every checklist against its hash."""
    for row in every_checklist(session):
        name = f"checklist {row.hash}"
        try:
            read = read_checklist(json.loads(row.document))
        except UNREADABLE:
            yield Found(name, Fault.UNREADABLE)
            continue
        yield None if read.hash == row.hash else Found(name, Fault.OTHER_HASH)


def submissions(session: Session) -> Iterator[Found | None]:
    """Hold every body that was received against its hash."""
    for submission in every_submission(session):
        yield _of_body(f"submission {submission.id}", submission)
    for conflict in every_conflict(session):
        yield _of_body(f"submission_conflict {conflict.submission_id}", conflict)


def receipts(session: Session, secret: str) -> Iterator[Found | None]:
    """Hold every receipt against its submission, and its number against the secret."""
    for submission in every_submission(session):
        name = f"submission {submission.id}, receipt {submission.receipt_number}"
        if not proves(secret, submission.receipt_number, submission.id, submission.payload_sha256):
            yield Found(name, Fault.OTHER_NUMBER)
            continue
        yield None if _speaks_of(submission) else Found(name, Fault.OTHER_RECEIPT)


def revisions(session: Session) -> Iterator[Found | None]:
    """Hold the answers of every revision against what was sent, and its scores against its answers.

    Scores by another version of the rules cannot be made again by this one; their texts must be readable.
    """
    for revision, submission in every_revision(session):
        try:
            fault = _of_revision(session, revision, submission)
        except UNREADABLE:
            fault = Fault.UNREADABLE
        yield None if fault is None else Found(f"revision {revision.id}", fault)


def _of_body(name: str, kept: Submission | SubmissionConflict) -> Found | None:
    try:
        is_true = hashlib.sha256(kept.body).hexdigest() == kept.payload_sha256
    except UNREADABLE:
        return Found(name, Fault.UNREADABLE)
    return None if is_true else Found(name, Fault.OTHER_HASH)


def _speaks_of(submission: Submission) -> bool:
    try:
        receipt = Member(json.loads(submission.receipt))
        said = [
            receipt[key].text() for key in ("receipt", "submission", "inspection", "visit", "payload_sha256")
        ]
    except UNREADABLE:
        return False
    ids = (submission.id, submission.inspection_id, submission.visit_id)
    return said == [submission.receipt_number, *map(str, ids), submission.payload_sha256]


def _of_revision(session: Session, revision: Revision, submission: Submission | None) -> Fault | None:
    checklist = checklist_of(session, revision.checklist_hash)
    answers = read_answers(json.loads(revision.answers))
    if submission is not None and not _says(checklist, submission.body, revision.answers):
        return Fault.OTHER_ANSWERS
    if revision.kind is RevisionKind.VOIDED or revision.rules_version != RULES_VERSION:
        return None
    comes_to = scores_text(score(credit(checklist, answers)))
    return None if comes_to == revision.scores else Fault.OTHER_SCORES


def _says(checklist: Checklist, body: bytes, answers: str) -> bool:
    """Say whether a body holds these answers; one in a form that nobody here writes is not asked."""
    fields = _fields(body)
    if fields is None:
        return True
    read, _ = parse(checklist, fields)
    return compact_json(answers_document(read)) == answers


def _fields(body: bytes) -> Fields | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    if not isinstance(document, dict) or "fields" not in document:
        return None
    # A phone says beside each value when it was given.
    return tuple(
        (name, value if isinstance(value, str) else tuple(value)) for name, value, *_ in document["fields"]
    )
