"""What a branch has answered, what was accepted, and whether it held."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.permissions import Action
from inspect_app.queries.branch_views import deficiencies_of_branch
from inspect_app.queries.repairs import held_rates
from inspect_app.queries.shortcomings import Shortcoming
from inspect_app.web.access import current_user, requires
from inspect_app.web.branch import pages
from inspect_app.web.branch.own import names_of_roles, own_branch, own_repairs

ANSWERED = (DeficiencyState.ANSWERED, DeficiencyState.VERIFIED)


@dataclass(frozen=True, slots=True)
class WaveAnswers:
    """What was answered of one wave."""

    code: str
    name: str
    answered: tuple[Shortcoming, ...]


@pages.get("/branch/answers")
@requires(Action.READ_BRANCH_RESULT)
def answers_page() -> ResponseReturnValue:
    """Show what was answered, the newest wave first, and whether what was accepted held afterwards."""
    user = current_user()
    found = [one for state in ANSWERED for one in deficiencies_of_branch(session, user, state=state)]
    waves = tuple(
        WaveAnswers(code, name, tuple(one for one in found if one.wave_code == code))
        for code, name in sorted({(one.wave_code, one.wave_name) for one in found}, reverse=True)
    )
    return render_template(
        "branch/answers.html",
        branch=own_branch(),
        waves=waves,
        role_names={one.wave_id: names_of_roles(one.wave_id) for one in found},
        repairs=own_repairs(),
        rates=[one for one in held_rates(session, user) if one.rate is not None],
    )
