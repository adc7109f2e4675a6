"""Lists of the bank are kept until they were looked through: a day at most, for they hold people's names."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from inspect_app.importers.people_lists import PeopleList
from inspect_app.importers.unit_lists import UnitList
from inspect_app.models.list_uploads import LONGEST_FILE_NAME, ListKind, ListUpload
from inspect_app.models.people import User
from inspect_app.queries.list_uploads import list_text

KEPT = timedelta(days=1)


def keep_list(
    session: Session, user: User, file_name: str, listed: UnitList | PeopleList, digest: str, *, now: datetime
) -> ListUpload:
    """Keep a list without faults; the one that the user handed in before goes, and whatever is a day old."""
    old = or_(ListUpload.user_id == user.id, ListUpload.uploaded_at < now - KEPT)
    session.execute(delete(ListUpload).where(old))
    upload = ListUpload(
        user_id=user.id,
        kind=ListKind.BRANCHES if isinstance(listed, UnitList) else ListKind.PEOPLE,
        file_name=file_name[:LONGEST_FILE_NAME],
        digest=digest,
        rows=list_text(listed),
        uploaded_at=now,
    )
    session.add(upload)
    session.flush()
    return upload


def drop_list(session: Session, upload: ListUpload) -> None:
    """Forget a list that was taken in."""
    session.delete(upload)
    session.flush()
