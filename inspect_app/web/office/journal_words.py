"""What the journal's entries about a visit are called on a page."""

from collections.abc import Mapping

from flask_babel import gettext

from inspect_app.labels.catalogues import msgid as _
from inspect_app.models.visits import SettingAside, VisitState
from inspect_app.queries.journal import Event
from inspect_app.web.office import pages
from inspect_app.web.words import word

ACTIONS: Mapping[str, str] = {
    "assign_visit": _("派出"),
    "cancel_visit": _("取消"),
    "begin_inspection": _("开始填写"),
    "submit_inspection": _("送达"),
    "keep_submission": _("又送来一份，留着"),
    "keep_conflict": _("同一编号送来不同的内容，都留着"),
    "begin_review": _("开始复核"),
    "approve": _("通过"),
    "return_to_inspector": _("退回"),
    "set_aside": _("不计入"),
    "disclose_visit": _("公示"),
    "publish_visit": _("发布"),
    "void_visit": _("作废"),
}
"""Msgids by the journal's own names."""


@pages.app_template_filter("reason_word")
def reason_word(event: Event) -> str:
    """Return why it was done; the journal names the kind of a setting aside by its value, a page in words."""
    reason = event.reason or ""
    kind, _colon, words = reason.partition(": ")
    if event.action == "set_aside" and kind in set(SettingAside):
        return f"{word(SettingAside(kind))} · {words}"
    return reason


@pages.app_template_filter("action_word")
def action_word(event: Event) -> str:
    """Return what happened, as in `退回`; where the name is new, the state that it led to."""
    known = ACTIONS.get(event.action)
    if known is not None:
        return gettext(known)
    return word(VisitState(event.to_state)) if event.to_state in set(VisitState) else event.action
