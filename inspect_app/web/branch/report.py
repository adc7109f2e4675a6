"""The printed report of a branch: the same figures as on its pages, on one sheet of paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import render_template
from flask.typing import ResponseReturnValue

from checklists.scoring import round_half_up
from inspect_app.db import session
from inspect_app.errors import NotFoundError
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.permissions import Action
from inspect_app.queries.branch_report import FlowFigure, RankedFigures, figures_of_branch
from inspect_app.queries.branch_values import BranchResult
from inspect_app.queries.branch_views import deficiencies_of_branch
from inspect_app.queries.helps import what_helps_most
from inspect_app.queries.shortcomings import Shortcoming
from inspect_app.queries.waves import wave_with_id
from inspect_app.web.access import current_user, requires
from inspect_app.web.branch import pages
from inspect_app.web.branch.drawings import FlowLine, RankLine, flow_floor, flow_lines, rank_line
from inspect_app.web.branch.own import names_of_roles, own_branch, own_repairs, own_results, result_in
from inspect_app.web.branch.result import ReadVisit, read_visits
from inspect_app.web.languages import current_language

MOST_REPAIRS = 8
"""How many earlier repairs the sheet names, those known to have held or not first."""

TOLD = tuple(state for state in DeficiencyState if state is not DeficiencyState.VOIDED)


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One flow of the report, with its name and its drawing."""

    name: str
    figure: FlowFigure
    line: FlowLine

    @property
    def change(self) -> int | None:
        """Hundredths of a point more than the wave before; None where there is nothing to compare with."""
        return None if self.figure.before is None else self.figure.score - self.figure.before


@pages.get("/branch/result/<wave_code>/report")
@requires(Action.READ_BRANCH_RESULT)
def report_page(wave_code: str) -> ResponseReturnValue:
    """Show the own result in a wave as a report to be printed."""
    result = result_in(own_results(), wave_code)
    if result is None:
        raise NotFoundError(f"wave {wave_code}")
    visits = read_visits(result)
    figures = figures_of_branch(session, current_user(), result.place.target_id)
    flows = _own_flows(visits) if figures is None else figures.flows
    floor = flow_floor(score for one in flows for score in (one.score, one.region))
    return render_template(
        "branch/report.html",
        branch=own_branch(),
        result=result,
        wave=wave_with_id(session, result.place.wave_id),
        visits=visits,
        figures=figures,
        floor=floor,
        flows=_rows(flows, visits, floor),
        line=_line(result, figures),
        found=_found(result),
        helps=what_helps_most(session, current_user(), own_branch().id, result.place.wave_id),
        repairs=own_repairs()[:MOST_REPAIRS],
        role_names=names_of_roles(result.place.wave_id),
    )


def _own_flows(visits: Sequence[ReadVisit]) -> tuple[FlowFigure, ...]:
    """Return the means of flows while nothing is ranked: beside nothing."""
    scores: dict[str, list[int]] = {}
    for visit in visits:
        for flow in visit.flows:
            if visit.reading.visit.counts and flow.line.score is not None:
                scores.setdefault(flow.line.code, []).append(flow.line.score)
    return tuple(
        FlowFigure(code, round_half_up(Fraction(sum(each), len(each))), None, None)
        for code, each in sorted(scores.items())
    )


def _rows(flows: Sequence[FlowFigure], visits: Sequence[ReadVisit], floor: int) -> tuple[FlowRow, ...]:
    names = {flow.line.code: flow.name for visit in visits for flow in visit.flows}
    lines = flow_lines([(one.score, one.region) for one in flows], floor)
    return tuple(
        FlowRow(names[one.flow].in_language(current_language()), one, line)
        for one, line in zip(flows, lines, strict=True)
        if one.flow in names
    )


def _line(result: BranchResult, figures: RankedFigures | None) -> RankLine | None:
    position = result.position
    if position is None or position.rank is None:
        return None
    return rank_line(position.rank, position.ranked, None if figures is None else figures.interval)


def _found(result: BranchResult) -> Mapping[str, Sequence[Shortcoming]]:
    """Return what was found, by visit, in the order of the checklist."""
    found: dict[str, list[Shortcoming]] = {}
    for state in TOLD:
        for one in deficiencies_of_branch(session, current_user(), state=state):
            if one.wave_id == result.place.wave_id:
                found.setdefault(str(one.visit_id), []).append(one)
    return {
        visit: sorted(each, key=lambda one: (one.section.situation, one.item.code))
        for visit, each in found.items()
    }
