"""Why a backup was not made or not restored, in a sentence."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from inspect_app.backups.errors import BackupError, Reason
from inspect_app.cli.database import refusing_failures
from inspect_app.cli.speech import Refusal
from inspect_app.config import Settings
from inspect_app.labels.catalogues import msgid as _

SENTENCES: Mapping[Reason, str] = {
    Reason.NOT_EMPTY: _("%(what)s 里已经有东西了；备份要写到新的文件夹里。"),
    Reason.NOT_A_BACKUP: _("%(what)s 不是完整的备份：没有能读的 manifest.json。什么也没有改动。"),
    Reason.OTHER_SCHEMA: _("备份是版本 %(what)s 做的；请用那个版本恢复，然后再升级。什么也没有改动。"),
    Reason.OTHER_KIND: _("备份来自 %(what)s，设定的数据库不是这一种。什么也没有改动。"),
    Reason.INCOMPLETE: _("备份不完整：%(what)s 缺失或大小不对。什么也没有改动。"),
    Reason.DAMAGED: _("备份损坏：%(what)s 与清单不符。什么也没有切换。"),
    Reason.TARGET_TAKEN: _(
        "%(what)s 里已经有数据；请恢复到新的地方，或用 --replace 把它挪开。什么也没有改动。"
    ),
    Reason.TARGET_IN_USE: _("%(what)s 正在使用，请先停止服务。什么也没有改动。"),
    Reason.NO_PROGRAM: _("找不到程序 %(what)s；请安装 PostgreSQL 的客户端程序。什么也没有改动。"),
    Reason.PROGRAM_FAILED: _("没有做成：%(what)s"),
}
"""Why it was refused; each may use `what`."""


@contextmanager
def refusing_backups(settings: Settings, folder: Path) -> Iterator[None]:
    """Turn what keeps a backup from being made or restored into one sentence."""
    try:
        with refusing_failures(settings):
            yield
    except BackupError as error:
        raise Refusal(SENTENCES[error.reason], what=error.what) from error
    except OSError as error:
        place = error.filename or folder
        raise Refusal(_("用不了 %(path)s：%(reason)s"), path=place, reason=error.strerror or error) from error
