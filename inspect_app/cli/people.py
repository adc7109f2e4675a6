"""`inspect-app people`: how a fresh installation gets its first account, and how nobody stays shut out."""

from datetime import UTC, datetime

import click

from inspect_app.cli.database import changing, migrated, refusing_failures, settings_of
from inspect_app.cli.keeping import person
from inspect_app.cli.speech import Refusal, said
from inspect_app.config import Settings
from inspect_app.db import transaction
from inspect_app.errors import ConflictError
from inspect_app.labels.catalogues import msgid as _
from inspect_app.models.people import LONGEST_NAME, UserKind, is_username
from inspect_app.queries.people import user_named
from inspect_app.services import second_steps
from inspect_app.services.accounts import HandedOut, hand_out_link
from inspect_app.services.journal import Actor
from inspect_app.services.people import UserPlan, add_user

ON_THIS_MACHINE = "http://127.0.0.1:8000"

command = click.Group(name="people", help=said(_("账号。")))
command.add_command(person)


@command.command(
    "add-administrator", help=said(_("新建一个管理员，并给出设密码的链接。用户名只用字母、数字和 . _ -。"))
)
@click.argument("username")
@click.argument("name")
def add_administrator(username: str, name: str) -> None:
    """Make an administrator and print the link with which they set their password."""
    settings = settings_of()
    if not is_username(username):
        raise Refusal(_("用户名 %(username)s 不行：只用字母、数字和 . _ -，2 到 80 个。"), username=username)
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise Refusal(_("姓名要有 1 到 %(most)d 个字。"), most=LONGEST_NAME)
    database = migrated(settings)
    plan = UserPlan(username, name.strip(), UserKind.ADMINISTRATOR, password_hash="")
    now = datetime.now(UTC)
    try:
        with refusing_failures(settings), transaction(database) as session:
            user = add_user(session, Actor.system(), plan, now=now)
            link = hand_out_link(session, Actor.system(), user, now=now)
    except ConflictError as error:
        sentence = _("用户名 %(username)s 已经有人用了。要新的链接，请运行 inspect-app people invite。")
        raise Refusal(sentence, username=username) from error
    _print(settings, link)


@command.command(help=said(_("给一个用户新的设密码链接；以前的链接作废。")))
@click.argument("username")
def invite(username: str) -> None:
    """Print a new link with which a user sets the password."""
    settings = settings_of()
    database = migrated(settings)
    try:
        with refusing_failures(settings), transaction(database) as session:
            user = user_named(session, username)
            if user is None:
                raise Refusal(_("没有用户 %(username)s。"), username=username)
            link = hand_out_link(session, Actor.system(), user, now=datetime.now(UTC))
    except ConflictError as error:
        raise Refusal(_("用户 %(username)s 已停用。"), username=username) from error
    _print(settings, link)


@command.command(
    "end-second-step", help=said(_("停用一个用户的两步登录：设备丢了，或者服务器换过密钥，备用码也没有了。"))
)
@click.argument("username")
@click.argument("reason", metavar="WHY")
def end_second_step(username: str, reason: str) -> None:
    """Ask a user for no code any more; the journal says why."""
    with changing(settings_of()) as session:
        user = user_named(session, username)
        if user is None:
            raise Refusal(_("没有用户 %(username)s。"), username=username)
        try:
            second_steps.end(session, Actor.system(), user, now=datetime.now(UTC), reason=reason)
        except ConflictError as error:
            raise Refusal(_("用户 %(username)s 没有启用两步登录。"), username=username) from error


def address_of(settings: Settings, link: HandedOut) -> str:
    """Return the whole link, as it is typed by who gets it."""
    return f"{settings.public_url or ON_THIS_MACHINE}/account/link/{link.token}"


def _print(settings: Settings, link: HandedOut) -> None:
    """Print the link alone on stdout, so that a script can take it; how long it holds, on stderr."""
    click.echo(address_of(settings, link))
    until = link.expires_at.astimezone(settings.timezone)
    click.echo(said(_("只能用一次，到 %(moment)s 为止。")) % {"moment": f"{until:%Y-%m-%d %H:%M}"}, err=True)
