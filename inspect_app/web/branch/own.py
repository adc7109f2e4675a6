"""What every page of a branch begins with: its own branch, its waves, its staff roles' names."""

import uuid
from collections.abc import Mapping, Sequence

from flask import request

from checklists.scoring import BRANCH
from inspect_app.db import session
from inspect_app.errors import NotFoundError
from inspect_app.models.organisation import Branch
from inspect_app.queries.branch_values import BranchResult
from inspect_app.queries.branch_views import results_of_branch
from inspect_app.queries.ranking_scope import checklists_of
from inspect_app.queries.repairs import Held, Repair, repairs_of_branch
from inspect_app.queries.waves import wave_with_id
from inspect_app.web.access import current_settings, current_user
from inspect_app.web.reading import role_names
from inspect_app.web.sparklines import Sparkline, scale_of, sparkline

TREND = 6
"""How many waves a trend shows."""


def own_branch() -> Branch:
    """Return the branch of who is signed in.

    Raises:
        NotFoundError: they have none.
    """
    branch = current_user().branch
    if branch is None:
        raise NotFoundError("a branch's page for somebody without a branch")
    return branch


def own_results() -> tuple[BranchResult, ...]:
    """Return what the own branch reached in the waves that show it, the newest first."""
    return results_of_branch(session, current_user(), own_branch().id, current_settings().timezone)


def result_in(results: Sequence[BranchResult], wave_code: str | None) -> BranchResult | None:
    """Return the result of a wave, of the newest where none is named; None where there is no wave at all.

    Raises:
        NotFoundError: no wave of this code shows the branch anything.
    """
    if wave_code is None:
        return next(iter(results), None)
    found = next((one for one in results if one.place.wave_code == wave_code), None)
    if found is None:
        raise NotFoundError(f"wave {wave_code}")
    return found


def chosen_wave() -> str | None:
    """Return the code of the wave that the address names."""
    return request.args.get("wave") or None


def trend_to(results: Sequence[BranchResult], result: BranchResult) -> Sparkline | None:
    """Return the own trend up to a published wave, over those of its mode; None where it would be a dot."""
    newest_first = results[results.index(result) :]
    ranked = [one for one in newest_first if one.place.mode is result.place.mode and one.position is not None]
    scores = [one.score for one in reversed(ranked[:TREND])]
    return sparkline(scores, scale_of([scores])) if len(scores) > 1 else None


def posts_of(wave_id: uuid.UUID) -> Mapping[str, str]:
    """Return the names of the posts that can see to something; the premises themselves cannot."""
    return {code: name for code, name in names_of_roles(wave_id).items() if code != BRANCH}


def own_repairs() -> tuple[Repair, ...]:
    """Return the repairs of the own branch, those of which it is known whether they held first."""
    found = repairs_of_branch(session, current_user(), own_branch().id, timezone=current_settings().timezone)
    return tuple(sorted(found, key=lambda one: one.held is Held.PENDING))


def names_of_roles(wave_id: uuid.UUID) -> Mapping[str, str]:
    """Return the names of the staff roles of a wave's handbook, by code."""
    return role_names(checklists_of(session, wave_with_id(session, wave_id)))
