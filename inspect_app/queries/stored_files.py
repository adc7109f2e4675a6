"""Questions about the files of the store: which rows speak of them, which originals are due to be erased."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.models.branch_photos import BranchPhoto
from inspect_app.models.photos import Photo, PhotoCopy
from inspect_app.models.visits import Visit
from inspect_app.queries.keeping import held_waves

PIECE = 1_000
"""Rows that are in memory at a time."""


def named_files(session: Session) -> Iterator[tuple[str, str]]:
    """Yield every file that some row speaks of: the row's name, and the file's SHA-256."""
    for table in (Photo, PhotoCopy, BranchPhoto):
        rows = session.execute(
            select(table.id, table.sha256, table.thumbnail_sha256).execution_options(yield_per=PIECE)
        )
        for row_id, *files in rows:
            for sha256 in files:
                if sha256 is not None:
                    yield f"{table.__tablename__} {row_id}", sha256


def all_named_files(session: Session) -> frozenset[str]:
    """Return every file that some row speaks of."""
    return frozenset(sha256 for _name, sha256 in named_files(session))


def originals_received_before(session: Session, moment: datetime) -> Sequence[Photo]:
    """Return the photos that came before a moment and were not erased yet, by visit; of held waves none."""
    return session.scalars(
        select(Photo)
        .join(Visit, Visit.id == Photo.visit_id)
        .where(Photo.received_at < moment, Photo.erased_at.is_(None), Visit.wave_id.not_in(held_waves()))
        .order_by(Photo.visit_id, Photo.id)
    ).all()
