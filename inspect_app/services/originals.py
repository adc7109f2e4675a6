"""Original photos are erased when their time is over; what was released of them stays."""

from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy.orm import Session

from inspect_app.queries.stored_files import originals_received_before
from inspect_app.services import journal
from inspect_app.services.journal import Actor


def erase_originals(session: Session, keep_days: int, *, now: datetime) -> int:
    """Forget the originals that came more than `keep_days` days ago, and return how many they were.

    Their rows stay, so that it is known what was there; their files are no row's any more, and go with the
    next sweep of the store.
    """
    due = originals_received_before(session, now - timedelta(days=keep_days))
    for visit_id, photos in groupby(due, key=lambda photo: photo.visit_id):
        erased = list(photos)
        for photo in erased:
            photo.sha256 = photo.thumbnail_sha256 = None
            photo.erased_at = now
        session.flush()
        details = {"photos": len(erased)}
        journal.record(
            session, Actor.system(), "erase_originals", "visit", str(visit_id), now=now, details=details
        )
    return len(due)
