"""The first page of a branch: what is due, what helps most, where it stands, and whether repairs held."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from checklists.deficiencies import Severity
from inspect_app.db import session
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.permissions import Action
from inspect_app.queries.appeals import appeals_of_branch
from inspect_app.queries.branch_values import BranchResult
from inspect_app.queries.branch_views import deficiencies_of_branch
from inspect_app.queries.corrective_actions import drafts_of
from inspect_app.queries.helps import what_helps_most
from inspect_app.queries.repairs import earlier_waves
from inspect_app.queries.sent_back import sent_back_to
from inspect_app.queries.shortcomings import Shortcoming
from inspect_app.web.access import current_user, requires
from inspect_app.web.branch import pages
from inspect_app.web.branch.disputes import window_of
from inspect_app.web.branch.drawings import RankLine, rank_line
from inspect_app.web.branch.due import Due, due, due_sentence, today_at_bank
from inspect_app.web.branch.own import (
    chosen_wave,
    names_of_roles,
    own_branch,
    own_repairs,
    own_results,
    result_in,
    trend_to,
)

SHOWN = 8
"""How many deficiencies the page shows before it is asked for all."""

REPAIRS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """A deficiency that waits for the branch, or for the decision on its appeal.

    Attributes:
        sent_back: why the last answer was not accepted; empty where there was none.
        repeats: the earlier waves that found the same, the newest first.
    """

    found: Shortcoming
    due: Due
    has_draft: bool
    sent_back: str
    repeats: tuple[str, ...]

    def pressing(self, today: date) -> tuple[bool, bool, bool, date, bool, int]:
        """Return what it is ordered by: vetoes, what is overdue, what came back, then the day it is due."""
        return (
            self.found.severity is not Severity.CRITICAL,
            self.found.due_on >= today,
            not self.sent_back,
            self.found.due_on,
            not self.repeats,
            -self.found.points_lost,
        )


@pages.get("/branch")
@requires(Action.READ_BRANCH_RESULT)
def home_page() -> ResponseReturnValue:
    """Show what is to be mended of a wave, the most pressing first, and the own place in it."""
    results = own_results()
    result = result_in(results, chosen_wave())
    if result is None:
        return render_template("branch/nothing_yet.html", branch=own_branch())
    user, today, wave_id = current_user(), today_at_bank(), result.place.wave_id
    waiting = waiting_in(wave_id, today)
    disputed = _in_state(wave_id, DeficiencyState.DISPUTED)
    answered = [*_in_state(wave_id, DeficiencyState.ANSWERED), *_in_state(wave_id, DeficiencyState.VERIFIED)]
    return render_template(
        "branch/home.html",
        branch=own_branch(),
        results=results,
        result=result,
        count=len(waiting),
        shown=waiting if "all" in request.args else waiting[:SHOWN],
        disputed=disputed,
        answered=len(answered),
        sentence=due_sentence([one.found.due_on for one in waiting], today),
        window=window_of(wave_id),
        appeals=[one for one in appeals_of_branch(session, user) if one.wave_id == wave_id],
        helps=what_helps_most(session, user, own_branch().id, wave_id),
        repairs=own_repairs()[:REPAIRS_SHOWN],
        spark=trend_to(results, result),
        line=place_of(result),
        role_names=names_of_roles(wave_id),
    )


def waiting_in(wave_id: uuid.UUID, today: date) -> tuple[Waiting, ...]:
    """Return what a wave leaves the branch to answer, the most pressing first."""
    found, user = _in_state(wave_id, DeficiencyState.OPEN), current_user()
    repeats = earlier_waves(session, user, [one.deficiency_id for one in found])
    drafts, sent_back = drafts_of(session, user), sent_back_to(session, user)
    waiting = (_waiting(one, today, drafts, sent_back, repeats) for one in found)
    return tuple(sorted(waiting, key=lambda one: one.pressing(today)))


def place_of(result: BranchResult) -> RankLine | None:
    """Return the drawing of the own place; None where there is none."""
    position = result.position
    if position is None or position.rank is None:
        return None
    return rank_line(position.rank, position.ranked, None)


def _in_state(wave_id: uuid.UUID, state: DeficiencyState) -> list[Shortcoming]:
    found = deficiencies_of_branch(session, current_user(), state=state)
    return [one for one in found if one.wave_id == wave_id]


def _waiting(
    found: Shortcoming,
    today: date,
    drafts: Collection[uuid.UUID],
    sent_back: Mapping[uuid.UUID, str],
    repeats: Mapping[uuid.UUID, Sequence[str]],
) -> Waiting:
    one = found.deficiency_id
    return Waiting(
        found, due(found.due_on, today), one in drafts, sent_back.get(one, ""), tuple(repeats.get(one, ()))
    )
