"""`inspect-app worker`: background work in a process of its own, on any number of machines."""

import signal
import threading
from datetime import timedelta
from types import FrameType

import click

from inspect_app.bells import bell_at
from inspect_app.cli.database import migrated, settings_of
from inspect_app.cli.guards import Start, say_guards
from inspect_app.cli.speech import said
from inspect_app.jobs import Background, Share
from inspect_app.labels.catalogues import msgid as _
from inspect_app.logs import begin_log
from inspect_app.services.leases import LEASE

MOST_THREADS = 16


@click.command("worker", help=said(_("在后台干活：生成文件、发邮件、到期的事，可以开任意多个。")))
@click.option(
    "--threads",
    default=1,
    show_default=True,
    type=click.IntRange(1, MOST_THREADS),
    help=said(_("同时干几件。")),
)
@click.option(
    "--lease",
    default=int(LEASE.total_seconds()),
    show_default=True,
    type=click.IntRange(2, 3600),
    help=said(_("多少秒没有动静，就由别的进程接手。")),
)
def command(threads: int, lease: int) -> None:
    """Work until stopped; what is under way then is finished or handed back."""
    settings = settings_of()
    database = migrated(settings)
    say_guards(Start(settings, database))
    begin_log(settings)
    background = Background(
        settings,
        database,
        bell_at(settings.queue_url),
        Share.EVERYTHING,
        threads=threads,
        lasting=timedelta(seconds=lease),
    )
    told_to_stop = stopped_by_signals()
    background.start()
    click.echo(said(_("后台任务开始了。")))
    # In short waits, since a signal does not end a long one everywhere.
    while not told_to_stop.wait(1):
        pass
    background.stop()
    database.writing.dispose()


def stopped_by_signals() -> threading.Event:
    """Return what is set when the process is told to end."""
    told = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, stop)
    return told
