"""Photos for a bank that is there already: of a published visit of two branches, and of one under way."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.db import transaction
from inspect_app.models.inspections import Revision, RevisionKind
from inspect_app.models.phones import Phone
from inspect_app.models.photos import Photo, PhotoCopy
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Target
from inspect_app.queries.inspections import newest_revision
from inspect_app.queries.visits import visit_of_office
from inspect_app.services.entries import bind_phone
from inspect_app.services.journal import Actor
from inspect_app.services.photo_copies import release_photo
from inspect_app.services.photos import SentPhoto, StoredPhoto, keep_photo
from inspect_app.storage import Store, open_store
from tests.inspect_app.made_up_bank import NOW, Bank
from tests.inspect_app.web.sync.phones import digest, jpeg


@dataclass(frozen=True, slots=True)
class Evidence:
    """Ids of what was added.

    Attributes:
        copies: of released photos, by branch code.
        under_way: of photos of the visits that are under way, by branch code.
        original: of a photo that a reviewer sees.
        recorded: the visit that the original is of, and its inspection.
    """

    copies: Mapping[str, uuid.UUID]
    under_way: Mapping[str, uuid.UUID]
    original: uuid.UUID
    recorded: tuple[uuid.UUID, uuid.UUID]
    phone: uuid.UUID


def add_evidence(bank: Bank, folder: Path) -> Evidence:
    """Add photos to the published visits and to those under way, and a phone to the inspector."""
    store = open_store((folder / "files").absolute().as_uri())
    with transaction(bank.database) as session:
        copies = {code: _released(session, bank, store, code) for code in ("0101", "0201")}
        under_way = {
            code: _kept(session, store, visit_of_office(session, bank.visits[code]), uuid.uuid4(), 3).id
            for code in ("0101", "0201")
        }
        original = session.scalars(select(Photo).where(Photo.id == copies["0101"].photo_id)).one()
        phone: Phone = bind_phone(session, bank.user("inspector"), "0" * 64, now=NOW)
        return Evidence(
            {code: copy.id for code, copy in copies.items()},
            under_way,
            original.id,
            (original.visit_id, original.inspection_id),
            phone.id,
        )


def _released(session: Session, bank: Bank, store: Store, branch_code: str) -> PhotoCopy:
    visit = session.scalars(
        select(Visit)
        .join(Target, Target.id == Visit.target_id)
        .where(Target.branch_code == branch_code, Visit.state == VisitState.PUBLISHED)
    ).first()
    assert visit is not None
    assert visit.counting_inspection_id is not None
    _name_photo(session, visit.counting_inspection_id)
    photo = _kept(session, store, visit, visit.counting_inspection_id, 1)
    reviewer = Actor.user(bank.user("reviewer"))
    return release_photo(session, reviewer, photo, (), _stored(store, 2), now=NOW)


def _name_photo(session: Session, inspection_id: uuid.UUID) -> None:
    """Let the newest answers of an inspection name the photo."""
    before = newest_revision(session, inspection_id)
    assert before is not None
    answers = json.loads(before.answers)
    section = next(one for one in answers["sections"] if one["answers"])
    section["answers"][0]["photos"] = [digest(jpeg(1))]
    session.add(
        Revision(
            inspection_id=inspection_id,
            number=before.number + 1,
            kind=RevisionKind.CORRECTED,
            checklist_hash=before.checklist_hash,
            answers=json.dumps(answers, ensure_ascii=False, separators=(",", ":")),
            scores=before.scores,
            rules_version=before.rules_version,
            reason="照片",
            made_at=NOW,
        )
    )
    session.flush()


def _kept(session: Session, store: Store, visit: Visit, inspection_id: uuid.UUID, seed: int) -> Photo:
    sent = SentPhoto(inspection_id, digest(jpeg(seed)), len(jpeg(seed)))
    return keep_photo(session, visit, sent, _stored(store, seed), now=NOW)[0]


def _stored(store: Store, seed: int) -> StoredPhoto:
    return StoredPhoto(store.put(jpeg(seed)), store.put(jpeg(seed)), 48, 32)
