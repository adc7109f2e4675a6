"""The task that makes the workbook of a ranking, as the one who asked may see it when it is made."""

from inspect_app.db import reading
from inspect_app.errors import NotFoundError
from inspect_app.jobs.work import Outcome, Work
from inspect_app.labels.catalogues import catalogue_of
from inspect_app.labels.words import word_of
from inspect_app.labels.workbook import workbook_words
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.queries.accounts import user_with_id
from inspect_app.queries.ranking_scope import ranking_in_scope
from inspect_app.queries.ranking_summary import report_for
from inspect_app.services.jobs import Made
from inspect_app.services.workbooks import AskedWorkbook
from inspect_app.storage import open_store
from reports.workbook import Report, write_workbook


def make_workbook(work: Work) -> Outcome:
    """Make the workbook and put it into the storage; the database is let go before the slow part begins.

    Raises:
        NotFoundError: the one who asked may not see it any more.
    """
    asked = AskedWorkbook.read(work.arguments)
    report = _report(work, asked)
    content = write_workbook(report, workbook_words(asked.language), work.report)
    return Outcome(Made(open_store(work.settings.downloads_url).put(content), len(content)))


def _report(work: Work, asked: AskedWorkbook) -> Report:
    words = catalogue_of(asked.language)
    states = {state: words.gettext(word_of(state)) for state in DeficiencyState}
    with reading(work.database) as session:
        if work.user_id is None or not (user := user_with_id(session, work.user_id)).is_active:
            raise NotFoundError("nobody who asked for this workbook")
        ranking, scope = ranking_in_scope(session, user, asked.wave, asked.ranking)
        unit = scope.unit(asked.unit)
        zone = work.settings.timezone
        return report_for(session, user, ranking, scope, unit, asked.language, zone, state_words=states)
