"""Some made-up branches dispute what was found while it is disclosed; quality control decides."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from checklists.scoring import Gate
from inspect_app.demo import answering_words as words
from inspect_app.demo.calendar import WORKING_DAYS, Ending, at
from inspect_app.demo.timeline import Timeline
from inspect_app.models.appeals import AppealOutcome, AppealState, InspectorFinding
from inspect_app.models.deficiencies import Deficiency, DeficiencyState
from inspect_app.models.people import User
from inspect_app.models.visits import VisitState
from inspect_app.models.waves import Target, Wave
from inspect_app.queries.appeals import appeals_of_branch, own_appeal
from inspect_app.queries.deficiencies import deficiency_for
from inspect_app.queries.disputes import OpenItem, appeal_row, appeal_to_decide, appeals_decided
from inspect_app.queries.shortcomings import shortcomings
from inspect_app.services import appeals, reopening
from inspect_app.services.appeals import AppealPlan
from inspect_app.services.deciding import ItemDecision, decide
from inspect_app.services.journal import Actor


@dataclass(frozen=True, slots=True)
class Court:
    """A disclosed wave with everybody who has to do with its appeals."""

    session: Session
    wave: Wave
    reviewers: Sequence[User]
    administrator: User


@dataclass(frozen=True, slots=True)
class Dispute:
    """What one branch disputes, and what comes of it; None where it takes it back."""

    branch: User
    target: Target
    place: int
    outcome: AppealOutcome | None


OUTCOMES = (
    AppealOutcome.UPHELD,
    AppealOutcome.DISMISSED,
    AppealOutcome.PARTLY_UPHELD,
    None,
    AppealOutcome.DISMISSED,
)
"""What comes of the appeals, branch by branch; None: it is taken back."""

REASONS = {
    AppealOutcome.UPHELD: words.UPHELD,
    AppealOutcome.PARTLY_UPHELD: words.PARTLY_UPHELD,
    AppealOutcome.DISMISSED: words.DISMISSED,
}
FINDINGS = {
    AppealOutcome.UPHELD: InspectorFinding.CARELESS,
    AppealOutcome.PARTLY_UPHELD: InspectorFinding.UNCLEAR_STANDARD,
    AppealOutcome.DISMISSED: InspectorFinding.SOUND,
}


def note_appeals(timeline: Timeline, court: Court, disputes: Sequence[Dispute], ending: Ending) -> None:
    """Note that branches file appeals, that they are decided, and that one is taken up again in the end."""
    filing, deciding = WORKING_DAYS.add(ending.disclosed_on, 2), WORKING_DAYS.add(ending.disclosed_on, 4)
    for dispute in disputes:
        timeline.note(at(filing, 20 + 15 * dispute.place), partial(_file, court, dispute))
        timeline.note(at(deciding, 30 + 20 * dispute.place), partial(_settle, court, dispute))
    if ending.voided_on is not None:
        timeline.note(at(ending.voided_on, 400), partial(_reopen, court))


def _file(court: Court, dispute: Dispute, now: datetime) -> None:
    disputed = _dearest(court, dispute)
    if disputed is None:
        return
    ground, said = words.APPEALS[dispute.place % len(words.APPEALS)]
    actor, seen = Actor.user(dispute.branch), {disputed.id: disputed.version}
    appeals.file_appeal(court.session, actor, [disputed], AppealPlan(ground, said), seen, now=now)


def _dearest(court: Court, dispute: Dispute) -> Deficiency | None:
    """Return what cost the branch most where somebody acted, so that it can be disputed alone."""
    found = shortcomings(
        court.session,
        Deficiency.wave_id == court.wave.id,
        Deficiency.branch_id == dispute.target.branch_id,
        Deficiency.state == DeficiencyState.OPEN,
    )
    acted = [one for one in found if one.gate is Gate.OCCURRED]
    if not acted:
        return None
    dearest = max(acted, key=lambda one: (one.points_lost, one.credit == 0, one.item.code))
    return deficiency_for(court.session, dispute.branch, dearest.deficiency_id)


def _settle(court: Court, dispute: Dispute, now: datetime) -> None:
    own = [one for one in appeals_of_branch(court.session, dispute.branch) if one.wave_id == court.wave.id]
    for appeal in own:
        if dispute.outcome is None:
            row = own_appeal(court.session, dispute.branch, appeal.id)
            appeals.withdraw(court.session, Actor.user(dispute.branch), row, row.version, now=now)
        else:
            _decide(court, appeal.id, dispute.outcome, now)


def _decide(court: Court, appeal_id: uuid.UUID, wanted: AppealOutcome, now: datetime) -> None:
    """Let the reviewer decide who has not reviewed the inspection."""
    for reviewer in court.reviewers:
        appeal = appeal_to_decide(court.session, reviewer, appeal_id)
        if not appeal.reviewed_by_me:
            decisions = [_decision(one, wanted) for one in appeal.items]
            decide(court.session, Actor.user(reviewer), decisions, now=now)
            return


def _decision(item: OpenItem, wanted: AppealOutcome) -> ItemDecision:
    outcome = wanted if wanted in item.offered else item.offered[0]
    return ItemDecision(item.row.id, outcome, REASONS[outcome], FINDINGS[outcome], item.row.version)


def _reopen(court: Court, now: datetime) -> None:
    """Take up again the first appeal that was dismissed, of a visit that still counts."""
    session, office = court.session, court.administrator
    for decided in appeals_decided(session, office):
        appeal = appeal_to_decide(session, office, decided.id)
        dismissed = [one.row.id for one in appeal.items if one.row.outcome is AppealOutcome.DISMISSED]
        is_over = appeal.row.state is AppealState.DECIDED and appeal.visit.state is VisitState.PUBLISHED
        if decided.wave_id == court.wave.id and is_over and dismissed:
            row = appeal_row(session, office, decided.id)
            actor = Actor.user(office)
            reopening.reopen(session, actor, row, dismissed, words.REOPENED, row.version, now=now)
            return
