"""`inspect-app serve`: the production server on the configured database."""

import click

from inspect_app.app import create_app
from inspect_app.bells import bell_at
from inspect_app.cli.address import Address
from inspect_app.cli.database import migrated, settings_of
from inspect_app.cli.guards import Start, say_guards
from inspect_app.cli.server import Service, count_together, run
from inspect_app.cli.speech import said
from inspect_app.jobs import serving_share
from inspect_app.labels.catalogues import msgid as _
from inspect_app.logs import begin_log


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
    address.hold()
    say_guards(Start(settings, database, workers))
    begin_log(settings)
    count_together(workers)
    bell = bell_at(settings.queue_url)
    run(
        Service(
            app=create_app(settings, database, bell),
            database=database,
            background=serving_share(settings, database, bell),
            address=address,
            workers=workers,
            when_ready=lambda: click.echo(said(_("服务地址：%(url)s")) % {"url": address.url}),
        )
    )
