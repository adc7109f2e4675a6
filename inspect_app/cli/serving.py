"""`inspect-app serve`: the production server on the configured database."""

import sys
from importlib.metadata import PackageNotFoundError, version

import click

from inspect_app.app import create_app
from inspect_app.cli.address import Address
from inspect_app.cli.database import migrated, settings_of
from inspect_app.cli.server import Service, run
from inspect_app.cli.speech import Refusal, said
from inspect_app.config import Settings
from inspect_app.db import Database
from inspect_app.labels.catalogues import msgid as _


@click.command("serve", help=said(_("在设定的数据库上提供服务。")))
@click.option("--host", default="127.0.0.1", show_default=True, help=said(_("在这个地址上提供服务。")))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1),
    help=said(_("进程数，SQLite 只能是 1。")),
)
def command(host: str, port: int, workers: int) -> None:
    """Serve until stopped."""
    address = Address(host, port)
    settings = settings_of()
    database = migrated(settings)
    if workers > 1 and database.writing.dialect.name == "sqlite":
        raise Refusal(_("SQLite 只能由一个进程提供服务，请去掉 --workers，或改用 PostgreSQL。"))
    address.hold()
    say_guards(settings, database)
    run(
        Service(
            app=create_app(settings, database),
            database=database,
            address=address,
            workers=workers,
            when_ready=lambda: click.echo(said(_("服务地址：%(url)s")) % {"url": address.url}),
        )
    )


def say_guards(settings: Settings, database: Database) -> None:
    """Print a line for each thing that must be right before anyone signs in.

    Raises:
        Refusal: workbooks would be read without protection against hostile ones.
    """
    try:
        guard = version("defusedxml")
    except PackageNotFoundError:
        raise Refusal(_("缺少 defusedxml，不能安全地读取工作簿；请重新安装依赖。")) from None
    for line in (
        said(_("数据库：%(note)s")) % {"note": database.note},
        said(_("工作簿防护：defusedxml %(version)s")) % {"version": guard},
        said(_("数据文件夹：%(path)s")) % {"path": settings.data_dir.absolute()},
    ):
        click.echo(line)
    sys.stdout.flush()
