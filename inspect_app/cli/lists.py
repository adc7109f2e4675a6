"""`inspect-app data import-branches` and `import-people`: a bank's lists, taken in whole or not at all."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from inspect_app.cli.database import changing, settings_of
from inspect_app.cli.listing import (
    read_file,
    refuse_faults,
    refusing_conflicts,
    say_changed,
    say_new,
    say_unread,
)
from inspect_app.cli.people import address_of
from inspect_app.cli.speech import Refusal, said, spoken_language
from inspect_app.config import Settings
from inspect_app.importers.people_lists import read_people
from inspect_app.importers.unit_lists import UnitLevel, read_units
from inspect_app.labels.catalogues import msgid as _
from inspect_app.labels.lists import people_form, unit_form, unit_levels, user_kinds
from inspect_app.labels.mails import link_mail
from inspect_app.queries.people import user_named
from inspect_app.queries.people_changes import PeopleChanges, people_changes
from inspect_app.queries.unit_changes import UnitChanges, unit_changes
from inspect_app.services import mails
from inspect_app.services.journal import Actor
from inspect_app.services.people_lists import Invited, take_in_people
from inspect_app.services.tokens import hash_of
from inspect_app.services.unit_lists import take_in_units

NOTHING_TO_CHANGE = _("文件里的都已经是这样，什么也没有改动。")

file_argument = click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
dry_run_option = click.option(
    "--dry-run", "way", flag_value="dry", default="real", help=said(_("只说会改什么，什么也不改动。"))
)


@click.command("import-branches", help=said(_("收下机构清单（.xlsx 或 .csv）：整份收下，或者一行也不收。")))
@file_argument
@dry_run_option
def import_branches(path: Path, way: str) -> None:
    """Add and change the units that a branch list names; nothing is deleted."""
    settings, form = settings_of(), unit_form()
    listed, digest = read_file(path, lambda data: read_units(data, form, unit_levels()))
    say_unread(listed.unread)
    with changing(settings, way) as session, refusing_conflicts():
        changes = unit_changes(session, listed)
        refuse_faults(changes.faults)
        take_in_units(session, Actor.system(), changes, digest=digest, now=datetime.now(UTC))
        _say_units(changes, way)


@click.command("import-people", help=said(_("收下人员清单（.xlsx 或 .csv）：整份收下，或者一个也不收。")))
@file_argument
@dry_run_option
@click.option("--mail", "by_mail", is_flag=True, help=said(_("填了电子邮件的，链接发到邮箱，不打印。")))
def import_people(path: Path, way: str, by_mail: bool) -> None:  # noqa: FBT001 - click names it
    """Make and change the accounts that a people list names; print or mail the links into the new ones."""
    settings, form = settings_of(), people_form()
    if by_mail and not (settings.smtp_url and settings.public_url):
        raise Refusal(_("要发邮件，请先设置 INSPECT_SMTP_URL 和 INSPECT_PUBLIC_URL。"))
    listed, digest = read_file(path, lambda data: read_people(data, form, user_kinds()))
    say_unread(listed.unread)
    now = datetime.now(UTC)
    with changing(settings, way) as session, refusing_conflicts():
        changes = people_changes(session, listed, None)
        refuse_faults(changes.faults)
        invited = take_in_people(session, Actor.system(), changes, spoken_language(), digest=digest, now=now)
        mailed = _mail(session, invited, settings, now) if by_mail else frozenset()
        _say_people(changes, way)
    if way == "real":
        _say_links([one for one in invited if one.person.username not in mailed], settings)
        if mailed:
            click.echo(said(_("寄出的链接：%(count)d 封。")) % {"count": len(mailed)}, err=True)


def _say_units(changes: UnitChanges, way: str) -> None:
    if not changes.changes:
        click.echo(said(NOTHING_TO_CHANGE))
        return
    for one in changes.changes if way == "dry" else ():
        if one.known is None:
            say_new(one.read.row, one.read.code, one.read.name)
        else:
            say_changed(one.read.row, one.read.code, one.before, one.after)
    numbers = {
        "regions": len(changes.of(UnitLevel.REGION, is_new=True)),
        "branches": len(changes.of(UnitLevel.BRANCH, is_new=True)),
        "changed": len([one for one in changes.changes if one.known is not None]),
        "unchanged": changes.unchanged,
        "unlisted": changes.unlisted,
    }
    sentence = _(
        "新建区域 %(regions)d 个、网点 %(branches)d 家；改动 %(changed)d 行；不变 %(unchanged)d 行；"
        "不在文件里、照旧留着的 %(unlisted)d 个。"
    )
    click.echo(said(sentence) % numbers)


def _say_people(changes: PeopleChanges, way: str) -> None:
    if not changes.changes:
        click.echo(said(NOTHING_TO_CHANGE), err=True)
        return
    for one in changes.changes if way == "dry" else ():
        if one.known is None:
            say_new(one.read.row, one.read.username, one.read.name)
        else:
            say_changed(one.read.row, one.read.username, one.before, one.after)
    numbers = {"new": len(changes.new), "changed": len(changes.changed), "unchanged": changes.unchanged}
    sentence = _("新建账号 %(new)d 个；改动 %(changed)d 个；不变 %(unchanged)d 行。")
    click.echo(said(sentence) % numbers, err=True)


def _mail(session: Session, invited: Sequence[Invited], settings: Settings, now: datetime) -> frozenset[str]:
    """Queue a mail to each new account that has an address; return the user names of these."""
    mailed = []
    for one in invited:
        user = user_named(session, one.person.username) if one.person.email else None
        if user is None:
            continue
        address, until = address_of(settings, one.link), one.link.expires_at
        told = link_mail(user, one.link.purpose, address, until, settings.timezone)
        key = f"link {hash_of(one.link.token)}"
        if mails.queue(session, user, told.subject, told.text, key=key, now=now, useless_from=until):
            mailed.append(one.person.username)
    return frozenset(mailed)


def _say_links(invited: Sequence[Invited], settings: Settings) -> None:
    """Print a line for each new account, so that a script can take it: its user name, a tab, its link."""
    for one in invited:
        click.echo(f"{one.person.username}\t{address_of(settings, one.link)}")
    if invited:
        until = invited[0].link.expires_at.astimezone(settings.timezone)
        sentence = said(_("每个链接只能用一次，到 %(moment)s 为止。"))
        click.echo(sentence % {"moment": f"{until:%Y-%m-%d %H:%M}"}, err=True)
