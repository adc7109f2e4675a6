"""The lives of a wave, a visit, a deficiency and an appeal: one table of allowed steps for each."""

from collections.abc import Mapping
from enum import StrEnum

from inspect_app.errors import ConflictError
from inspect_app.models.appeals import AppealState
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.models.visits import VisitState
from inspect_app.models.waves import WaveState

WAVE_STEPS: Mapping[WaveState, frozenset[WaveState]] = {
    WaveState.PLANNED: frozenset({WaveState.OPEN}),
    WaveState.OPEN: frozenset({WaveState.CLOSED}),
    WaveState.CLOSED: frozenset({WaveState.DISCLOSED}),
    WaveState.DISCLOSED: frozenset({WaveState.PUBLISHED}),
    WaveState.PUBLISHED: frozenset(),
}

VISIT_STEPS: Mapping[VisitState, frozenset[VisitState]] = {
    VisitState.PLANNED: frozenset({VisitState.ASSIGNED, VisitState.CANCELLED}),
    VisitState.ASSIGNED: frozenset({VisitState.ASSIGNED, VisitState.IN_PROGRESS, VisitState.CANCELLED}),
    VisitState.IN_PROGRESS: frozenset(
        {VisitState.AWAITING_PHOTOS, VisitState.SUBMITTED, VisitState.CANCELLED, VisitState.SET_ASIDE}
    ),
    VisitState.AWAITING_PHOTOS: frozenset({VisitState.SUBMITTED, VisitState.SET_ASIDE}),
    VisitState.SUBMITTED: frozenset(
        {VisitState.IN_REVIEW, VisitState.APPROVED, VisitState.RETURNED, VisitState.SET_ASIDE}
    ),
    VisitState.IN_REVIEW: frozenset({VisitState.APPROVED, VisitState.RETURNED, VisitState.SET_ASIDE}),
    VisitState.RETURNED: frozenset({VisitState.IN_PROGRESS, VisitState.SET_ASIDE}),
    VisitState.APPROVED: frozenset({VisitState.DISCLOSED, VisitState.SET_ASIDE}),
    VisitState.DISCLOSED: frozenset({VisitState.PUBLISHED, VisitState.VOIDED}),
    VisitState.PUBLISHED: frozenset({VisitState.VOIDED}),
    VisitState.CANCELLED: frozenset(),
    VisitState.SET_ASIDE: frozenset(),
    VisitState.VOIDED: frozenset(),
}
"""A visit that is assigned may be assigned anew: to someone else, before anything is recorded."""

DEFICIENCY_STEPS: Mapping[DeficiencyState, frozenset[DeficiencyState]] = {
    DeficiencyState.OPEN: frozenset(
        {
            DeficiencyState.ANSWERED,
            DeficiencyState.DISPUTED,
            DeficiencyState.UPHELD,
            DeficiencyState.VOIDED,
        }
    ),
    DeficiencyState.ANSWERED: frozenset(
        {DeficiencyState.VERIFIED, DeficiencyState.OPEN, DeficiencyState.UPHELD, DeficiencyState.VOIDED}
    ),
    DeficiencyState.VERIFIED: frozenset({DeficiencyState.UPHELD, DeficiencyState.VOIDED}),
    DeficiencyState.DISPUTED: frozenset(
        {DeficiencyState.UPHELD, DeficiencyState.OPEN, DeficiencyState.VOIDED}
    ),
    DeficiencyState.UPHELD: frozenset({DeficiencyState.VOIDED}),
    DeficiencyState.VOIDED: frozenset(),
}
"""A deficiency is voided with its visit, or taken back by a correction, whatever has become of it."""

APPEAL_STEPS: Mapping[AppealState, frozenset[AppealState]] = {
    AppealState.OPEN: frozenset({AppealState.DECIDED, AppealState.WITHDRAWN, AppealState.CLOSED}),
    AppealState.DECIDED: frozenset({AppealState.REOPENED}),
    AppealState.WITHDRAWN: frozenset({AppealState.REOPENED}),
    AppealState.CLOSED: frozenset({AppealState.REOPENED}),
    AppealState.REOPENED: frozenset({AppealState.DECIDED, AppealState.CLOSED}),
}
"""An appeal ends; only head office takes one up again, once its wave is published."""

STEPS: Mapping[type[StrEnum], Mapping[str, frozenset[str]]] = {
    WaveState: {current: frozenset(wanted) for current, wanted in WAVE_STEPS.items()},
    VisitState: {current: frozenset(wanted) for current, wanted in VISIT_STEPS.items()},
    DeficiencyState: {current: frozenset(wanted) for current, wanted in DEFICIENCY_STEPS.items()},
    AppealState: {current: frozenset(wanted) for current, wanted in APPEAL_STEPS.items()},
}
NOUNS: Mapping[type[StrEnum], str] = {
    WaveState: "wave",
    VisitState: "visit",
    DeficiencyState: "deficiency",
    AppealState: "appeal",
}

State = WaveState | VisitState | DeficiencyState | AppealState


def can_step(current: State, wanted: State) -> bool:
    """Say whether the table of a life has a step from one of its states to another."""
    return type(current) is type(wanted) and wanted in STEPS[type(current)][current]


def require_step(current: State, wanted: State) -> None:
    """Raise unless the table allows the step.

    Raises:
        ConflictError: it does not.
    """
    if not can_step(current, wanted):
        raise ConflictError(f"a {NOUNS[type(wanted)]} that is {current.value} cannot become {wanted.value}")
