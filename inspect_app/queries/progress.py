"""Questions about how far waves are: per region, per day, and what keeps them waiting. For head office."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from fractions import Fraction
from itertools import accumulate

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.json_values import Member
from checklists.scoring import UNOBSERVED
from inspect_app.models.inspections import Inspection, Review, ReviewOutcome, Revision, Submission
from inspect_app.models.people import User
from inspect_app.models.visits import Visit, VisitState
from inspect_app.models.waves import Target, Wave
from inspect_app.queries.organisation import all_regions
from inspect_app.queries.reviews import is_newest_revision

PASSED = frozenset({VisitState.APPROVED, VisitState.DISCLOSED, VisitState.PUBLISHED})
IN_REVIEW = frozenset({VisitState.SUBMITTED, VisitState.IN_REVIEW})
BEGUN = frozenset({VisitState.IN_PROGRESS, VisitState.AWAITING_PHOTOS, VisitState.RETURNED})


@dataclass(frozen=True, slots=True)
class Progress:
    """How many visits have come how far; those cancelled, set aside or voided are no part of it.

    Attributes:
        passed: approved, or further; `in_review` waiting for a reviewer; `begun` at the branch but not
            complete, or returned; `assigned` to somebody; `nobody` has them yet.
    """

    passed: int
    in_review: int
    begun: int
    assigned: int
    nobody: int

    @property
    def received(self) -> int:
        """How many have come in and are complete."""
        return self.passed + self.in_review

    @property
    def planned(self) -> int:
        """How many there are to be."""
        return self.received + self.begun + self.assigned + self.nobody


@dataclass(frozen=True, slots=True)
class RegionProgress:
    """How far one region of the highest level is, by code and name as the wave knows them."""

    code: str
    name: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class Returns:
    """Visits that were returned and are not back: how many, and since when the oldest of them."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decided on a visit."""

    visit_id: uuid.UUID
    branch_code: str
    branch_name: str
    ordinal: int
    wave_name: str
    outcome: ReviewOutcome
    reviewer: str
    decided_at: datetime


def progress_of(states: Mapping[VisitState, int]) -> Progress:
    """Sum up how many visits are in which state."""

    def total(wanted: Iterable[VisitState]) -> int:
        return sum(states.get(state, 0) for state in wanted)

    return Progress(
        passed=total(PASSED),
        in_review=total(IN_REVIEW),
        begun=total(BEGUN),
        assigned=total({VisitState.ASSIGNED}),
        nobody=total({VisitState.PLANNED}),
    )


def progress_of_waves(session: Session) -> Mapping[uuid.UUID, Progress]:
    """Return how far every wave that has visits is."""
    rows = session.execute(
        select(Visit.wave_id, Visit.state, func.count()).group_by(Visit.wave_id, Visit.state)
    )
    counts: dict[uuid.UUID, dict[VisitState, int]] = {}
    for wave_id, state, count in rows:
        counts.setdefault(wave_id, {})[state] = count
    return {wave_id: progress_of(states) for wave_id, states in counts.items()}


def progress_by_region(session: Session, wave: Wave) -> tuple[RegionProgress, ...]:
    """Return how far a wave is in each region right below head office, by code."""
    rows = session.execute(
        select(Target.region_path, Visit.state, func.count())
        .join(Target, Target.id == Visit.target_id)
        .where(Visit.wave_id == wave.id)
        .group_by(Target.region_path, Visit.state)
    )
    counts: dict[str, Counter[VisitState]] = {}
    for path, state, count in rows:
        counts.setdefault(highest_region(path), Counter())[state] += count
    names = region_names(session, wave)
    return tuple(
        RegionProgress(code, names.get(code, code), progress_of(states))
        for code, states in sorted(counts.items())
    )


def highest_region(path: str) -> str:
    """Return the code of the region right below the root on a path such as `/HO/R01/`; else the root's."""
    return path.strip("/").split("/")[:2][-1]


def region_names(session: Session, wave: Wave) -> Mapping[str, str]:
    """Return the regions' names by code: as they were when the wave opened; before, as they are today."""
    units = json.loads(wave.units)
    if not units:
        return {region.code: region.name for region in all_regions(session)}
    return {unit["code"].text(): unit["name"].text() for unit in Member(units)}


def received_by_day(session: Session, wave: Wave, timezone: tzinfo) -> tuple[tuple[date, int], ...]:
    """Return how many visits had come in by the end of each day on which one did; each counts once."""
    first = (
        select(func.min(Submission.received_at).label("at"))
        .join(Visit, Visit.id == Submission.visit_id)
        .where(Visit.wave_id == wave.id)
        .group_by(Submission.visit_id)
        .subquery()
    )
    moments = session.scalars(select(first.c.at).order_by(first.c.at))
    days = Counter(moment.astimezone(timezone).date() for moment in moments if moment is not None)
    return tuple(zip(sorted(days), accumulate(days[day] for day in sorted(days)), strict=True))


def returned_before(session: Session, wave: Wave, moment: datetime) -> Returns:
    """Return how many visits were returned before a moment and have not come back."""
    count, oldest = session.execute(
        select(func.count(), func.min(Review.decided_at))
        .join(Revision, Revision.id == Review.revision_id)
        .join(Visit, Visit.counting_inspection_id == Revision.inspection_id)
        .where(
            Visit.wave_id == wave.id,
            Visit.state.in_((VisitState.RETURNED, VisitState.IN_PROGRESS)),
            Review.outcome == ReviewOutcome.RETURNED,
            Review.decided_at < moment,
            is_newest_revision(),
        )
    ).one()
    return Returns(count, oldest)


def visits_with_two_inspections(session: Session, wave: Wave) -> int:
    """Return how many visits of a wave have more than one inspection."""
    doubled = (
        select(Inspection.visit_id)
        .join(Visit, Visit.id == Inspection.visit_id)
        .where(Visit.wave_id == wave.id, Inspection.is_conflict)
        .distinct()
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(doubled)) or 0


def decisions_since(session: Session, moment: datetime) -> Sequence[Decision]:
    """Return what reviewers decided since a moment, the latest first."""
    rows = session.execute(
        select(Review, User.display_name, Visit, Target, Wave.name)
        .join(User, User.id == Review.reviewer_id)
        .join(Revision, Revision.id == Review.revision_id)
        .join(Inspection, Inspection.id == Revision.inspection_id)
        .join(Visit, Visit.id == Inspection.visit_id)
        .join(Target, Target.id == Visit.target_id)
        .join(Wave, Wave.id == Visit.wave_id)
        .where(Review.decided_at >= moment)
        .order_by(Review.decided_at.desc(), Review.id)
    )
    return [
        Decision(
            visit_id=visit.id,
            branch_code=target.branch_code,
            branch_name=target.branch_name,
            ordinal=visit.ordinal,
            wave_name=wave_name,
            outcome=review.outcome,
            reviewer=reviewer,
            decided_at=review.decided_at,
        )
        for review, reviewer, visit, target, wave_name in rows
    ]


def mean_unobserved(session: Session, wave: Wave) -> Fraction | None:
    """Return how many items a visit of this wave leaves out on average because nobody could observe them.

    None before anything came in. It is counted in the stored text, where each such reason stands once.
    """
    found = [
        (func.length(Revision.answers) - func.length(func.replace(Revision.answers, written, "")))
        / len(written)
        for written in (f'"left_out":"{reason.value}"' for reason in sorted(UNOBSERVED))
    ]
    total, visits = session.execute(
        select(func.sum(sum(found[1:], found[0])), func.count())
        .select_from(Revision)
        .join(Visit, Visit.counting_inspection_id == Revision.inspection_id)
        .where(Visit.wave_id == wave.id, is_newest_revision())
    ).one()
    return Fraction(int(total), visits) if visits else None
