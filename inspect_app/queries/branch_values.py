"""What a branch may know of its visits, as frozen values: an allow-list, not a mask over something larger.

Nothing here has a place for who inspected; of a visit's date there is only a third of a month.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum

from checklists.checklist import Checklist
from checklists.filled import Answer, Answers
from checklists.handbook import Mode
from checklists.scoring import Breakdown, Scores
from inspect_app.models.visits import VisitState
from inspect_app.models.waves import WaveState
from reports.places import PlacedBy
from reports.rankings import Unranked

LAST_OF_EARLY = 10
LAST_OF_MIDDLE = 20


class Third(StrEnum):
    """A third of a month: 上旬, 中旬, 下旬."""

    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Period:
    """All that a branch learns of when a visit was made; `month` from 1 to 12."""

    year: int
    month: int
    third: Third


@dataclass(frozen=True, slots=True)
class BranchVisit:
    """A visit as its branch sees it.

    Attributes:
        ordinal: the branch's first, second … visit of the wave.
        scores: None where the visit was voided; with its par where its wave is ranked by over par.
        counts: it is among the visits that the branch's result is the mean of.
    """

    visit_id: uuid.UUID
    ordinal: int
    state: VisitState
    period: Period
    scores: Scores | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Position:
    """A branch's place in a frozen ranking; fields as of `reports.rows.Row`.

    Attributes:
        number: of the ranking. `ranked` is how many branches have a place in it.
    """

    number: int
    ranked: int
    rank: int | None
    rank_in_kind: int | None
    rank_change: int | None
    score_change: int | None
    placed_by: PlacedBy | None
    unranked: Unranked | None


@dataclass(frozen=True, slots=True)
class RoleResult:
    """A staff role's figure at one branch, in hundredths of a point; no rank while nothing is ranked."""

    role: str
    score: int
    visits: int
    rank: int | None


@dataclass(frozen=True, slots=True)
class BranchWave:
    """A branch in a wave that shows its results, named as the wave found it."""

    target_id: uuid.UUID
    branch_code: str
    branch_name: str
    wave_id: uuid.UUID
    wave_code: str
    wave_name: str
    mode: Mode
    state: WaveState


@dataclass(frozen=True, slots=True)
class BranchResult:
    """What a branch reached in a wave.

    Attributes:
        score, over_par, low, high: hundredths of a point; None where nothing counts.
        position: None while the wave is disclosed: nobody has a rank then.
        visits: by ordinal; `roles` by code, those that were seen.
    """

    place: BranchWave
    score: int | None
    over_par: int | None
    low: int | None
    high: int | None
    vetoes: int
    position: Position | None
    visits: tuple[BranchVisit, ...]
    roles: tuple[RoleResult, ...]


@dataclass(frozen=True, slots=True)
class BranchReading:
    """One visit whole, as its branch may read it.

    Attributes:
        answers: without photos, and with those words alone that a reviewer released.
        breakdown: how the score came about.
    """

    place: BranchWave
    visit: BranchVisit
    checklist: Checklist
    answers: Answers
    breakdown: Breakdown


def period_of(moment: datetime, timezone: tzinfo) -> Period:
    """Return the third of a month in which a moment lies where the bank is."""
    day = moment.astimezone(timezone).date()
    third = Third.LATE
    if day.day <= LAST_OF_MIDDLE:
        third = Third.EARLY if day.day <= LAST_OF_EARLY else Third.MIDDLE
    return Period(day.year, day.month, third)


def answers_as_shown(answers: Answers, released: frozenset[str]) -> Answers:
    """Return what was filled in as others may read it: no photos, and words only where they were released."""
    return Answers(
        sections=tuple(
            replace(
                section,
                gate_words="",
                answers=tuple(answer_as_shown(answer, released) for answer in section.answers),
            )
            for section in answers.sections
        ),
        deductions=tuple(
            replace(one, words=one.words if one.code in released else "") for one in answers.deductions
        ),
    )


def answer_as_shown(answer: Answer, released: frozenset[str]) -> Answer:
    """Return one answer as others may read it."""
    return replace(answer, words=answer.words if answer.item in released else "", photos=())
