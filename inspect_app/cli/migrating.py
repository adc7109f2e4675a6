"""`inspect-app db`: the shape of the database."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import click

from inspect_app.backups.making import make_backup
from inspect_app.cli.backups import refusing_backups
from inspect_app.cli.database import opened, refusing_failures, settings_of
from inspect_app.cli.speech import said
from inspect_app.config import Settings
from inspect_app.db import Database
from inspect_app.labels.catalogues import msgid as _
from inspect_app.migrations import alone, newest_step, present_step, upgrade

BACKUPS = "backups"
"""The folder of the data folder in which upgrades put what was there before."""

command = click.Group(name="db", help=said(_("数据库。")))


@command.command("upgrade", help=said(_("建立数据库，或把它升级到这个版本需要的样子；升级前先自动备份。")))
@click.option(
    "--no-backup",
    "before",
    flag_value="nothing",
    default="backup",
    help=said(_("升级前不备份：您自己已经备份过。")),
)
def bring_up_to_date(before: str) -> None:
    """Run every migration that is due, over a database with rows only after a backup of it was made."""
    settings = settings_of()
    database = opened(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with refusing_failures(settings), alone(database):
        if present_step(database) not in (None, newest_step()):
            BEFORE[before](settings, database)
        upgrade(database, settings.secret_key)
    click.echo(said(_("数据库已就绪：%(note)s")) % {"note": database.note})


def _back_up(settings: Settings, database: Database) -> None:
    now = datetime.now(UTC)
    folder = settings.data_dir / BACKUPS / f"before-{newest_step()}-{now:%Y%m%dT%H%M%SZ}"
    with refusing_backups(settings, folder):
        make_backup(settings, database, folder, now=now)
    click.echo(said(_("升级前的备份在 %(folder)s")) % {"folder": folder})


BEFORE: Mapping[str, Callable[[Settings, Database], None]] = {
    "backup": _back_up,
    "nothing": lambda _settings, _database: None,
}
"""What is done before an upgrade, by what was asked for."""
