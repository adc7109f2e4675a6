"""What mails say, each in the language of who gets it."""

from datetime import datetime, tzinfo

from babel.dates import format_datetime

from inspect_app.labels.catalogues import catalogue_of, locale_of
from inspect_app.models.accounts import LinkPurpose
from inspect_app.models.people import User
from inspect_app.queries.deficiencies import DueCounts
from inspect_app.services.reminders import MailText, WeekOfRegion

__all__ = ["MailText", "due_mail", "link_mail", "week_mail"]


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


def due_mail(user: User, counts: DueCounts, address: str) -> MailText:
    """Return the mail that reminds a branch of what is overdue, or soon will be.

    Args:
        address: of the branch's first page; empty where the product does not know where it is reached.
    """
    catalogue = catalogue_of(user.language)
    _, several = catalogue.gettext, catalogue.ngettext
    lines = [_("%(name)s，您好：") % {"name": user.display_name}]
    if counts.overdue:
        overdue = several("有 %(num)d 项整改已经过期。", "有 %(num)d 项整改已经过期。", counts.overdue)
        lines.append(overdue % {"num": counts.overdue})
    if counts.soon:
        soon = several("有 %(num)d 项两个工作日内到期。", "有 %(num)d 项两个工作日内到期。", counts.soon)
        lines.append(soon % {"num": counts.soon})
    lines.append(_("答复以后就不再提醒。") + (f"\n{address}" if address else ""))
    subject = _("整改已过期，请答复") if counts.overdue else _("整改快到期，请答复")
    return MailText(subject, "\n\n".join(lines) + "\n")


def week_mail(user: User, week: WeekOfRegion, address: str) -> MailText:
    """Return the digest of a week for a region: how much is open, overdue, answered, verified.

    Args:
        address: of the region's overview; empty where the product does not know where it is reached.
    """
    _ = catalogue_of(user.language).gettext
    lines = [
        _("%(name)s，您好：") % {"name": user.display_name},
        _(
            "待答复 %(open)d 项，其中过期 %(overdue)d 项；等您复查 %(answered)d 项；"
            "已整改 %(verified)d 项；又出现 %(repeated)d 项。"
        )
        % {
            "open": week.open,
            "overdue": week.overdue,
            "answered": week.answered,
            "verified": week.verified,
            "repeated": week.repeated,
        },
    ]
    if week.behind:
        lines.append(_("过期最多的网点：%(names)s") % {"names": _("、").join(week.behind)})
    if address:
        lines.append(address)
    return MailText(_("本周整改进展"), "\n\n".join(lines) + "\n")
