"""Every pair of states of every life, by the table and by what the domain says."""

from enum import StrEnum
from itertools import product

import pytest

from inspect_app.errors import ConflictError
from inspect_app.models.appeals import AppealState
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.models.visits import VisitState
from inspect_app.models.waves import WaveState
from inspect_app.workflow import STEPS, State, can_step, require_step

LIVES: dict[type[StrEnum], str] = {
    WaveState: "planned>open open>closed closed>disclosed disclosed>published",
    VisitState: (
        "planned>assigned planned>cancelled "
        "assigned>assigned assigned>in_progress assigned>cancelled "
        "in_progress>awaiting_photos in_progress>submitted in_progress>cancelled in_progress>set_aside "
        "awaiting_photos>submitted awaiting_photos>set_aside "
        "submitted>in_review submitted>approved submitted>returned submitted>set_aside "
        "in_review>approved in_review>returned in_review>set_aside "
        "returned>in_progress returned>set_aside "
        "approved>disclosed approved>set_aside "
        "disclosed>published disclosed>voided published>voided"
    ),
    DeficiencyState: (
        "open>answered open>disputed open>upheld open>voided "
        "answered>verified answered>open answered>upheld answered>voided "
        "verified>upheld verified>voided "
        "disputed>upheld disputed>open disputed>voided "
        "upheld>voided"
    ),
    AppealState: (
        "open>decided open>withdrawn open>closed "
        "decided>reopened withdrawn>reopened closed>reopened "
        "reopened>decided reopened>closed"
    ),
}
"""The steps of each life, written a second time and by hand."""

PAIRS = [
    (current, wanted)
    for states in (WaveState, VisitState, DeficiencyState, AppealState)
    for current, wanted in product(states, states)
]


@pytest.mark.parametrize(("current", "wanted"), PAIRS, ids=lambda state: f"{state}")
def test_a_step_is_taken_exactly_where_the_life_has_it(current: State, wanted: State) -> None:
    is_allowed = f"{current}>{wanted}" in LIVES[type(current)].split()

    assert can_step(current, wanted) is is_allowed
    if is_allowed:
        require_step(current, wanted)
        return
    with pytest.raises(ConflictError, match=rf"a \w+ that is {current} cannot become {wanted}"):
        require_step(current, wanted)


@pytest.mark.parametrize("states", STEPS)
def test_every_state_has_a_line_in_its_table(states: type[StrEnum]) -> None:
    assert set(STEPS[states]) == set(states)


def test_states_of_two_lives_never_make_a_step() -> None:
    assert not can_step(WaveState.CLOSED, VisitState.DISCLOSED)


@pytest.mark.parametrize("final", [VisitState.CANCELLED, VisitState.SET_ASIDE, VisitState.VOIDED])
def test_what_is_over_stays_over(final: VisitState) -> None:
    assert not any(can_step(final, wanted) for wanted in VisitState)
