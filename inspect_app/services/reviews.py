"""A reviewer decides on an inspection: approves it, returns it with questions, or sets it aside."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, IncompleteError, NotFoundError
from inspect_app.models.inspections import Review, ReviewOutcome, Revision
from inspect_app.models.visits import SettingAside, Visit, VisitState
from inspect_app.queries.handbooks import checklist_of
from inspect_app.queries.inspections import newest_revision_of_visit, review_of
from inspect_app.queries.traces import TraceKind, traces_in
from inspect_app.services import journal
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.workflow import require_step

ACTIONS = {
    VisitState.IN_REVIEW: "begin_review",
    VisitState.APPROVED: "approve",
    VisitState.RETURNED: "return_to_inspector",
    VisitState.SET_ASIDE: "set_aside",
}
"""What the journal calls the step into a state."""

ANSWER_WITHIN = timedelta(days=3)
"""How long an inspector has to answer what was returned; later answers are taken in as well."""


class TellingWordsError(IncompleteError):
    """Words that are to be released name the inspector of this very visit; `missing` holds their codes."""


def begin(session: Session, actor: Actor, visit: Visit, *, now: datetime) -> Visit:
    """Take a submitted visit into review.

    Raises:
        ConflictError: it is in another state, or someone else was faster.
    """
    step = _take_step(visit, VisitState.IN_REVIEW)
    flush_or_conflict(session, f"visit {visit.id} is taken into review")
    _record(session, actor, step, now=now)
    return visit


def approve(
    session: Session, actor: Actor, revision: Revision, released: frozenset[str], *, now: datetime
) -> Review:
    """Let an inspection count.

    Args:
        released: codes of the items and deductions whose words branch and region may read.

    Raises:
        ConflictError: the visit's state does not allow it, the revision is not the newest of the inspection
            that counts, or someone else was faster.
        NotFoundError: the checklist has no such item.
        TellingWordsError: what is released would tell who was there.
    """
    _require_known(session, revision, released)
    _require_newest(session, revision)
    _require_nobody_named(session, revision, released)
    step = _take_step(revision.inspection.visit, VisitState.APPROVED)
    review = _review(actor, revision, ReviewOutcome.APPROVED, now)
    review.released = json.dumps(sorted(released), ensure_ascii=False)
    return _keep(session, actor, step, review, now=now)


def return_to_inspector(
    session: Session, actor: Actor, revision: Revision, questions: Mapping[str, str], *, now: datetime
) -> Review:
    """Give an inspection back, with a question for each item that the inspector is to look at again.

    It is to be answered while it is still remembered: within `ANSWER_WITHIN`.

    Raises:
        ConflictError: as `approve`.
        IncompleteError: there is no question, or one of them is empty.
        NotFoundError: the checklist has no such item.
    """
    blank = tuple(sorted(code for code, question in questions.items() if not question.strip()))
    if blank or not questions:
        raise IncompleteError("an inspection is returned with a question for each item named", blank)
    _require_known(session, revision, frozenset(questions))
    _require_newest(session, revision)
    step = _take_step(revision.inspection.visit, VisitState.RETURNED)
    review = _review(actor, revision, ReviewOutcome.RETURNED, now)
    review.answer_by = now + ANSWER_WITHIN
    review.questions = json.dumps(dict(questions), ensure_ascii=False, sort_keys=True)
    return _keep(session, actor, step, review, now=now)


def set_aside(
    session: Session, actor: Actor, revision: Revision, why: SettingAside, reason: str, *, now: datetime
) -> Visit:
    """Keep a visit that was made, but let it not count; also after it was returned or approved.

    Raises:
        ConflictError: as `approve`.
        IncompleteError: no reason is given.
    """
    if not reason.strip():
        raise IncompleteError("a visit is set aside with a reason", ("reason",))
    _require_newest(session, revision)
    visit = revision.inspection.visit
    is_undecided = review_of(session, revision) is None
    step = _take_step(visit, VisitState.SET_ASIDE)
    visit.setting_aside, visit.reason = why, reason.strip()
    if is_undecided:
        review = _review(actor, revision, ReviewOutcome.SET_ASIDE, now)
        review.reason = visit.reason
        session.add(review)
    flush_or_conflict(session, f"visit {visit.id} is set aside")
    _record(session, actor, step, now=now, reason=f"{why.value}: {visit.reason}")
    return visit


@dataclass(frozen=True, slots=True)
class _Step:
    visit: Visit
    before: VisitState


def _take_step(visit: Visit, wanted: VisitState) -> _Step:
    require_step(visit.state, wanted)
    before, visit.state = visit.state, wanted
    return _Step(visit, before)


def _require_newest(session: Session, revision: Revision) -> None:
    """Raise where the inspector has sent something newer, or another inspection of the visit counts."""
    newest = newest_revision_of_visit(session, revision.inspection.visit)
    if newest is None or newest.id != revision.id:
        raise ConflictError(f"revision {revision.id} is not the newest of the inspection that counts")


def _require_known(session: Session, revision: Revision, codes: frozenset[str]) -> None:
    checklist = checklist_of(session, revision.checklist_hash)
    known = {item.code for section in checklist.sections for item in section.items}
    known |= {rule.code for rule in checklist.deductions}
    unknown = sorted(codes - known)
    if unknown:
        raise NotFoundError(f"item {unknown[0]} of checklist {checklist.hash}")


def _require_nobody_named(session: Session, revision: Revision, released: frozenset[str]) -> None:
    if not released:
        return
    found = traces_in(session, revision)
    telling = {one.code for one in found if one.kind is TraceKind.OWN_NAME and one.code in released}
    if telling:
        named = tuple(sorted(telling))
        raise TellingWordsError("words that are to be released name who inspected", named)


def _review(actor: Actor, revision: Revision, outcome: ReviewOutcome, now: datetime) -> Review:
    if actor.user_id is None:
        raise ConflictError("an inspection is reviewed by a user, who is written down with the decision")
    return Review(revision_id=revision.id, reviewer_id=actor.user_id, outcome=outcome, decided_at=now)


def _keep(session: Session, actor: Actor, step: _Step, review: Review, *, now: datetime) -> Review:
    session.add(review)
    flush_or_conflict(session, f"visit {step.visit.id} is decided")
    _record(session, actor, step, now=now)
    return review


def _record(session: Session, actor: Actor, step: _Step, *, now: datetime, reason: str | None = None) -> None:
    journal.record(
        session,
        actor,
        ACTIONS[step.visit.state],
        "visit",
        str(step.visit.id),
        now=now,
        from_state=step.before.value,
        to_state=step.visit.state.value,
        reason=reason,
    )
