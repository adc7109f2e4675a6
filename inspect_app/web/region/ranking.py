"""The ranking's pages: of regions, branches and roles, and their workbook."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.errors import NotFoundError
from inspect_app.labels.workbook import workbook_words
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.models.rankings import StoredRanking
from inspect_app.permissions import Action
from inspect_app.queries.journal_chain import anchor_of
from inspect_app.queries.ranking_pages import (
    BRANCH_TABLE,
    REGION_TABLE,
    Filters,
    Order,
    PageRow,
    page_of_ranking,
    top_row,
)
from inspect_app.queries.ranking_scope import (
    Scope,
    Unit,
    checklists_of,
    kinds_in,
    ranked_roles,
    ranking_in_scope,
    waves_in_scope,
)
from inspect_app.queries.ranking_summary import (
    RegionMean,
    findings_of,
    movers_in,
    region_mean,
    report_for,
)
from inspect_app.queries.rankings import ROLE_TABLE, rankings_of_wave
from inspect_app.queries.workbooks import has_more_rows_than
from inspect_app.services.workbooks import MOST_ROWS_IN_REQUEST
from inspect_app.web.access import current_settings, current_user, requires
from inspect_app.web.downloads import download
from inspect_app.web.languages import current_language
from inspect_app.web.reading import role_names, situation_names
from inspect_app.web.region import pages
from inspect_app.web.region.asked import Asked, asked, links
from inspect_app.web.region.downloads import name_of_workbook
from inspect_app.web.region.sentences import headline
from inspect_app.web.sparklines import scale_of, sparkline
from inspect_app.web.words import word
from reports.workbook import write_workbook

REGION_WHY = "region:"


@dataclass(frozen=True, slots=True)
class ExplainedMean:
    """A region's score with what it is the mean of, for the drawer."""

    row: PageRow
    mean: RegionMean


@pages.get("/rankings")
@requires(Action.READ_RANKING)
def newest_ranking_page() -> ResponseReturnValue:
    """Lead to the newest published wave that concerns the user; say what to do where there is none."""
    waves = waves_in_scope(session, current_user())
    if not waves:
        return render_template("region/no_ranking.html")
    return redirect(url_for(".ranking_page", wave_code=waves[0].code), code=303)


@pages.get("/rankings/<wave_code>")
@requires(Action.READ_RANKING)
def ranking_page(wave_code: str) -> ResponseReturnValue:
    """Show one table of a ranking, as far as the user may see it."""
    address = links(url_for(".ranking_page", wave_code=wave_code))
    wanted = request.args.get("wave")
    if wanted and wanted != wave_code:
        # The filters' form names another wave; the ranking's number is this wave's own.
        return redirect(links(url_for(".ranking_page", wave_code=wanted))(ranking=None, why=None), code=303)
    question = asked()
    ranking, scope = ranking_in_scope(session, current_user(), wave_code, question.ranking)
    filters = question.filters(scope)
    roles = ranked_roles(session, ranking)
    require_table(filters, roles)
    user = current_user()
    page = page_of_ranking(session, user, ranking, scope, filters)
    top = top_row(session, user, ranking, scope, filters.unit)
    checklists = checklists_of(session, ranking.wave)
    scale = scale_of(row.trend for row in page.rows)
    findings = findings_of(session, ranking, filters.unit)
    return render_template(
        "region/ranking.html",
        asked=question,
        ranking=ranking,
        wave=ranking.wave,
        scope=scope,
        filters=filters,
        page=page,
        top=top,
        headline=headline(top),
        findings=findings,
        dearest=situation_names(checklists).get(findings.dearest or 0),
        sparks={row.code: sparkline(row.trend, scale) for row in page.rows},
        waves=waves_in_scope(session, user),
        rankings=rankings_of_wave(session, ranking.wave_id),
        roles=roles,
        role_names=role_names(checklists),
        kinds=kinds_in(session, user, ranking, filters.unit),
        orders=order_names(),
        movers=movers_in(session, user, ranking, scope, filters.unit, filters.table),
        why=explained(question, ranking, scope),
        journal=anchor_of(session, ranking),
        link=address,
        number=question.ranking,
        is_large=is_large(ranking, filters.unit),
    )


@pages.get("/rankings/<wave_code>.xlsx")
@requires(Action.READ_RANKING)
def download_ranking(wave_code: str) -> ResponseReturnValue:
    """Hand out the workbook of the region that a ranking's page shows; a large one is made elsewhere."""
    question = asked()
    user, language = current_user(), current_language()
    ranking, scope = ranking_in_scope(session, user, wave_code, question.ranking)
    unit = scope.unit(question.region)
    if is_large(ranking, unit):
        address = links(url_for(".new_download_page", wave_code=wave_code))
        return redirect(address(table=None, kind=None, q=None, sort=None, why=None), code=303)
    states = {state: word(state) for state in DeficiencyState}
    report = report_for(
        session, user, ranking, scope, unit, language, current_settings().timezone, state_words=states
    )
    return download(name_of_workbook(ranking, unit), write_workbook(report, workbook_words(language)))


def is_large(ranking: StoredRanking, unit: Unit) -> bool:
    """Say whether a region's workbook takes too long to be made while its reader waits."""
    return has_more_rows_than(session, ranking, unit, MOST_ROWS_IN_REQUEST)


def require_table(filters: Filters, roles: tuple[str, ...]) -> None:
    """Raise unless the ranking has the table that is asked for."""
    if filters.table not in (REGION_TABLE, BRANCH_TABLE, *(f"{ROLE_TABLE}{role}" for role in roles)):
        raise NotFoundError(f"table {filters.table}")


def explained(question: Asked, ranking: StoredRanking, scope: Scope) -> ExplainedMean | None:
    """Return how the mean of a region came about, where the address asks for it."""
    if not question.why:
        return None
    kind, _colon, code = question.why.partition(":")
    if f"{kind}:" != REGION_WHY:
        raise NotFoundError(f"breakdown {question.why}")
    unit = scope.unit(code)
    row = top_row(session, current_user(), ranking, scope, unit)
    return ExplainedMean(row, region_mean(session, ranking, unit))


def order_names() -> dict[Order, str]:
    """Return what a page can be ordered by, in words."""
    return {
        Order.RANK: _("按名次"),
        Order.RISE: _("升得最多"),
        Order.FALL: _("降得最多"),
        Order.VETOES: _("否决最多"),
    }
