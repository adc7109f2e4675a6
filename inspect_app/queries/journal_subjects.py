"""What the journal's entries are about, by name: asked for a whole page at once."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.models.answer_uploads import AnswerUpload
from inspect_app.models.appeals import Appeal
from inspect_app.models.branch_photos import BranchPhoto
from inspect_app.models.deficiencies import Deficiency
from inspect_app.models.journal import JournalEntry
from inspect_app.models.organisation import Branch, Region
from inspect_app.models.people import User, UserKind
from inspect_app.models.rankings import StoredRanking
from inspect_app.models.visits import Visit
from inspect_app.models.waves import Target, Wave

Names = Mapping[str, "SubjectName"]
"""What subjects are called, by their ids as the journal writes them."""


@dataclass(frozen=True, slots=True)
class SubjectName:
    """What an entry is about, as people know it.

    Attributes:
        name: of the thing or of the branch; code: a wave's, a branch's, a region's or an item's.
        number: which visit of the branch, which ranking of the wave; None for everything else.
    """

    name: str
    code: str = ""
    number: int | None = None


def subject_names(session: Session, entries: Sequence[JournalEntry]) -> Mapping[str, Names]:
    """Return what the subjects of some entries are called, by table and id: one question for each table."""
    by_table: dict[str, set[uuid.UUID]] = {}
    for entry in entries:
        subject = _uuid(entry.subject_id)
        if subject is not None:
            by_table.setdefault(entry.subject, set()).add(subject)
    return {table: NAMERS[table](session, ids) for table, ids in by_table.items() if table in NAMERS}


def _waves(session: Session, ids: set[uuid.UUID]) -> Names:
    rows = session.execute(select(Wave.id, Wave.name, Wave.code).where(Wave.id.in_(ids)))
    return {str(id): SubjectName(name, code) for id, name, code in rows}


def _visits(session: Session, ids: set[uuid.UUID]) -> Names:
    rows = session.execute(
        select(Visit.id, Target.branch_name, Wave.code, Visit.ordinal)
        .join(Target, Target.id == Visit.target_id)
        .join(Wave, Wave.id == Visit.wave_id)
        .where(Visit.id.in_(ids))
    )
    return {str(id): SubjectName(name, code, ordinal) for id, name, code, ordinal in rows}


def _deficiencies(session: Session, ids: set[uuid.UUID]) -> Names:
    rows = session.execute(
        select(Deficiency.id, Branch.name, Deficiency.item_code)
        .join(Branch, Branch.id == Deficiency.branch_id)
        .where(Deficiency.id.in_(ids))
    )
    return {str(id): SubjectName(name, code) for id, name, code in rows}


def _appeals(session: Session, ids: set[uuid.UUID]) -> Names:
    rows = session.execute(
        select(Appeal.id, Branch.name, Wave.code)
        .join(Branch, Branch.id == Appeal.branch_id)
        .join(Wave, Wave.id == Appeal.wave_id)
        .where(Appeal.id.in_(ids))
    )
    return {str(id): SubjectName(name, code) for id, name, code in rows}


def _branch_photos(session: Session, ids: set[uuid.UUID]) -> Names:
    rows = session.execute(
        select(BranchPhoto.id, Branch.name, Branch.code)
        .join(Branch, Branch.id == BranchPhoto.branch_id)
        .where(BranchPhoto.id.in_(ids))
    )
    return {str(id): SubjectName(name, code) for id, name, code in rows}


def _rankings(session: Session, ids: set[uuid.UUID]) -> Names:
    rows = session.execute(
        select(StoredRanking.id, Wave.name, Wave.code, StoredRanking.number)
        .join(Wave, Wave.id == StoredRanking.wave_id)
        .where(StoredRanking.id.in_(ids))
    )
    return {str(id): SubjectName(name, code, number) for id, name, code, number in rows}


def _regions(session: Session, ids: set[uuid.UUID]) -> Names:
    rows = session.execute(select(Region.id, Region.name, Region.code).where(Region.id.in_(ids)))
    return {str(id): SubjectName(name, code) for id, name, code in rows}


def _branches(session: Session, ids: set[uuid.UUID]) -> Names:
    rows = session.execute(select(Branch.id, Branch.name, Branch.code).where(Branch.id.in_(ids)))
    return {str(id): SubjectName(name, code) for id, name, code in rows}


def _accounts(session: Session, ids: set[uuid.UUID]) -> Names:
    """Return the names of accounts; inspectors have none here, even where an entry knows which one it was."""
    rows = session.execute(
        select(User.id, User.display_name, User.username).where(
            User.id.in_(ids), User.kind != UserKind.INSPECTOR
        )
    )
    return {str(id): SubjectName(name, username) for id, name, username in rows}


def _uploads(session: Session, ids: set[uuid.UUID]) -> Names:
    rows = session.execute(select(AnswerUpload.id, AnswerUpload.file_name).where(AnswerUpload.id.in_(ids)))
    return {str(id): SubjectName(name) for id, name in rows}


NAMERS: Mapping[str, Callable[[Session, set[uuid.UUID]], Names]] = {
    "wave": _waves,
    "visit": _visits,
    "deficiency": _deficiencies,
    "appeal": _appeals,
    "branch_photo": _branch_photos,
    "answer_upload": _uploads,
    "ranking": _rankings,
    "region": _regions,
    "branch": _branches,
    "user_account": _accounts,
}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
