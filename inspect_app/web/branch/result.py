"""The result of a branch in one wave: its visits, flow by flow, down to the single answer."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from checklists.crediting import credit
from checklists.scoring import Breakdown, break_down_role
from inspect_app.db import session
from inspect_app.errors import NotFoundError
from inspect_app.models.visits import VisitState
from inspect_app.permissions import Action
from inspect_app.queries.branch_values import BranchReading, BranchResult, Period, RoleResult
from inspect_app.queries.branch_views import visit_of_branch
from inspect_app.queries.drilldown import DeductionSeen, FlowSeen, read_deductions, read_visit
from inspect_app.web.access import current_settings, current_user, requires
from inspect_app.web.branch import pages
from inspect_app.web.branch.own import names_of_roles, own_branch, own_results, result_in, trend_to


@dataclass(frozen=True, slots=True)
class ReadVisit:
    """A visit with its flows, as its branch may read it."""

    reading: BranchReading
    flows: tuple[FlowSeen, ...]
    deductions: tuple[DeductionSeen, ...]


@dataclass(frozen=True, slots=True)
class ServedPart:
    """The part of a visit in which a role served, and how its score came about."""

    ordinal: int
    period: Period
    flows: tuple[FlowSeen, ...]
    breakdown: Breakdown


@dataclass(frozen=True, slots=True)
class Explained:
    """What the address asks to be explained: a visit, one flow of it, or a role; none for the branch's mean.

    Attributes:
        parts: of a role, the visits in which it served.
    """

    visit: ReadVisit | None = None
    flow: FlowSeen | None = None
    role: RoleResult | None = None
    parts: tuple[ServedPart, ...] = ()


@pages.get("/branch/result/<wave_code>")
@requires(Action.READ_BRANCH_RESULT)
def result_page(wave_code: str) -> ResponseReturnValue:
    """Show the own result in a wave that is disclosed or published."""
    results = own_results()
    result = result_in(results, wave_code)
    if result is None:
        raise NotFoundError(f"wave {wave_code}")
    visits = read_visits(result)
    return render_template(
        "branch/result.html",
        branch=own_branch(),
        results=results,
        result=result,
        visits=visits,
        spark=trend_to(results, result),
        role_names=names_of_roles(result.place.wave_id),
        why=explained(result, visits),
        address=url_for(".result_page", wave_code=wave_code),
    )


def read_visits(result: BranchResult) -> tuple[ReadVisit, ...]:
    """Return the visits of a result that can still be read, by ordinal."""
    timezone = current_settings().timezone
    readings = (
        visit_of_branch(session, current_user(), one.visit_id, timezone)
        for one in result.visits
        if one.state is not VisitState.VOIDED
    )
    return tuple(
        ReadVisit(
            one,
            read_visit(one.checklist, one.answers, one.breakdown),
            read_deductions(one.checklist, one.answers, one.breakdown),
        )
        for one in readings
    )


def explained(result: BranchResult, visits: tuple[ReadVisit, ...]) -> Explained | None:
    """Return what the address asks to be explained, such as `visit:1`, `flow:1:F2` or `role:teller`.

    Raises:
        NotFoundError: there is no such part.
    """
    why = request.args.get("why", "")
    if not why:
        return None
    if why == "branch":
        return Explained()
    what, ordinal, code = [*why.split(":"), "", ""][:3]
    if what == "role":
        return _explained_role(result, visits, ordinal)
    visit = next((one for one in visits if str(one.reading.visit.ordinal) == ordinal), None)
    if visit is None or what not in ("visit", "flow"):
        raise NotFoundError(f"breakdown {why}")
    if what == "visit":
        return Explained(visit)
    flow = next((one for one in visit.flows if one.line.code == code), None)
    if flow is None:
        raise NotFoundError(f"breakdown {why}")
    return Explained(visit, flow)


def _explained_role(result: BranchResult, visits: tuple[ReadVisit, ...], code: str) -> Explained:
    role = next((one for one in result.roles if one.role == code), None)
    if role is None:
        raise NotFoundError(f"role {code}")
    parts = (_served(one.reading, code) for one in visits if one.reading.visit.counts)
    return Explained(role=role, parts=tuple(part for part in parts if part.breakdown.score is not None))


def _served(reading: BranchReading, role: str) -> ServedPart:
    breakdown = break_down_role(credit(reading.checklist, reading.answers), role)
    flows = read_visit(reading.checklist, reading.answers, breakdown)
    return ServedPart(reading.visit.ordinal, reading.visit.period, flows, breakdown)
