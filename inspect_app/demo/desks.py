"""What the people of a made-up visit do, one after the other; here by the services that the pages use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from checklists.json_values import Json, compact_json
from inspect_app.models.inspections import Revision
from inspect_app.models.people import User
from inspect_app.models.visits import SettingAside, Visit
from inspect_app.queries.inspections import newest_revision_of_visit
from inspect_app.services import reviews
from inspect_app.services.drafts import Filling, save_draft
from inspect_app.services.journal import Actor
from inspect_app.services.submissions import Body, accept_submission
from inspect_app.services.visits import assign_visit, cancel_visit


class Desk(Protocol):
    """Takes down what happens on one visit, each with its moment."""

    def assign(self, now: datetime) -> None:
        """Give the visit to its inspector."""

    def cancel(self, reason: str, now: datetime) -> None:
        """Call it off."""

    def save(self, filling: Filling, now: datetime) -> None:
        """Keep what its inspector has filled in so far."""

    def send(self, filling: Filling, now: datetime) -> None:
        """Take in what its inspector sends."""

    def begin_review(self, now: datetime) -> None:
        """Take it into review."""

    def approve(self, released: frozenset[str], now: datetime) -> None:
        """Let it count, with the words of these items for others to read."""

    def give_back(self, questions: Mapping[str, str], now: datetime) -> None:
        """Return it to its inspector."""

    def set_aside(self, why: SettingAside, reason: str, now: datetime) -> None:
        """Keep it, but let it not count."""


def body_of(filling: Filling) -> Body:
    """Return what is sent of a form that is filled in."""
    document: dict[str, Json] = {
        "submission": str(filling.submission_id),
        "inspection": str(filling.inspection_id),
        "fields": [
            [name, value if isinstance(value, str) else list(value)] for name, value in filling.fields
        ],
    }
    payload = compact_json(document).encode()
    return Body(filling.submission_id, filling.inspection_id, payload, filling.fields)


@dataclass(frozen=True, slots=True)
class ServiceDesk:
    """Does everything by the services."""

    session: Session
    visit: Visit
    inspector: User
    reviewer: Actor
    office: Actor
    secret: str

    def assign(self, now: datetime) -> None:
        """Give the visit to its inspector."""
        assign_visit(self.session, self.office, self.visit, self.inspector, now=now)

    def cancel(self, reason: str, now: datetime) -> None:
        """Call it off."""
        cancel_visit(self.session, self.office, self.visit, reason, now=now)

    def save(self, filling: Filling, now: datetime) -> None:
        """Keep what its inspector has filled in so far."""
        save_draft(self.session, self.inspector, self.visit, filling, now=now)

    def send(self, filling: Filling, now: datetime) -> None:
        """Take in what its inspector sends."""
        body = body_of(filling)
        accept_submission(self.session, self.inspector, self.visit, body, self.secret, now=now)

    def begin_review(self, now: datetime) -> None:
        """Take it into review."""
        reviews.begin(self.session, self.reviewer, self.visit, now=now)

    def approve(self, released: frozenset[str], now: datetime) -> None:
        """Let it count, with the words of these items for others to read."""
        reviews.approve(self.session, self.reviewer, self._revision(), released, now=now)

    def give_back(self, questions: Mapping[str, str], now: datetime) -> None:
        """Return it to its inspector."""
        reviews.return_to_inspector(self.session, self.reviewer, self._revision(), questions, now=now)

    def set_aside(self, why: SettingAside, reason: str, now: datetime) -> None:
        """Keep it, but let it not count."""
        reviews.set_aside(self.session, self.reviewer, self._revision(), why, reason, now=now)

    def _revision(self) -> Revision:
        revision = newest_revision_of_visit(self.session, self.visit)
        if revision is None:
            raise LookupError(f"nothing was sent for visit {self.visit.id}")
        return revision
