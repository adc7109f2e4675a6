"""Questions of whoever checks the whole database: every row of a kind, piece by piece."""

import uuid
from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Select, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from inspect_app.models.handbook import StoredChecklist
from inspect_app.models.inspections import Revision, Submission, SubmissionConflict
from inspect_app.models.rankings import PartResult, StoredRanking, VisitResult

PIECE = 500
"""Rows that are in memory at a time."""

Kept = TypeVar("Kept", Submission, Revision)


def faults_of_file(session: Session) -> Sequence[str]:
    """Return what SQLite finds wrong with its own file; a database server guards its own."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    return [line for (line,) in session.execute(text("PRAGMA integrity_check")) if line != "ok"]


def dangling_keys(session: Session) -> Sequence[str]:
    """Return the rows whose foreign key points nowhere; a database server does not let any be."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    rows = session.execute(text("PRAGMA foreign_key_check"))
    return [f"{table} {row_id or ''} → {parent}" for table, row_id, parent, _ in rows]


def every_checklist(session: Session) -> Sequence[StoredChecklist]:
    """Return every checklist in use."""
    return session.scalars(select(StoredChecklist).order_by(StoredChecklist.hash)).all()


def every_submission(session: Session) -> Iterator[Submission]:
    """Yield everything that was ever received."""
    return _piecewise(session, select(Submission), Submission.id)


def every_conflict(session: Session) -> Sequence[SubmissionConflict]:
    """Return every body that came under a taken id."""
    return session.scalars(select(SubmissionConflict).order_by(SubmissionConflict.submission_id)).all()


def every_revision(session: Session) -> Iterator[tuple[Revision, Submission | None]]:
    """Yield every revision with the submission that it was made of."""
    for revision in _piecewise(session, select(Revision), Revision.id):
        sent = select(Submission).where(Submission.id == revision.submission_id)
        yield revision, None if revision.submission_id is None else session.scalar(sent)


def every_ranking(session: Session) -> Sequence[StoredRanking]:
    """Return every ranking ever published, in the order in which they were."""
    return session.scalars(
        select(StoredRanking).order_by(StoredRanking.published_at, StoredRanking.number)
    ).all()


def visit_results_of(session: Session, ranking: StoredRanking) -> Sequence[VisitResult]:
    """Return the figures of the visits that a ranking counted."""
    return session.scalars(select(VisitResult).where(VisitResult.ranking_id == ranking.id)).all()


def part_results_of(session: Session, ranking: StoredRanking) -> Sequence[PartResult]:
    """Return the figures of the parts of the visits that a ranking counted."""
    return session.scalars(select(PartResult).where(PartResult.ranking_id == ranking.id)).all()


def _piecewise(
    session: Session, wanted: Select[Kept], key: InstrumentedAttribute[uuid.UUID]
) -> Iterator[Kept]:
    """Yield rows by their key, a few at a time, and let go of each piece before the next."""
    following = wanted
    while True:
        piece = session.scalars(following.order_by(key).limit(PIECE)).all()
        yield from piece
        if len(piece) < PIECE:
            return
        following = wanted.where(key > piece[-1].id)
        session.expunge_all()
