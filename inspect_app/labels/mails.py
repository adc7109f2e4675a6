"""What mails say, each in the language of who gets it."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from babel.dates import format_datetime

from inspect_app.labels.catalogues import catalogue_of, locale_of
from inspect_app.models.accounts import LinkPurpose
from inspect_app.models.people import User


@dataclass(frozen=True, slots=True)
class MailText:
    """A mail's subject and its text."""

    subject: str
    text: str


def link_mail(user: User, purpose: LinkPurpose, address: str, until: datetime, zone: tzinfo) -> MailText:
    """Return the mail with a one-time link into an account.

    Args:
        address: the whole link. Whoever reads it can set the password, so that it is nowhere but in here.
        until: when it runs out; zone: where its reader is.
    """
    _ = catalogue_of(user.language).gettext
    if purpose is LinkPurpose.INVITE:
        subject, opening = _("请设置登录密码"), _("总行为您开通了账号 %(username)s。")
    else:
        subject, opening = _("重新设置登录密码"), _("总行为您的账号 %(username)s 准备了重设密码的链接。")
    moment = format_datetime(until.astimezone(zone), "yyyy-MM-dd HH:mm", locale=locale_of(user.language))
    lines = (
        _("%(name)s，您好：") % {"name": user.display_name},
        opening % {"username": user.username},
        _("打开下面的链接设置密码，用一次就作废，%(moment)s 以前有效：") % {"moment": moment},
        address,
        _("如果您没有等这封邮件，不用打开链接，告诉总行管理员就可以了。"),
    )
    return MailText(subject, "\n\n".join(lines) + "\n")
