"""From a branch's place in a ranking down to the single answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from inspect_app.db import session
from inspect_app.errors import NotFoundError
from inspect_app.models.rankings import StoredRanking
from inspect_app.permissions import Action
from inspect_app.queries.drilldown import (
    BranchSeen,
    FlowSeen,
    ItemSeen,
    RoleSeen,
    SituationSeen,
    VisitSeen,
    branch_in_ranking,
    lost_by_flow,
    role_at_branch,
)
from inspect_app.queries.ranking_scope import Scope, checklists_of, ranking_in_scope
from inspect_app.queries.released_photos import SeenPhoto, released_photos_at_branch
from inspect_app.web.access import current_settings, current_user, requires
from inspect_app.web.reading import role_names
from inspect_app.web.region import pages
from inspect_app.web.region.asked import links, whole_number
from inspect_app.web.region.sentences import branch_facts, branch_headline
from inspect_app.web.sparklines import scale_of, sparkline

GOOD = 9500
"""From this score on, hundredths of a point, a flow is shown folded."""

NOTHING = "-"
"""Stands in an address for: all is folded."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the drawer explains: the parts that the address names, from the smallest up.

    Attributes:
        visit: None where the branch's or a role's mean is explained.
    """

    visit: VisitSeen | None = None
    flow: FlowSeen | None = None
    situation: SituationSeen | None = None
    item: ItemSeen | None = None
    role: RoleSeen | None = None


@pages.get("/rankings/<wave_code>/branches/<branch_code>")
@requires(Action.READ_RANKING)
def branch_page(wave_code: str, branch_code: str) -> ResponseReturnValue:
    """Show the visits of a branch, with every answer behind their scores."""
    user, number = current_user(), whole_number("ranking")
    ranking, scope = ranking_in_scope(session, user, wave_code, number)
    seen = branch_in_ranking(session, user, ranking, scope, branch_code, current_settings().timezone)
    visit = seen.visit(whole_number("visit"))
    lost = lost_by_flow(seen.visits)
    shown = unfolded(visit)
    return render_template(
        "region/branch.html",
        ranking=ranking,
        wave=ranking.wave,
        scope=scope,
        seen=seen,
        visit=visit,
        photos={} if visit is None else _released(ranking, branch_code, visit.ordinal),
        unfolded=shown,
        folded_over=lambda code: ".".join(sorted(shown ^ {code})) or NOTHING,
        headline=branch_headline(seen, lost),
        facts=tuple(branch_facts(seen, ranking.wave.mode)),
        spark=sparkline(seen.row.trend, scale_of([seen.row.trend])),
        role_names=role_names(checklists_of(session, ranking.wave)),
        why=request.args.get("why", ""),
        receipt_of=receipt_of(ranking, scope, seen, visit),
        link=links(url_for(".branch_page", wave_code=wave_code, branch_code=branch_code)),
        number=number,
    )


def _released(ranking: StoredRanking, branch_code: str, ordinal: int) -> Mapping[str, tuple[SeenPhoto, ...]]:
    return released_photos_at_branch(session, current_user(), ranking.wave_id, branch_code, ordinal)


def unfolded(visit: VisitSeen | None) -> frozenset[str]:
    """Return which flows and situations show what is in them: those asked for, else where points went."""
    if "open" in request.args:
        return frozenset(request.args["open"].split(".")) - {NOTHING}
    if visit is None:
        return frozenset()
    flows = {one.line.code for one in visit.flows if (one.line.score or 0) < GOOD}
    scores = [
        (one.line.score, one.line.number)
        for flow in visit.flows
        for one in flow.situations
        if one.line.score is not None
    ]
    return frozenset(flows | {str(number) for _score, number in sorted(scores)[:1]})


def receipt_of(
    ranking: StoredRanking, scope: Scope, seen: BranchSeen, visit: VisitSeen | None
) -> Receipt | None:
    """Return what the address asks to be explained; None where it asks nothing.

    Raises:
        NotFoundError: there is no such part.
    """
    what, _colon, code = request.args.get("why", "").partition(":")
    if not what:
        return None
    if what == "branch" and not code:
        return Receipt()
    if what == "role":
        return Receipt(role=role_at_branch(session, current_user(), ranking, scope, seen, code))
    if visit is None:
        raise NotFoundError(f"breakdown {what}")
    return _part_of_visit(visit, what, code)


def _part_of_visit(visit: VisitSeen, what: str, code: str) -> Receipt:
    if what == "visit" and not code:
        return Receipt(visit)
    if what == "flow":
        return Receipt(visit, visit.flow(code))
    if what == "situation" and code.isascii() and code.isdigit():
        return Receipt(visit, visit.flow_of(int(code)), visit.situation(int(code)))
    if what == "item":
        situation, item = visit.item(code)
        return Receipt(visit, visit.flow_of(situation.line.number), situation, item)
    raise NotFoundError(f"breakdown {what}:{code}")
