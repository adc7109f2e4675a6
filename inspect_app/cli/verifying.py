"""`inspect-app verify`: the whole database held against itself."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import click

from inspect_app.cli.database import one_view, settings_of
from inspect_app.cli.speech import Refusal, said
from inspect_app.labels.catalogues import msgid as _
from inspect_app.storage import open_store
from inspect_app.verification import Check, Fault, Stored, Verdict, verify

CHECKS: Mapping[Check, str] = {
    Check.FILE: _("数据库文件"),
    Check.KEYS: _("外键"),
    Check.CHECKLISTS: _("检查表"),
    Check.SUBMISSIONS: _("提交的原文"),
    Check.RECEIPTS: _("回执"),
    Check.REVISIONS: _("答案和得分"),
    Check.FINGERPRINTS: _("排名的指纹"),
    Check.RANKINGS: _("重算的排名"),
    Check.FIGURES: _("重算的各项得分"),
    Check.JOURNAL: _("日志链"),
    Check.PHOTOS: _("照片"),
}

FAULTS: Mapping[Fault, str] = {
    Fault.DAMAGED: _("文件损坏"),
    Fault.DANGLING: _("指向的那一行不存在"),
    Fault.UNREADABLE: _("内容读不出来"),
    Fault.OTHER_HASH: _("内容和指纹不符"),
    Fault.OTHER_NUMBER: _("回执号不是用现在的密钥发出的"),
    Fault.OTHER_RECEIPT: _("回执说的和收到的不符"),
    Fault.OTHER_ANSWERS: _("答案和提交的原文不符"),
    Fault.OTHER_SCORES: _("得分和按答案重算的不符"),
    Fault.OTHER_ROW: _("和重算的不符"),
    Fault.BROKEN_CHAIN: _("日志链在这里断了"),
    Fault.NO_FILE: _("文件不在存储里"),
    Fault.STRAY_FILE: _("没有哪一行用到这个文件"),
}


@click.command("verify", help=said(_("核对整个数据库：每个指纹、回执、得分和排名都重算一遍。")))
def command() -> None:
    """Print a line for each check; exit with 1 where a row is not as it must be."""
    settings = settings_of()
    with one_view(settings) as session:
        stored = Stored(open_store(settings.storage_url), datetime.now(UTC))
        verdicts = print_verdicts(verify(session, settings.secret_key, stored))
    refuse_faults(verdicts)


def print_verdicts(verdicts: Iterable[Verdict]) -> Sequence[Verdict]:
    """Print each verdict as it falls, as a line of a table; return them all."""
    width = max(_width(said(name)) for name in CHECKS.values())
    fallen = []
    for verdict in verdicts:
        name = said(CHECKS[verdict.check])
        faults = said(_("%(faults)s 处不符")) % {"faults": verdict.faults}
        word = faults if verdict.faults else said(_("相符"))
        click.echo(f"{name}{' ' * (width - _width(name))}  {verdict.count:>8}  {word}")
        fallen.append(verdict)
    return fallen


def refuse_faults(verdicts: Sequence[Verdict]) -> None:
    """Name the first rows that are not as they must be.

    Raises:
        Refusal: there are any.
    """
    faults = sum(verdict.faults for verdict in verdicts)
    if not faults:
        return
    named = [found for verdict in verdicts for found in verdict.found]
    lines = tuple(f"{found.row}：{said(FAULTS[found.fault])}" for found in named)
    raise Refusal(_("有 %(faults)s 处不符，前 %(named)s 处是："), lines, faults=faults, named=len(named))


def _width(text: str) -> int:
    """Return how many columns a text takes on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
