"""Region or head office decides on a branch's answer: it is accepted, or sent back with a reason."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy.orm import Session

from inspect_app.errors import ConflictError, IncompleteError
from inspect_app.models.corrective_actions import Verification, VerificationOutcome
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.queries.calendar import working_days
from inspect_app.queries.corrective_actions import latest_answer
from inspect_app.queries.own_answers import sent_by
from inspect_app.queries.waves import wave_with_id
from inspect_app.services import journal
from inspect_app.services.flushing import flush_or_conflict
from inspect_app.services.journal import Actor
from inspect_app.services.versions import require_seen
from inspect_app.workflow import require_step
from inspect_app.working_days import BANK_TIME, day_of

STATES = {
    VerificationOutcome.ACCEPTED: DeficiencyState.VERIFIED,
    VerificationOutcome.SENT_BACK: DeficiencyState.OPEN,
}
ACTIONS = {
    VerificationOutcome.ACCEPTED: "accept_answer",
    VerificationOutcome.SENT_BACK: "send_back_answer",
}


class OwnAnswerError(ConflictError):
    """Who decides has sent the answer: someone else has to verify it."""


def accept(
    session: Session, actor: Actor, deficiency: Deficiency, seen: int, *, now: datetime
) -> Verification:
    """Accept a branch's answer. Whether the repair holds, the next wave shows.

    Args:
        seen: the version of the deficiency that the form showed.

    Raises:
        ConflictError: it is not answered, or someone else was faster.
        StaleError: it was changed after the form was opened.
        OwnAnswerError: who accepts has sent the answer, on a page or in a workbook.
    """
    decided = _Decided(VerificationOutcome.ACCEPTED, None, deficiency.due_on)
    return _decide(session, actor, deficiency, seen, decided, now=now)


def send_back(
    session: Session,
    actor: Actor,
    deficiency: Deficiency,
    reason: str,
    seen: int,
    *,
    now: datetime,
    timezone: tzinfo = BANK_TIME,
) -> Verification:
    """Give an answer back: the deficiency is open again, with time enough for a better answer.

    It has at least as many working days as a critical one has in its wave.

    Raises:
        ConflictError, StaleError, OwnAnswerError: as `accept`.
        IncompleteError: no reason is given.
    """
    if not reason.strip():
        raise IncompleteError("an answer is sent back with a reason", ("reason",))
    wave = wave_with_id(session, deficiency.wave_id)
    least = working_days(session).add(day_of(now, timezone), wave.critical_days)
    decided = _Decided(VerificationOutcome.SENT_BACK, reason.strip(), max(deficiency.due_on, least))
    return _decide(session, actor, deficiency, seen, decided, now=now)


@dataclass(frozen=True, slots=True)
class _Decided:
    outcome: VerificationOutcome
    reason: str | None
    due_on: date


def _decide(
    session: Session,
    actor: Actor,
    deficiency: Deficiency,
    seen: int,
    decided: _Decided,
    *,
    now: datetime,
) -> Verification:
    if actor.user_id is None:
        raise ConflictError("an answer is verified by a user, who is written down with the decision")
    require_step(deficiency.state, STATES[decided.outcome])
    require_seen(f"deficiency {deficiency.id}", deficiency.version, seen)
    answer = latest_answer(session, deficiency.id)
    if deficiency.state is not DeficiencyState.ANSWERED or answer is None:
        raise ConflictError(f"deficiency {deficiency.id} is not answered")
    if sent_by(session, actor.user_id, answer):
        raise OwnAnswerError(f"deficiency {deficiency.id} was answered by who is to verify it")
    verification = Verification(
        action_id=answer.action_id,
        deficiency_id=deficiency.id,
        outcome=decided.outcome,
        reason=decided.reason,
        verifier_id=actor.user_id,
        decided_at=now,
    )
    before, deficiency.state = deficiency.state, STATES[decided.outcome]
    deficiency.due_on = decided.due_on
    session.add(verification)
    flush_or_conflict(session, f"deficiency {deficiency.id} is verified")
    journal.record(
        session,
        actor,
        ACTIONS[decided.outcome],
        "deficiency",
        str(deficiency.id),
        now=now,
        from_state=before.value,
        to_state=deficiency.state.value,
        reason=decided.reason,
    )
    return verification
