"""`inspect-app restore`: a backup back into the configured database, checked before it is switched to."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from inspect_app.backups.erasures import ERASURES, noted_erasures
from inspect_app.backups.restoring import Judge, Target, restore_backup
from inspect_app.cli.backups import refusing_backups
from inspect_app.cli.database import settings_of
from inspect_app.cli.speech import Refusal, said
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
@click.option(
    "--erasures",
    "listed",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=said(_("已抹掉个人信息的人的名单；默认用数据文件夹里的 erasures.jsonl。")),
)
def command(folder: Path, target: str, judge: str, listed: Path | None) -> None:
    """Restore a backup, print what was checked, and say where everything is."""
    settings, now = settings_of(), datetime.now(UTC)
    forgotten = _forgotten(listed or settings.data_dir / ERASURES)
    with refusing_backups(settings, folder):
        restored = restore_backup(settings, folder, Target(target), JUDGES[judge], forgotten, now=now)
    if restored.erased:
        sentence = said(_("备份之后抹掉的 %(people)s 人，个人信息又抹掉了一次。"))
        click.echo(sentence % {"people": restored.erased})
    if restored.replaced is not None:
        click.echo(said(_("原来的数据库在 %(path)s")) % {"path": restored.replaced})
    click.echo(said(_("已恢复，数据是 %(moment)s 的。")) % {"moment": restored.manifest.made_at})


def _forgotten(place: Path) -> Sequence[uuid.UUID]:
    try:
        return noted_erasures(place)
    except (OSError, ValueError) as error:
        raise Refusal(_("读不了名单 %(path)s：%(reason)s"), path=place, reason=error) from error


def _judge(verdicts: Iterable[Verdict]) -> None:
    """Print the verdicts, and refuse to switch to a database that is not as it must be."""
    refuse_faults(print_verdicts(verdicts))


def _judge_all_but_receipts(verdicts: Iterable[Verdict]) -> None:
    """Do the same where the secret is lost, with which alone receipts could be told from made-up ones."""
    refuse_faults([verdict for verdict in print_verdicts(verdicts) if verdict.check is not Check.RECEIPTS])


JUDGES: Mapping[str, Judge] = {"strict": _judge, "lenient": _judge_all_but_receipts}
