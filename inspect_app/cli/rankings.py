"""`inspect-app ranking`: a published ranking as a workbook."""

from pathlib import Path

import click

from inspect_app.cli.chosen import ranking_chosen, ranking_option, wave_option
from inspect_app.cli.database import one_view, settings_of
from inspect_app.cli.files import refusing_full_disk, say_written, write_whole
from inspect_app.cli.speech import Refusal, language_option, said
from inspect_app.errors import NotFoundError
from inspect_app.labels.catalogues import msgid as _
from inspect_app.labels.words import word_of
from inspect_app.labels.workbook import workbook_words
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.queries.rankings import report_of
from reports.workbook import write_workbook

command = click.Group(name="ranking", help=said(_("排名。")))


@command.command(help=said(_("把已发布的排名写成工作簿。")))
@wave_option
@ranking_option
@click.option("--region", metavar="CODE", help=said(_("只列这个区域及其下级。")))
@language_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help=said(_("写到这个文件。")))
def export(code: str, number: int | None, region: str | None, language: str, out: Path) -> None:
    """Write the workbook of a stored ranking; the database is let go before the slow part begins."""
    settings = settings_of()
    states = {state: said(word_of(state)) for state in DeficiencyState}
    with one_view(settings) as session:
        ranking = ranking_chosen(session, code, number)
        try:
            report = report_of(session, ranking, language, region, settings.timezone, state_words=states)
        except NotFoundError as error:
            raise Refusal(_("期次 %(code)s 没有区域 %(region)s。"), code=code, region=region) from error
    with refusing_full_disk():
        content = write_workbook(report, workbook_words(language))
    write_whole(out, content)
    say_written(out)
