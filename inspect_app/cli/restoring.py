"""`inspect-app restore`: a backup back into the configured database, checked before it is switched to."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from inspect_app.backups.restoring import Judge, Target, restore_backup
from inspect_app.cli.backups import refusing_backups
from inspect_app.cli.database import settings_of
from inspect_app.cli.speech import said
from inspect_app.cli.verifying import print_verdicts, refuse_faults
from inspect_app.labels.catalogues import msgid as _
from inspect_app.verification import Check, Verdict


@click.command("restore", help=said(_("把备份恢复到设定的数据库；先核对，再切换。")))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--replace",
    "target",
    flag_value=Target.REPLACED.value,
    default=Target.EMPTY.value,
    help=said(_("已有的数据库挪到旁边，不删除。")),
)
@click.option(
    "--other-secret",
    "judge",
    flag_value="lenient",
    default="strict",
    help=said(_("原来的密钥丢了：回执对不上也恢复。")),
)
def command(folder: Path, target: str, judge: str) -> None:
    """Restore a backup, print what was checked, and say where everything is."""
    settings = settings_of()
    with refusing_backups(settings, folder):
        restored = restore_backup(settings, folder, Target(target), JUDGES[judge], now=datetime.now(UTC))
    if restored.replaced is not None:
        click.echo(said(_("原来的数据库在 %(path)s")) % {"path": restored.replaced})
    click.echo(said(_("已恢复，数据是 %(moment)s 的。")) % {"moment": restored.manifest.made_at})


def _judge(verdicts: Iterable[Verdict]) -> None:
    """Print the verdicts, and refuse to switch to a database that is not as it must be."""
    refuse_faults(print_verdicts(verdicts))


def _judge_all_but_receipts(verdicts: Iterable[Verdict]) -> None:
    """Do the same where the secret is lost, with which alone receipts could be told from made-up ones."""
    refuse_faults([verdict for verdict in print_verdicts(verdicts) if verdict.check is not Check.RECEIPTS])


JUDGES: Mapping[str, Judge] = {"strict": _judge, "lenient": _judge_all_but_receipts}
