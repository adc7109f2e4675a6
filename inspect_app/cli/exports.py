"""`inspect-app data`: what goes out of the database as lines, and comes in."""

from pathlib import Path

import click

from inspect_app.cli.chosen import ranking_chosen, ranking_option, wave_option
from inspect_app.cli.database import one_view, settings_of
from inspect_app.cli.files import say_written, write_whole
from inspect_app.cli.keeping import expired, hold, release
from inspect_app.cli.lists import import_branches, import_people
from inspect_app.cli.speech import said
from inspect_app.labels.catalogues import msgid as _
from inspect_app.queries.rankings import export_of
from reports.export import export_lines

command = click.Group(name="data", help=said(_("数据的导入、导出和保存期限。")))
for added in (import_branches, import_people, expired, hold, release):
    command.add_command(added)


@command.command(help=said(_("导出一次排名的全部计入数据，逐行 JSON，足以重算每个数字。")))
@wave_option
@ranking_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help=said(_("写到这个文件。")))
def export(code: str, number: int | None, out: Path) -> None:
    """Write the lines that every published number can be recomputed from."""
    with one_view(settings_of()) as session:
        lines = export_of(session, ranking_chosen(session, code, number))
    write_whole(out, "".join(f"{line}\n" for line in export_lines(lines)).encode())
    say_written(out)
