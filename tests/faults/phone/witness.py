"""The witness of one visit: sees what is sent and answered, holds the database against R0, and tells."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.models.inspections import Inspection, Submission
from inspect_app.models.photos import Photo
from tests.faults.phone.checker import Known, check
from tests.faults.phone.field_work import PlannedVisit, Value, is_same_picture
from tests.faults.phone.ground import Ground
from tests.faults.phone.messages import Request
from tests.faults.phone.proxy import Exchange
from tests.faults.phone.replaying import replay

SUBMISSIONS = "/sync/v1/submissions/"


class Witness:
    """Looks at one visit, from the network and from the database.

    Attributes:
        violations: what it found that must not be.
        looks: how often it held the database against R0.
    """

    def __init__(self, ground: Ground, planned: PlannedVisit) -> None:
        """Begin to look, before anything is sent."""
        self.ground, self.planned = ground, planned
        self.known = Known(planned.visit_id)
        self.violations: list[str] = []
        self.looks = 0

    def note_sent(self, request: Request) -> None:
        """Remember what passes the proxy."""
        if request.path.startswith(SUBMISSIONS):
            self.known.note_sent(request.path.removeprefix(SUBMISSIONS), request.body)

    def note_answer(self, exchange: Exchange) -> None:
        """Remember the receipts that reach a phone."""
        if exchange.answer and exchange.answer.receipt and exchange.path.startswith(SUBMISSIONS):
            self.known.note_receipt(exchange.path.removeprefix(SUBMISSIONS), exchange.answer.receipt)

    def look(self) -> None:
        """Hold the database against R0 as it is at this moment."""
        known = self.known.as_of_now()
        store = self.ground.served.store
        self.violations += self.ground.ask(lambda session: check(session, store, known))
        self.looks += 1

    def conclude(
        self, receipts: Mapping[str, str], answers: Mapping[str, Value], photos: Sequence[bytes] | None
    ) -> None:
        """Hold what has arrived against what the phone says, was filled in and was taken.

        Args:
            receipts: by submission, as the phone keeps them.
            photos: as they were sent; None where only the phone knows.
        """
        for submission, receipt in receipts.items():
            self.known.note_receipt(submission, receipt)
        self.look()
        if len(receipts) != 1:
            self.violations.append(f"the phone holds {len(receipts)} receipts")
        self.violations += self.ground.ask(lambda session: self._otherwise(session, answers, photos))
        self.violations += replay(self.ground, self.known, self.ground.ask(self.planned.token))

    def is_late(self) -> bool:
        """Say whether something that arrived was flagged late."""
        late = select(Inspection.is_late).where(Inspection.visit_id == self.planned.visit_id)
        return any(self.ground.ask(lambda session: session.scalars(late).all()))

    def _otherwise(
        self, session: Session, answers: Mapping[str, Value], photos: Sequence[bytes] | None
    ) -> list[str]:
        faults = []
        for submission in session.scalars(
            select(Submission).where(Submission.visit_id == self.planned.visit_id)
        ):
            told = {name: value for name, value, _ in json.loads(submission.body)["fields"]}
            kept = {name: value for name, value in told.items() if not name.endswith(".photos")}
            names = {*kept, *answers}
            differing = sorted(name for name in names if kept.get(name) != answers.get(name))
            faults += [f"answers differ: {differing}"] if differing else []
            if photos is not None:
                faults += self._missing_photos(session, submission, photos)
        return faults

    def _missing_photos(self, session: Session, submission: Submission, photos: Sequence[bytes]) -> list[str]:
        found = session.execute(
            select(Photo.sent_sha256, Photo.sha256).where(Photo.inspection_id == submission.inspection_id)
        )
        kept = {sent: sha256 or "" for sent, sha256 in found}
        faults = []
        for number, taken in enumerate(photos, start=1):
            name = kept.pop(hashlib.sha256(taken).hexdigest(), None)
            if name is None:
                faults.append(f"photo {number} is missing")
            elif not self._shows_the_same(name, taken):
                faults.append(f"photo {number} is another one on the server")
        return [*faults, *(f"photo {sent} was never taken" for sent in kept)]

    def _shows_the_same(self, name: str, taken: bytes) -> bool:
        try:
            return is_same_picture(taken, self.ground.served.store.read(name))
        except FileNotFoundError:
            return False
