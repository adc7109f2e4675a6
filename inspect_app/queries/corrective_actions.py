"""Questions about corrective actions: drafts, what was sent, what became of it. Nothing tells of people."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.json_values import Member
from inspect_app.errors import NotFoundError
from inspect_app.models.corrective_actions import (
    ActionPhoto,
    AnsweredDeficiency,
    Cause,
    CorrectiveAction,
    CorrectiveDraft,
    Measure,
    Verification,
    VerificationOutcome,
)
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.people import User
from inspect_app.queries.deficiencies import deficiencies_seen_by, deficiency_for
from inspect_app.queries.own_answers import own_answers
from inspect_app.queries.repairs import earlier_waves
from inspect_app.queries.shortcomings import Shortcoming, shortcomings
from inspect_app.working_days import BANK_TIME, day_of


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """What a branch has written so far about a deficiency; anything may be lacking.

    Attributes:
        also: the further deficiencies that are to be answered with it.
    """

    cause: Cause | None = None
    cause_words: str = ""
    measure: Measure | None = None
    measure_words: str = ""
    owner_role: str = ""
    done_by: date | None = None
    photos: tuple[uuid.UUID, ...] = ()
    also: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft as it was saved last."""

    plan: DraftPlan
    saved_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class SentAction:
    """A corrective action as it was sent.

    Attributes:
        owner_role: the code of a staff role.
        together: how many deficiencies it answers.
    """

    id: uuid.UUID
    cause: Cause
    cause_words: str
    measure: Measure
    measure_words: str
    owner_role: str
    done_by: date
    photos: tuple[uuid.UUID, ...]
    sent_on: date
    together: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of an answer; `reason` is empty where it was accepted."""

    outcome: VerificationOutcome
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class Round:
    """One answer to a deficiency, by number, and what became of it; None while nobody has decided."""

    number: int
    action: SentAction
    verification: Verified | None


@dataclass(frozen=True, slots=True)
class ToVerify:
    """A deficiency whose answer waits for a decision.

    Attributes:
        repeats: in how many earlier waves the branch was found wanting in the same clause.
        is_own: the user who asks has sent the answer, so that someone else decides.
    """

    shortcoming: Shortcoming
    version: int
    round: Round
    repeats: int
    is_own: bool


def drafts_of(session: Session, user: User) -> Mapping[uuid.UUID, StoredDraft]:
    """Return the drafts of the user's branches by deficiency."""
    seen = deficiencies_seen_by(user).with_only_columns(Deficiency.id)
    rows = session.scalars(select(CorrectiveDraft).where(CorrectiveDraft.deficiency_id.in_(seen)))
    return {row.deficiency_id: _stored(row) for row in rows}


def draft_of(session: Session, user: User, deficiency_id: uuid.UUID) -> StoredDraft | None:
    """Return the draft about one deficiency; None where there is none, or it is another branch's."""
    return drafts_of(session, user).get(deficiency_id)


def draft_row(session: Session, deficiency_id: uuid.UUID) -> CorrectiveDraft | None:
    """Return the row of a draft, for whoever saves or sends it."""
    return session.scalar(select(CorrectiveDraft).where(CorrectiveDraft.deficiency_id == deficiency_id))


def draft_rows(session: Session, deficiency_ids: Sequence[uuid.UUID]) -> Sequence[CorrectiveDraft]:
    """Return the rows of the drafts about some deficiencies."""
    return session.scalars(
        select(CorrectiveDraft).where(CorrectiveDraft.deficiency_id.in_(deficiency_ids))
    ).all()


def rounds_so_far(session: Session, deficiency_id: uuid.UUID) -> int:
    """Return how often a deficiency was answered."""
    counted = select(func.count()).select_from(AnsweredDeficiency)
    return session.scalar(counted.where(AnsweredDeficiency.deficiency_id == deficiency_id)) or 0


def latest_answer(session: Session, deficiency_id: uuid.UUID) -> AnsweredDeficiency | None:
    """Return the last answer to a deficiency; None before there is one."""
    return session.scalar(
        select(AnsweredDeficiency)
        .where(AnsweredDeficiency.deficiency_id == deficiency_id)
        .order_by(AnsweredDeficiency.round.desc())
        .limit(1)
    )


def history_of(
    session: Session, user: User, deficiency_id: uuid.UUID, *, timezone: tzinfo = BANK_TIME
) -> tuple[Round, ...]:
    """Return every answer to a deficiency with what became of it, the first one first.

    Raises:
        NotFoundError: there is no such deficiency, it is voided, or it is another branch's.
    """
    deficiency_for(session, user, deficiency_id)
    return _rounds(session, [deficiency_id], timezone).get(deficiency_id, ())


def answers_to_verify(session: Session, user: User, *, timezone: tzinfo = BANK_TIME) -> tuple[ToVerify, ...]:
    """Return the answers of the user's branches that wait for a decision, the longest waiting first."""
    waiting = deficiencies_seen_by(user).where(Deficiency.state == DeficiencyState.ANSWERED)
    found = list(shortcomings(session, Deficiency.id.in_(waiting.with_only_columns(Deficiency.id))))
    ids = [one.deficiency_id for one in found]
    rounds, repeats = _rounds(session, ids, timezone), earlier_waves(session, user, ids)
    own = own_answers(session, user, {(one, rounds[one][-1].action.id) for one in ids})
    to_verify = [
        ToVerify(
            shortcoming=one,
            version=one.version,
            round=rounds[one.deficiency_id][-1],
            repeats=len(repeats.get(one.deficiency_id, ())),
            is_own=one.deficiency_id in own,
        )
        for one in found
    ]
    return tuple(
        sorted(
            to_verify,
            key=lambda one: (
                one.round.action.sent_on,
                one.shortcoming.branch_code,
                one.shortcoming.item.code,
            ),
        )
    )


def deficiency_to_verify(session: Session, user: User, deficiency_id: uuid.UUID) -> Deficiency:
    """Return a deficiency that was answered, of a branch that the user may see.

    Raises:
        NotFoundError: there is none, it is voided, was never answered, or is of a branch elsewhere.
    """
    deficiency = deficiency_for(session, user, deficiency_id)
    if latest_answer(session, deficiency_id) is None:
        raise NotFoundError(f"answer to deficiency {deficiency_id}")
    return deficiency


def draft_fields(plan: DraftPlan) -> str:
    """Return a draft as the text that is stored."""
    return json.dumps(
        {
            "cause": plan.cause,
            "cause_words": plan.cause_words,
            "measure": plan.measure,
            "measure_words": plan.measure_words,
            "owner_role": plan.owner_role,
            "done_by": None if plan.done_by is None else plan.done_by.isoformat(),
            "photos": [str(photo) for photo in plan.photos],
            "also": [str(one) for one in plan.also],
        },
        ensure_ascii=False,
    )


def _stored(row: CorrectiveDraft) -> StoredDraft:
    fields = Member(json.loads(row.fields))
    cause, measure, done_by = fields["cause"], fields["measure"], fields["done_by"]
    plan = DraftPlan(
        cause=None if cause.is_absent else cause.choice(Cause),
        cause_words=fields["cause_words"].text(),
        measure=None if measure.is_absent else measure.choice(Measure),
        measure_words=fields["measure_words"].text(),
        owner_role=fields["owner_role"].text(),
        done_by=None if done_by.is_absent else date.fromisoformat(done_by.text()),
        photos=tuple(uuid.UUID(photo.text()) for photo in fields["photos"]),
        also=tuple(uuid.UUID(one.text()) for one in fields["also"]),
    )
    return StoredDraft(plan, row.saved_at, row.version)


def _rounds(
    session: Session, deficiency_ids: Sequence[uuid.UUID], timezone: tzinfo
) -> Mapping[uuid.UUID, tuple[Round, ...]]:
    """Return the answers to some deficiencies, by deficiency, the first one first."""
    rows = session.execute(
        select(AnsweredDeficiency, CorrectiveAction, Verification)
        .join(CorrectiveAction, CorrectiveAction.id == AnsweredDeficiency.action_id)
        .outerjoin(
            Verification,
            (Verification.action_id == AnsweredDeficiency.action_id)
            & (Verification.deficiency_id == AnsweredDeficiency.deficiency_id),
        )
        .where(AnsweredDeficiency.deficiency_id.in_(deficiency_ids))
        .order_by(AnsweredDeficiency.deficiency_id, AnsweredDeficiency.round)
    ).all()
    ids = {action.id for _answered, action, _verification in rows}
    photos, together = _photos(session, ids), _together(session, ids)
    found: dict[uuid.UUID, tuple[Round, ...]] = {}
    for answered, action, verification in rows:
        sent = _sent(action, photos.get(action.id, ()), together[action.id], timezone)
        before = found.get(answered.deficiency_id, ())
        found[answered.deficiency_id] = (
            *before,
            Round(answered.round, sent, _verified(verification, timezone)),
        )
    return found


def _sent(
    action: CorrectiveAction, photos: tuple[uuid.UUID, ...], together: int, timezone: tzinfo
) -> SentAction:
    return SentAction(
        id=action.id,
        cause=action.cause,
        cause_words=action.cause_words,
        measure=action.measure,
        measure_words=action.measure_words,
        owner_role=action.owner_role,
        done_by=action.done_by,
        photos=photos,
        sent_on=day_of(action.sent_at, timezone),
        together=together,
    )


def _verified(verification: Verification | None, timezone: tzinfo) -> Verified | None:
    if verification is None:
        return None
    return Verified(
        verification.outcome, verification.reason or "", day_of(verification.decided_at, timezone)
    )


def _photos(session: Session, action_ids: set[uuid.UUID]) -> Mapping[uuid.UUID, tuple[uuid.UUID, ...]]:
    rows = session.execute(
        select(ActionPhoto.action_id, ActionPhoto.photo_id)
        .where(ActionPhoto.action_id.in_(action_ids))
        .order_by(ActionPhoto.action_id, ActionPhoto.photo_id)
    )
    found: dict[uuid.UUID, tuple[uuid.UUID, ...]] = {}
    for action_id, photo_id in rows:
        found[action_id] = (*found.get(action_id, ()), photo_id)
    return found


def _together(session: Session, action_ids: set[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    rows = session.execute(
        select(AnsweredDeficiency.action_id, func.count())
        .where(AnsweredDeficiency.action_id.in_(action_ids))
        .group_by(AnsweredDeficiency.action_id)
    )
    return dict(rows.all())
