"""`inspect-app demo`: a made-up bank to try everything on, served at once."""

import json
import os
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import click

from inspect_app.app import create_app
from inspect_app.bells import Bell
from inspect_app.cli.address import Address
from inspect_app.cli.database import migrated, settings_of
from inspect_app.cli.guards import Start, say_guards
from inspect_app.cli.progress import show_progress
from inspect_app.cli.server import Service, run
from inspect_app.cli.speech import Refusal, said, spoken_language_option
from inspect_app.config import Settings
from inspect_app.demo import Scale, point_accounts, prepare_demo
from inspect_app.jobs import serving_share
from inspect_app.labels.catalogues import msgid as _
from inspect_app.labels.words import word_of
from inspect_app.logs import begin_log
from inspect_app.models.people import UserKind

SCALES = [scale.value for scale in Scale]
HOST = "127.0.0.1"
DATA_DIR = Path("demo-data")
OWN = ("INSPECT_DATABASE_URL", "INSPECT_SECRET_KEY")
"""Settings that the demonstration makes for itself."""
QUIET = {"INSPECT_LOG_LEVEL": "warning"}
"""What it says at the start is to stay in sight."""


@click.command("demo", help=said(_("建一家示范银行并提供服务，打印网址和账号。")))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--data",
    "data_dir",
    type=click.Path(path_type=Path),
    help=said(_("放示范数据的文件夹，已有的会接着用；默认 INSPECT_DATA_DIR，否则 demo-data。")),
)
@click.option("--scale", type=click.Choice(SCALES), default="small", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help=said(_("同一个数造出同一家银行。")))
@spoken_language_option
def command(port: int, data_dir: Path | None, scale: str, seed: int) -> None:
    """Make or reopen the made-up bank and serve it until stopped."""
    address = Address(HOST, port)
    address.hold()
    settings = _settings(data_dir)
    try:
        begun = perf_counter()
        is_new = prepare_demo(settings.data_dir, Scale(scale), seed, _show)
        point_accounts(settings.data_dir, address.url)
        if is_new:
            _say_size(settings.data_dir, perf_counter() - begun)
    except OSError as error:
        sentence = _("用不了数据文件夹 %(path)s：%(reason)s")
        raise Refusal(sentence, path=settings.data_dir, reason=said(error.strerror or str(error))) from error
    database = migrated(settings)
    say_guards(Start(settings, database))
    begin_log(settings)
    accounts, bell = settings.data_dir / "accounts.json", Bell()
    run(
        Service(
            app=create_app(settings, database, bell),
            database=database,
            background=serving_share(settings, database, bell),
            address=address,
            workers=1,
            when_ready=lambda: _say_where(address, accounts),
        )
    )


def _settings(data_dir: Path | None) -> Settings:
    """Return the demonstration's settings: its database and its secret stand in its own folder."""
    chosen = data_dir or Path(os.environ.get("INSPECT_DATA_DIR", DATA_DIR))
    environ = {name: value for name, value in os.environ.items() if name not in OWN}
    own = {"INSPECT_DATA_DIR": str(chosen)}
    return replace(settings_of({**QUIET, **environ, **own}), demo=True)


def _show(step: str, done: int, total: int) -> None:
    show_progress(said(_("准备示范银行：%(step)s")) % {"step": step}, done, total)


def _say_size(folder: Path, seconds: float) -> None:
    """Say what making the demonstration took."""
    taken = sum(place.stat().st_size for place in folder.rglob("*") if place.is_file())
    click.echo(
        said(_("示范银行建好了：用时 %(time)s，占用 %(size)s MB。"))
        % {"time": f"{seconds // 60:.0f}:{seconds % 60:02.0f}", "size": f"{taken / 1e6:.1f}"},
        err=True,
    )


def _say_where(address: Address, accounts: Path) -> None:
    click.echo(said(_("打开：%(url)s")) % {"url": address.url})
    click.echo(said(_("账号（也在 %(path)s）：")) % {"path": accounts})
    for account in json.loads(accounts.read_text(encoding="utf-8")):
        kind = said(word_of(UserKind(account["role"])))
        click.echo("  ".join([kind, account["username"], account["password"], account["scope"]]))
