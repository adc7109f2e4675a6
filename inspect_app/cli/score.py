"""`inspect-app score`: from the lines of a data export to the ranking workbook, without a database."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from checklists.edition_loading import shipped_edition
from checklists.scoring import BRANCH, RULES_VERSION, break_down
from inspect_app.cli.files import read_text, refusing_full_disk, say_written, write_whole
from inspect_app.cli.speech import Refusal, language_option, said
from inspect_app.labels.catalogues import catalogue_of
from inspect_app.labels.catalogues import msgid as _
from inspect_app.labels.workbook import workbook_words
from reports.export import Export, ExportedVisit
from reports.export_reading import ExportError, read_export
from reports.recomputation import Recomputation, recompute
from reports.workbook import DetailRow, NamedRole, Report, write_workbook


@click.command(
    "score", help=said(_("由导出的数据逐行重算，写成排名工作簿；与数据中的数字不一致时逐条指出。"))
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--previous", type=click.Path(path_type=Path), help=said(_("上期导出的数据，用来算变化。")))
@language_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help=said(_("写到这个文件。")))
def command(file: Path, previous: Path | None, language: str, out: Path) -> None:
    """Recompute a wave and write its workbook, also where the lines state other numbers; each is named."""
    export = _read(file)
    found = recompute(export, None if previous is None else _read(previous))
    with refusing_full_disk():
        content = write_workbook(_report(export, found, language), workbook_words(language))
    write_whole(out, content)
    if found.disagreements:
        sentence = _("工作簿已写好：%(path)s。与数据中的数字不一致的有 %(count)s 处：")
        raise Refusal(sentence, found.disagreements, path=out, count=len(found.disagreements))
    say_written(out)


def _read(file: Path) -> Export:
    try:
        # Only line feeds end a line: a name may well hold a character that Python splits lines at.
        return read_export(read_text(file).split("\n"))
    except ExportError as error:
        lines = tuple(f"{file}:{problem.line}: {problem.sentence}" for problem in error.problems)
        raise Refusal(_("%(path)s 不是完好的导出数据："), lines, path=file) from error


def _report(export: Export, found: Recomputation, language: str) -> Report:
    caps = {visit.inspection.veto_cap for visit in export.visits}
    return Report(
        ranking=found.ranking,
        roles=_roles(found.ranking.roles, language),
        details=list(_details(export, language)),
        fingerprint=found.fingerprint,
        rules_version=RULES_VERSION,
        veto_cap=caps.pop() if len(caps) == 1 else None,
    )


def _roles(found: Iterable[str], language: str) -> list[NamedRole]:
    """Return the shipped edition's staff roles in its order, then what else the lines name, by code."""
    roles = {role.code: role.name.in_language(language) for role in shipped_edition().roles}
    for code in sorted(found):
        roles.setdefault(code, catalogue_of(language).gettext(_("网点")) if code == BRANCH else code)
    return [NamedRole(code, name) for code, name in roles.items()]


def _details(export: Export, language: str) -> Iterator[DetailRow]:
    names = {target.code: target.name for target in export.head.wave.targets}
    flows = {flow.code: flow.name.in_language(language) for flow in shipped_edition().flows}
    for visit in export.visits:
        yield from _shortcomings(visit, names[visit.branch], flows)


def _shortcomings(visit: ExportedVisit, name: str, flows: dict[str, str]) -> Iterator[DetailRow]:
    """Yield a visit's answers below full credit; what only the office knows of them stays empty."""
    for flow in break_down(visit.inspection).flows:
        for situation in flow.situations:
            for item in situation.items:
                if item.credit is None or item.credit == 1:
                    continue
                yield DetailRow(
                    branch_code=visit.branch,
                    branch_name=name,
                    flow=flows.get(flow.code, flow.code),
                    clause=item.code,
                    demand="",
                    kind=item.kind,
                    credit=item.credit,
                    points_lost=item.points_lost or 0,
                    role=situation.role or situation.lead,
                    seen="",
                    state="",
                    due=None,
                )
