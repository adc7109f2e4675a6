"""R0, the invariant of the fault suite: what must be true of the database whatever has happened.

Its clauses: (1) what was acknowledged is there, and nothing that nobody sent; (2) each once; (3) one hash in
row, receipt and phone; (4) every named photo is there, or the visit awaits it; (5) every change has its entry
in the journal, whose chain holds; (6) the database is sound; (7) no row lacks its file, and no file its row;
(8) sending everything once more changes nothing, which `replaying` tries.
"""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspect_app.models.inspections import Draft, Inspection, Revision, Submission
from inspect_app.models.journal import JournalEntry
from inspect_app.models.photos import NamedPhoto, Photo
from inspect_app.models.visits import Visit, VisitState
from inspect_app.queries.chain_checks import check_chain
from inspect_app.queries.verification import dangling_keys, faults_of_file
from inspect_app.services.receipts import proves
from inspect_app.storage import FolderStore
from tests.faults.phone.server import SECRET

KEEPING = frozenset({"submit_inspection", "keep_submission"})
"""What the journal calls the taking in of a submission."""


@dataclass(slots=True)
class Known:
    """What is known outside the server of one visit.

    Attributes:
        tried: every body that somebody sent under a submission's id, by its hash.
        receipts: by submission, as some phone got it.
    """

    visit_id: uuid.UUID
    tried: dict[str, dict[str, bytes]] = field(default_factory=dict)
    receipts: dict[str, set[str]] = field(default_factory=dict)

    def note_sent(self, submission: str, body: bytes) -> None:
        """Remember that a body was sent, whatever becomes of it."""
        self.tried.setdefault(submission, {})[hashlib.sha256(body).hexdigest()] = body

    def note_receipt(self, submission: str, receipt: str) -> None:
        """Remember that somebody holds this receipt."""
        self.receipts.setdefault(submission, set()).add(receipt)

    def as_of_now(self) -> "Known":
        """Return it with the receipts of this moment: a look at the database that begins now must show them.

        What is sent while it looks may show as well, and stays known.
        """
        held = {submission: set(receipts) for submission, receipts in self.receipts.items()}
        return Known(self.visit_id, self.tried, held)


def check(session: Session, store: FolderStore, known: Known) -> list[str]:
    """Return every way in which R0 does not hold, for one visit and for the database as a whole."""
    return [
        *(f"({clause}) {fault}" for clause, fault in _of_visit(session, store, known)),
        *(f"({clause}) {fault}" for clause, fault in _of_database(session)),
    ]


def check_files(session: Session, store: FolderStore) -> list[str]:
    """Return the files that no row names, once nobody is sending: the other half of the seventh clause."""
    rows = session.execute(select(Photo.sha256, Photo.thumbnail_sha256)).all()
    named = {sha256 for row in rows for sha256 in row}
    return [f"(7) file {one.sha256} has no row" for one in store.files() if one.sha256 not in named]


def _of_visit(session: Session, store: FolderStore, known: Known) -> Iterator[tuple[int, str]]:
    stored = session.scalars(select(Submission).where(Submission.visit_id == known.visit_id)).all()
    yield from _acknowledged(stored, known)
    yield from _once(session, stored, known.visit_id)
    for submission in stored:
        yield from _hashes(submission, known)
    yield from _photos(session, store, stored, known.visit_id)
    yield from _journal(session, stored, known.visit_id)


def _acknowledged(stored: Sequence[Submission], known: Known) -> Iterator[tuple[int, str]]:
    by_id = {str(submission.id): submission for submission in stored}
    for submission, receipts in known.receipts.items():
        if submission not in by_id:
            yield 1, f"submission {submission} was acknowledged and is not there"
        elif receipts != {by_id[submission].receipt}:
            yield 3, f"submission {submission} was given another receipt than the stored one"
    for submission in by_id.keys() - known.tried.keys():
        yield 1, f"submission {submission} was never sent"


def _once(session: Session, stored: Sequence[Submission], visit_id: uuid.UUID) -> Iterator[tuple[int, str]]:
    inspections = session.scalar(
        select(func.count()).select_from(Inspection).where(Inspection.visit_id == visit_id)
    )
    if (inspections or 0) > 1:
        yield 2, f"{inspections} inspections of one visit"
    if len(stored) > 1:
        yield 2, f"{len(stored)} submissions of one visit"
    for submission in stored:
        revisions = session.scalar(
            select(func.count()).select_from(Revision).where(Revision.submission_id == submission.id)
        )
        if revisions != 1:
            yield 2, f"submission {submission.id} has {revisions} revisions"
        drafts = select(func.count()).select_from(Draft)
        if session.scalar(drafts.where(Draft.inspection_id == submission.inspection_id)):
            yield 2, f"submission {submission.id} still has a draft beside it"


def _hashes(submission: Submission, known: Known) -> Iterator[tuple[int, str]]:
    receipt = json.loads(submission.receipt)
    found = {
        hashlib.sha256(submission.body).hexdigest(),
        submission.payload_sha256,
        receipt["payload_sha256"],
    }
    tried = known.tried.get(str(submission.id), {})
    if len(found) != 1 or not found <= tried.keys():
        yield 3, f"submission {submission.id} has hashes {sorted(found)}, sent were {sorted(tried)}"
    if not proves(SECRET, submission.receipt_number, submission.id, submission.payload_sha256):
        yield 3, f"receipt {submission.receipt_number} was not made by this server"


def _photos(
    session: Session, store: FolderStore, stored: Sequence[Submission], visit_id: uuid.UUID
) -> Iterator[tuple[int, str]]:
    kept = session.scalars(select(Photo).where(Photo.visit_id == visit_id)).all()
    twice = [
        key
        for key, times in Counter((one.inspection_id, one.sent_sha256) for one in kept).items()
        if times > 1
    ]
    if twice:
        yield 2, f"photos {twice} are there twice"
    for photo in kept:
        for sha256 in (photo.sha256, photo.thumbnail_sha256):
            if not _is_whole(store, sha256):
                yield 7, f"photo {photo.sent_sha256} has a row and no whole file"
    state = session.scalars(select(Visit.state).where(Visit.id == visit_id)).one()
    for submission in stored:
        named = _manifest(submission)
        rows = session.scalars(
            select(NamedPhoto.sha256).where(NamedPhoto.submission_id == submission.id)
        ).all()
        if set(rows) != named:
            yield 4, f"submission {submission.id} names {len(named)} photos, its rows {len(rows)}"
        there = {photo.sent_sha256 for photo in kept if photo.inspection_id == submission.inspection_id}
        wanted = VisitState.SUBMITTED if named <= there else VisitState.AWAITING_PHOTOS
        if state is not wanted:
            yield 4, f"the visit is {state.value} with {len(named & there)} of {len(named)} photos"


def _manifest(submission: Submission) -> set[str]:
    return {photo["sha256"] for photo in json.loads(submission.body)["photos"]}


def _is_whole(store: FolderStore, sha256: str | None) -> bool:
    if sha256 is None:
        return False
    try:
        return hashlib.sha256(store.read(sha256)).hexdigest() == sha256
    except FileNotFoundError:
        return False


def _journal(
    session: Session, stored: Sequence[Submission], visit_id: uuid.UUID
) -> Iterator[tuple[int, str]]:
    about = select(JournalEntry).where(JournalEntry.subject_id == str(visit_id))
    entries = session.scalars(about).all()
    told = Counter(json.loads(entry.details)["submission"] for entry in entries if entry.action in KEEPING)
    wanted = Counter(str(submission.id) for submission in stored)
    if told != wanted:
        yield 5, f"the journal tells of {dict(told)}, stored are {dict(wanted)}"
    state = session.scalars(select(Visit.state).where(Visit.id == visit_id)).one()
    if not _leads_to([(entry.from_state, entry.to_state) for entry in entries if entry.to_state], state):
        yield 5, f"the visit's changes in the journal do not lead to {state.value}"


def _leads_to(steps: Sequence[tuple[str | None, str | None]], state: VisitState) -> bool:
    """Say whether steps, each used once, lead from the planned visit to where it is now."""
    following: Mapping[str | None, str | None] = dict(steps)
    place: str | None = VisitState.PLANNED.value
    used = 0
    while place in following and used < len(steps):
        place, used = following[place], used + 1
    return used == len(steps) == len(following) and place == state.value


def _of_database(session: Session) -> Iterator[tuple[int, str]]:
    for line in (*faults_of_file(session), *dangling_keys(session)):
        yield 6, line
    checked = check_chain(lambda: nullcontext(session))
    if checked.broken is not None:
        yield 5, f"the journal's chain breaks at {checked.broken.sequence}"
