"""`inspect-app journal`: whether the journal was tampered with."""

import json
from collections.abc import Mapping

import click

from checklists.json_values import Json
from inspect_app.cli.database import migrated, refusing_failures, settings_of
from inspect_app.cli.speech import Refusal, said
from inspect_app.db import reading
from inspect_app.labels.catalogues import msgid as _
from inspect_app.models.journal_chain import Head
from inspect_app.queries.chain_checks import Broken, CheckedChain, Fault, check_chain

command = click.Group(name="journal", help=said(_("日志。")))

SENTENCES: Mapping[Fault, str] = {
    Fault.EDITED: _("日志从第 %(sequence)s 条起对不上：这一条被改过（%(entry)s）。"),
    Fault.DELETED: _("日志从第 %(sequence)s 条起对不上：这一条被删掉了（%(entry)s）。"),
    Fault.INSERTED: _("日志从第 %(sequence)s 条起对不上：这一条是后来插进去的（%(entry)s）。"),
    Fault.REORDERED: _("日志从第 %(sequence)s 条起对不上：这一条被换过位置（%(entry)s）。"),
    Fault.CUT: _("日志从第 %(sequence)s 条起被截掉了：留底的链头在它之后。"),
    Fault.REWRITTEN: _("日志第 %(sequence)s 条与留底的链头不符：这一条或它之前的被改写过（%(entry)s）。"),
}
"""What happened to the first bad row; may use `sequence` and `entry`."""


class HeadType(click.ParamType[Head]):
    """A head as it is printed: `SEQUENCE:HASH`."""

    name = "SEQ:HASH"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        """Return the head that was typed."""
        try:
            return Head.read(value)
        except ValueError:
            sentence = said(
                _("“%(text)s”不是链头：要写序号、冒号和至少 16 位哈希，如 4711:0123456789abcdef。")
            )
            self.fail(sentence % {"text": value}, param, ctx)


@command.command("verify", help=said(_("从第一条到最后一条核对日志，指出第一条对不上的。")))
@click.option(
    "--head",
    "heads",
    type=HeadType(),
    multiple=True,
    help=said(_("留底的链头，如排名封面上印的；可以给多个。")),
)
@click.option("--json", "form", flag_value="json", default="text", help=said(_("以 JSON 输出。")))
def verify(heads: tuple[Head, ...], form: str) -> None:
    """Check the chain, piece by piece; the exit status is 1 where it is broken."""
    settings = settings_of()
    database = migrated(settings)
    with refusing_failures(settings):
        checked = check_chain(lambda: reading(database), heads)
    database.writing.dispose()
    if form == "json":
        click.echo(json.dumps(_as_json(checked), ensure_ascii=False, indent=2))
    elif checked.broken is None:
        for line in _lines(checked):
            click.echo(line)
    if checked.broken is not None:
        raise _refusal(checked.broken)


def _lines(checked: CheckedChain) -> list[str]:
    lines = [said(_("日志里还没有封存的条目。"))]
    if checked.head is not None:
        sentence = said(_("日志完好：封存的 %(count)s 条首尾相接，链头 %(head)s"))
        lines = [sentence % {"count": checked.held, "head": checked.head}]
    if checked.waiting.since is not None:
        sentence = said(_("还没有封存的：%(count)s 条，最早的是 %(since)s。"))
        since = checked.waiting.since.isoformat(timespec="seconds")
        lines.append(sentence % {"count": checked.waiting.count, "since": since})
    return lines


def _as_json(checked: CheckedChain) -> Json:
    broken, since = checked.broken, checked.waiting.since
    return {
        "ok": broken is None,
        "sealed": checked.held,
        "head": None if checked.head is None else str(checked.head),
        "unsealed": checked.waiting.count,
        "unsealed_since": None if since is None else since.isoformat(),
        "broken": None
        if broken is None
        else {
            "sequence": broken.sequence,
            "fault": broken.fault.value,
            "entry": None if broken.entry_id is None else str(broken.entry_id),
        },
    }


def _refusal(broken: Broken) -> Refusal:
    return Refusal(SENTENCES[broken.fault], sequence=broken.sequence, entry=broken.entry_id or "–")
