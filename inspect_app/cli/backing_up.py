"""`inspect-app backup`: everything in a folder, while the server goes on."""

from datetime import UTC, datetime
from pathlib import Path

import click

from inspect_app.backups.making import make_backup
from inspect_app.cli.backups import refusing_backups
from inspect_app.cli.database import migrated, settings_of
from inspect_app.cli.speech import said
from inspect_app.labels.catalogues import msgid as _


@click.command("backup", help=said(_("把数据库和文件备份到一个新文件夹；服务不用停。")))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write a backup and say what is in it."""
    settings = settings_of()
    database = migrated(settings)
    with refusing_backups(settings, folder):
        manifest = make_backup(settings, database, folder, now=datetime.now(UTC))
    database.writing.dispose()
    rows = sum(table.rows for table in manifest.tables.values())
    sentence = _("已备份到 %(folder)s：%(tables)s 张表，%(rows)s 行，%(files)s 个文件")
    values = {"folder": folder, "tables": len(manifest.tables), "rows": rows, "files": len(manifest.files)}
    click.echo(said(sentence) % values)
    click.echo(said(_("密钥不在备份里，请另外保管：没有它，旧回执无法证明。")))
