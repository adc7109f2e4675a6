"""`inspect-app db`: the shape of the database."""

import click

from inspect_app.cli.database import opened, refusing_failures, settings_of
from inspect_app.cli.speech import said
from inspect_app.labels.catalogues import msgid as _
from inspect_app.migrations import upgrade

command = click.Group(name="db", help=said(_("数据库。")))


@command.command("upgrade", help=said(_("建立数据库，或把它升级到这个版本需要的样子。")))
def bring_up_to_date() -> None:
    """Run every migration that is due."""
    settings = settings_of()
    database = opened(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with refusing_failures(settings):
        upgrade(database)
    click.echo(said(_("数据库已就绪：%(note)s")) % {"note": database.note})
