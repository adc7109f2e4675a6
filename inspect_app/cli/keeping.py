"""`inspect-app data erase-expired`, `hold`, `release` and `people erase`: what has its time, and who."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from inspect_app.backups.erasures import note_erasure
from inspect_app.cli.database import changing, settings_of
from inspect_app.cli.speech import Refusal, said
from inspect_app.errors import ConflictError, NotFoundError
from inspect_app.labels.catalogues import msgid as _
from inspect_app.models.people import User
from inspect_app.models.waves import Wave
from inspect_app.queries.people import user_named
from inspect_app.queries.waves import wave_coded
from inspect_app.services.erasing import ask_erasure, erase_person
from inspect_app.services.keeping import Kept, erase_expired, hold_traces, release_traces

KINDS: Mapping[Kept, str] = {
    Kept.ORIGINALS: _("照片原图"),
    Kept.DRAFTS: _("没有送出的草稿"),
    Kept.TRACES: _("检查的手机、位置和时刻"),
    Kept.MAILS: _("邮件"),
    Kept.DOWNLOADS: _("做好待下载的文件"),
    Kept.SIGNING_IN: _("登录记录和过期的链接"),
}

dry_run_option = click.option(
    "--dry-run", "way", flag_value="dry", default="real", help=said(_("只说会抹掉什么，什么也不改动。"))
)
wave_argument = click.argument("code", metavar="WAVE")


@click.command("erase-expired", help=said(_("抹掉保存到期的个人痕迹；日志、得分和排名永久保留。")))
@dry_run_option
def expired(way: str) -> None:
    """Erase what is older than its settings allow, and print how much of each kind."""
    settings = settings_of()
    with changing(settings, way) as session:
        erased = erase_expired(session, settings.keeping, now=datetime.now(UTC))
        for kind, number in erased.items():
            click.echo(f"{number:>8}  {said(KINDS[kind])}")


@click.command("hold", help=said(_("让一个期次的内容到期也不抹掉，例如有纠纷时。")))
@wave_argument
@click.argument("reason", metavar="WHY")
def hold(code: str, reason: str) -> None:
    """Keep everything of a wave."""
    with changing(settings_of()) as session:
        wave = _wave(session, code)
        try:
            hold_traces(session, wave, reason, now=datetime.now(UTC))
        except ConflictError as error:
            raise Refusal(_("期次 %(code)s 的内容已经是到期也不抹掉的。"), code=code) from error


@click.command("release", help=said(_("让一个期次的内容到期照常抹掉。")))
@wave_argument
def release(code: str) -> None:
    """Let what is kept of a wave have its time again."""
    with changing(settings_of()) as session:
        wave = _wave(session, code)
        try:
            release_traces(session, wave, now=datetime.now(UTC))
        except ConflictError as error:
            raise Refusal(_("期次 %(code)s 的内容本来就到期照常抹掉。"), code=code) from error


@click.command("erase", help=said(_("抹掉一个人的个人信息，分两步；日志照样能核对。")))
@click.argument("username")
@click.option("--confirm", metavar="CODE", help=said(_("第二步：第一步给的确认码。")))
@dry_run_option
def person(username: str, confirm: str | None, way: str) -> None:
    """Ask for somebody to be forgotten, or do it with the code that asking gave."""
    settings, now = settings_of(), datetime.now(UTC)
    with changing(settings, way) as session, _refusing_again(username):
        user = _user(session, username)
        erasure, user_id = ask_erasure(session, user, now=now), user.id
        if confirm is None and way == "real":
            _say_second_step(username, erasure.id)
            return
        if way == "real" and confirm != _code(erasure.id):
            raise Refusal(_("确认码不对；请用第一步给的那一个。"))
        for table, rows in erase_person(session, user, now=now).items():
            click.echo(f"{rows:>8}  {table}")
    if way == "real":
        place = note_erasure(settings.data_dir, user_id, now=now)
        click.echo(
            said(_("已抹掉。名单在 %(path)s，请和密钥一起另外保管：恢复旧备份时要用。")) % {"path": place}
        )


def _say_second_step(username: str, erasure_id: uuid.UUID) -> None:
    click.echo(said(_("已记下。抹掉之后不能恢复；要抹掉，请再运行：")))
    click.echo(f"inspect-app people erase {username} --confirm {_code(erasure_id)}")


def _code(erasure_id: uuid.UUID) -> str:
    return erasure_id.hex[:8]


@contextmanager
def _refusing_again(username: str) -> Iterator[None]:
    try:
        yield
    except ConflictError as error:
        raise Refusal(_("用户 %(username)s 的个人信息已经抹掉了。"), username=username) from error


def _user(session: Session, username: str) -> User:
    user = user_named(session, username)
    if user is None:
        raise Refusal(_("没有用户 %(username)s。"), username=username)
    return user


def _wave(session: Session, code: str) -> Wave:
    try:
        return wave_coded(session, code)
    except NotFoundError as error:
        raise Refusal(_("没有期次 %(code)s。"), code=code) from error
