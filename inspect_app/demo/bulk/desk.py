"""What the people of a made-up visit do, as the rows that the services would leave in the end."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from checklists.answers import parse
from checklists.checklist import Checklist
from checklists.crediting import credit
from checklists.files.answers_json import answers_document
from checklists.json_values import Json, compact_json
from checklists.scoring import RULES_VERSION, score
from inspect_app.demo.bulk.rows import Row, Rows
from inspect_app.demo.desks import body_of
from inspect_app.models.base import new_id
from inspect_app.models.inspections import (
    Draft,
    Inspection,
    Review,
    ReviewOutcome,
    Revision,
    RevisionKind,
    Submission,
)
from inspect_app.models.journal import JournalEntry
from inspect_app.models.visits import SettingAside, VisitIdentity, VisitState
from inspect_app.services.drafts import Filling, times_with
from inspect_app.services.journal import Actor, Change, entry_columns
from inspect_app.services.receipts import Received, first_number, receipt_text
from inspect_app.services.reviews import ACTIONS, ANSWER_WITHIN
from inspect_app.workflow import require_step
from reports.stated_scores import scores_text

NO_DETAILS: Mapping[str, Json] = {}


@dataclass(frozen=True, slots=True)
class Parties:
    """Who has to do with a visit.

    Attributes:
        secret: what receipts are made with.
        closed_at: when the wave was closed; None while it is open.
    """

    visit_id: uuid.UUID
    inspector_id: uuid.UUID
    reviewer: Actor
    office: Actor
    checklist: Checklist
    secret: str
    closed_at: datetime | None


@dataclass(slots=True)
class BulkDesk:
    """Keeps one visit in memory as it changes, and writes each step down as the services would."""

    parties: Parties
    rows: Rows
    state: VisitState = VisitState.PLANNED
    version: int = 1
    times: str = "{}"
    assigned_at: datetime | None = None
    counting: uuid.UUID | None = None
    begun: bool = False
    is_late: bool = False
    draft: Row | None = None
    revisions: list[uuid.UUID] = field(default_factory=list)
    why: SettingAside | None = None
    reason: str | None = None

    def assign(self, now: datetime) -> None:
        """Give the visit to its inspector."""
        self.assigned_at = now
        self._step(self.parties.office, "assign_visit", now, VisitState.ASSIGNED)

    def cancel(self, reason: str, now: datetime) -> None:
        """Call it off."""
        self.reason = reason
        self._step(self.parties.office, "cancel_visit", now, VisitState.CANCELLED, reason=reason)

    def save(self, filling: Filling, now: datetime) -> None:
        """Keep what its inspector has filled in so far."""
        if not self.begun:
            self.begun, self.times = True, times_with(self.times, "begun", now)
        self.draft = {
            "inspection_id": filling.inspection_id,
            "submission_id": filling.submission_id,
            "fields": json.dumps(dict(filling.fields), separators=(",", ":")),
            "before": "{}",
            "sequence": 1,
            "saved_at": now,
        }
        self._step(Actor.inspector(), "begin_inspection", now, VisitState.IN_PROGRESS)

    def send(self, filling: Filling, now: datetime) -> None:
        """Take in what its inspector sends."""
        if self.counting is None:
            self.counting = filling.inspection_id
            self.is_late = self.parties.closed_at is not None and now >= self.parties.closed_at
        self._keep(filling, now)
        self.draft, self.times = None, times_with(self.times, "submitted", now)
        details: dict[str, Json] = {
            "inspection": str(filling.inspection_id),
            "submission": str(filling.submission_id),
            "late": self.is_late,
            "conflict": False,
        }
        self._step(Actor.inspector(), "submit_inspection", now, VisitState.SUBMITTED, details=details)

    def begin_review(self, now: datetime) -> None:
        """Take it into review."""
        self._step(self.parties.reviewer, ACTIONS[VisitState.IN_REVIEW], now, VisitState.IN_REVIEW)

    def approve(self, released: frozenset[str], now: datetime) -> None:
        """Let it count, with the words of these items for others to read."""
        self._review(ReviewOutcome.APPROVED, now, released=json.dumps(sorted(released), ensure_ascii=False))
        self._step(self.parties.reviewer, ACTIONS[VisitState.APPROVED], now, VisitState.APPROVED)

    def give_back(self, questions: Mapping[str, str], now: datetime) -> None:
        """Return it to its inspector."""
        asked = json.dumps(dict(questions), ensure_ascii=False, sort_keys=True)
        self._review(ReviewOutcome.RETURNED, now, questions=asked, answer_by=now + ANSWER_WITHIN)
        self._step(self.parties.reviewer, ACTIONS[VisitState.RETURNED], now, VisitState.RETURNED)

    def set_aside(self, why: SettingAside, reason: str, now: datetime) -> None:
        """Keep it, but let it not count."""
        self.why, self.reason = why, reason
        self._review(ReviewOutcome.SET_ASIDE, now, reason=reason)
        told = f"{why.value}: {reason}"
        self._step(
            self.parties.reviewer, ACTIONS[VisitState.SET_ASIDE], now, VisitState.SET_ASIDE, reason=told
        )

    def finish(self) -> None:
        """Write down what the visit has become; to be called once, at the end."""
        visit_id = self.parties.visit_id
        if self.assigned_at is None:
            return
        identity: Row = {
            "visit_id": visit_id,
            "inspector_id": self.parties.inspector_id,
            "assigned_at": self.assigned_at,
            "times": self.times,
        }
        self.rows.add(VisitIdentity, identity)
        inspection = self.counting if self.draft is None else self.draft["inspection_id"]
        if inspection is not None:
            flags: Row = {"is_late": self.is_late, "is_conflict": False}
            self.rows.add(Inspection, {"id": inspection, "visit_id": visit_id, **flags})
        if self.draft is not None:
            self.rows.add(Draft, self.draft)
        self.rows.visits[visit_id] = {
            "state": self.state,
            "version": self.version,
            "counting_inspection_id": self.counting,
            "setting_aside": self.why,
            "reason": self.reason,
        }

    def _keep(self, filling: Filling, now: datetime) -> None:
        """Write down the submission and the revision that comes of it."""
        body, checklist, visit_id = body_of(filling), self.parties.checklist, self.parties.visit_id
        sha256 = hashlib.sha256(body.payload).hexdigest()
        number = first_number(self.parties.secret, body.submission_id, sha256)
        received = Received(body.submission_id, body.inspection_id, visit_id, sha256, 0, now)
        submission: Row = {
            "id": body.submission_id,
            "inspection_id": body.inspection_id,
            "visit_id": visit_id,
            "payload_sha256": sha256,
            "body": body.payload,
            "receipt": receipt_text(number, received),
            "receipt_number": number,
            "received_at": now,
        }
        self.rows.add(Submission, submission)
        answers, faults = parse(checklist, filling.fields)
        if faults:
            raise ValueError(f"the form of visit {visit_id} cannot be sent: {faults[0]}")
        self.revisions.append(new_id())
        revision: Row = {
            "id": self.revisions[-1],
            "inspection_id": body.inspection_id,
            "number": len(self.revisions),
            "kind": RevisionKind.SUBMITTED,
            "submission_id": body.submission_id,
            "checklist_hash": checklist.hash,
            "answers": compact_json(answers_document(answers)),
            "scores": scores_text(score(credit(checklist, answers))),
            "rules_version": RULES_VERSION,
            "made_at": now,
        }
        self.rows.add(Revision, revision)

    def _review(
        self,
        outcome: ReviewOutcome,
        now: datetime,
        *,
        reason: str | None = None,
        questions: str = "{}",
        released: str = "[]",
        answer_by: datetime | None = None,
    ) -> None:
        review: Row = {
            "revision_id": self.revisions[-1],
            "reviewer_id": self.parties.reviewer.user_id,
            "outcome": outcome,
            "reason": reason,
            "questions": questions,
            "released": released,
            "answer_by": answer_by,
            "decided_at": now,
        }
        self.rows.add(Review, review)

    def _step(
        self,
        actor: Actor,
        action: str,
        now: datetime,
        wanted: VisitState,
        *,
        reason: str | None = None,
        details: Mapping[str, Json] = NO_DETAILS,
    ) -> None:
        require_step(self.state, wanted)
        change = Change(self.state.value, wanted.value, reason, details)
        self.state, self.version = wanted, self.version + 1
        entry = entry_columns(actor, action, "visit", str(self.parties.visit_id), now, change)
        self.rows.add(JournalEntry, entry)
