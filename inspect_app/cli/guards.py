"""What must be right before anyone signs in: a line for each guard, or a refusal that says what to do."""

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click
from flask.helpers import get_debug_flag
from sqlalchemy import make_url

from inspect_app.cli.database import refusing_failures
from inspect_app.cli.speech import Refusal, said
from inspect_app.config import SECRET_FILE, Settings
from inspect_app.db import Database, embedded_file, lies_on_shared_disk, reading
from inspect_app.filesystems import FLEETING, file_system_of
from inspect_app.labels.catalogues import msgid as _
from inspect_app.mail_server import read_mail_server
from inspect_app.queries.database import role_of

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Start:
    """A server about to start.

    Attributes:
        workers: processes that would answer requests.
    """

    settings: Settings
    database: Database
    workers: int = 1


def say_guards(start: Start) -> None:
    """Print one line for each guard.

    Raises:
        Refusal: one of them does not let the server start.
    """
    lines = [line for guard in GUARDS for line in guard(start)]
    for line in lines:
        click.echo(line)
    sys.stdout.flush()


def guard_database(start: Start) -> Iterator[str]:
    """Yield which database and journal are used; refuse one that cannot be written."""
    with refusing_failures(start.settings), start.database.writing.begin() as connection:
        connection.rollback()
    yield said(_("数据库：%(note)s")) % {"note": start.database.note}


def guard_role(start: Start) -> Iterator[str]:
    """Yield whom a PostgreSQL server takes the product for; refuse a role that its rules do not bind."""
    with refusing_failures(start.settings), reading(start.database) as session:
        role = role_of(session)
    if role is None:
        return
    if role.is_superuser or role.bypasses_row_security or role.may_grant:
        raise Refusal(
            _(
                "数据库账号 %(name)s 的权限太大（SUPERUSER、BYPASSRLS 或 CREATEROLE），"
                "数据库自己的规则管不住它；请改用普通账号。"
            ),
            name=role.name,
        )
    yield said(_("数据库账号：%(name)s，普通账号")) % {"name": role.name}


def guard_processes(start: Start) -> Iterator[str]:
    """Yield how many processes will answer; refuse more than one on an embedded database."""
    if start.workers > 1 and start.database.writing.dialect.name == "sqlite":
        raise Refusal(_("SQLite 只能由一个进程提供服务，请去掉 --workers，或改用 PostgreSQL。"))
    yield said(_("进程：%(number)s 个")) % {"number": start.workers}


def guard_folder(start: Start) -> Iterator[str]:
    """Yield where the data lie and on which kind of disk; refuse what cannot be written or trusted."""
    folder = start.settings.data_dir.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Refusal(
            _("写不了数据文件夹 %(path)s：%(reason)s"), path=folder, reason=error.strerror
        ) from error
    yield said(_("数据文件夹：%(path)s")) % {"path": folder}
    yield from _of_disk(start.settings)


def _of_disk(settings: Settings) -> Iterator[str]:
    place = embedded_file(settings.database_url)
    kind = None if place is None else file_system_of(place)
    if place is not None and kind in FLEETING:
        yield said(_("磁盘：%(kind)s，机器重启后数据就没有了")) % {"kind": kind}
    if not lies_on_shared_disk(settings.database_url):
        return
    if not (settings.accepts_network_disk or settings.demo):
        raise Refusal(
            _(
                "数据库在 %(kind)s 上，SQLite 在网络盘上不可靠；请换本机磁盘、改用 PostgreSQL，"
                "或设 INSPECT_NETWORK_DISK=accept，用较慢的 TRUNCATE 日志并保证只有一台机器使用。"
            ),
            kind=kind,
        )
    yield said(_("磁盘：%(kind)s，是网络盘，只能由一台机器使用，日志改用 TRUNCATE")) % {"kind": kind}


def guard_workbooks(_start: Start) -> Iterator[str]:
    """Yield what keeps hostile workbooks from doing harm; refuse to start without it."""
    try:
        guard = version("defusedxml")
    except PackageNotFoundError:
        raise Refusal(_("缺少 defusedxml，不能安全地读取工作簿；请重新安装依赖。")) from None
    if os.environ.get("OPENPYXL_DEFUSEDXML", "True") != "True":
        raise Refusal(_("OPENPYXL_DEFUSEDXML 关掉了工作簿防护，请去掉这个环境变量。"))
    yield said(_("工作簿防护：defusedxml %(version)s")) % {"version": guard}


def guard_debugging(_start: Start) -> Iterator[str]:
    """Yield that faults are not shown to users; refuse where they would be."""
    if get_debug_flag():
        raise Refusal(_("FLASK_DEBUG 打开着，出错时会把内情给用户看；请去掉这个环境变量。"))
    yield said(_("调试：关闭"))


def guard_secret(start: Start) -> Iterator[str]:
    """Yield where the secret comes from; refuse a file that others can read. Its strength is a setting's."""
    place = start.settings.data_dir / SECRET_FILE
    if not _is_kept_in(place, start.settings):
        yield said(_("密钥：来自 INSPECT_SECRET_KEY"))
        return
    if os.name == "posix" and place.stat().st_mode & OTHERS:
        raise Refusal(_("密钥文件 %(path)s 别人也能读，请运行 chmod 600 %(path)s。"), path=place.absolute())
    yield said(_("密钥：%(path)s，只有所有者可读")) % {"path": place.absolute()}


def _is_kept_in(place: Path, settings: Settings) -> bool:
    return place.exists() and place.read_text(encoding="ascii") == settings.secret_key


def guard_background(start: Start) -> Iterator[str]:
    """Yield who does background work, and where mails go out: what nobody does would wait unseen."""
    if start.settings.queue_url is None:
        yield said(_("后台任务：由提供服务的进程来做"))
    else:
        yield said(_("后台任务：由 inspect-app worker 来做，经 %(kind)s 通知")) % {
            "kind": make_url(start.settings.queue_url).get_backend_name()
        }
    if start.settings.smtp_url is None:
        yield said(_("邮件：不发"))
        return
    server = read_mail_server(start.settings.smtp_url)
    yield said(_("邮件：经 %(host)s 发出（%(protection)s）")) % {
        "host": server.host,
        "protection": server.protection.value,
    }


GUARDS: tuple[Callable[[Start], Iterator[str]], ...] = (
    guard_database,
    guard_role,
    guard_processes,
    guard_folder,
    guard_workbooks,
    guard_debugging,
    guard_secret,
    guard_background,
)
"""Every guard, in the order in which their lines are read."""
