"""What the journal's entries are called on a page: a word in a visit's history, a sentence in the journal."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import gettext, pgettext

from inspect_app.labels.catalogues import msgid as _
from inspect_app.models.appeals import AppealState
from inspect_app.models.deficiencies import DeficiencyState
from inspect_app.models.jobs import JobState, MailState
from inspect_app.models.journal import ActorKind
from inspect_app.models.people import UserKind
from inspect_app.models.visits import SettingAside, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.queries.journal import Event
from inspect_app.queries.journal_listing import ListedEntry
from inspect_app.web.office import pages
from inspect_app.web.words import word

ACTIONS: Mapping[str, str] = {
    "assign_visit": _("派出"),
    "cancel_visit": _("取消"),
    "begin_inspection": _("开始填写"),
    "submit_inspection": _("送达"),
    "keep_submission": _("又送来一份，留着"),
    "keep_stop": _("说做不下去了，留着"),
    "keep_conflict": _("同一编号送来不同的内容，都留着"),
    "keep_photo": _("送来一张照片"),
    "complete_photos": _("照片到齐"),
    "count_inspection": _("改计另一份记录"),
    "leave_aside": _("留着，不计入"),
    "release_photo": _("放行一张照片"),
    "withdraw_photo": _("收回一张照片"),
    "take_in_rescue": _("收下备份文件"),
    "erase_originals": _("抹掉照片原图"),
    "begin_review": _("开始复核"),
    "approve": _("通过"),
    "return_to_inspector": _("退回"),
    "set_aside": _("不计入"),
    "disclose_visit": _("公示"),
    "publish_visit": _("发布"),
    "void_visit": _("作废"),
    "correct_visit": _("更正"),
    "take_in_visit": _("补计入"),
    "file_appeal": _("提出申诉"),
    "withdraw_appeal": _("撤回申诉"),
    "decide_appeal": _("裁定"),
    "close_appeal": _("未裁定即结案"),
    "reopen_appeal": _("重新审理"),
    "add_user": _("新建账号"),
    "hand_out_link": _("给了设密码的链接"),
    "hand_out_entry": _("给了进入手机的链接"),
    "take_back_entry": _("收回了进入手机的链接"),
    "come_in": _("在手机上进入"),
    "end_phone": _("停用了一部手机"),
    "set_password": _("用链接设了密码"),
    "change_password": _("改了密码"),
    "sign_out_everywhere": _("在所有设备上退出"),
    "deactivate_user": _("停用"),
    "reactivate_user": _("重新启用"),
    "change_post": _("换了身份或所属"),
    "change_email": _("改了电子邮件"),
    "change_name": _("改了姓名"),
    "begin_second_step": _("开始用两步登录"),
    "end_second_step": _("不再用两步登录"),
    "ask_erasure": _("要求抹掉个人信息"),
    "erase_person": _("抹掉了个人信息"),
    "erase_expired": _("抹掉了到期的内容"),
    "hold_traces": _("到期也不抹掉"),
    "release_traces": _("到期照常抹掉"),
}
"""Msgids by the journal's own names."""

SENTENCES: Mapping[str, str] = {
    "plan_wave": _("%(who)s计划了期次%(what)s"),
    "open_wave": _("%(who)s开始了%(what)s的检查"),
    "close_wave": _("%(who)s让%(what)s收口"),
    "disclose_wave": _("%(who)s公示了%(what)s"),
    "publish_wave": _("%(who)s发布了%(what)s的排名"),
    "restate_ranking": _("%(who)s更正了排名：%(what)s"),
    "assign_visit": _("%(who)s派出了对%(what)s的检查"),
    "cancel_visit": _("%(who)s取消了对%(what)s的检查"),
    "begin_inspection": _("%(who)s开始填写对%(what)s的检查"),
    "submit_inspection": _("%(who)s送来了对%(what)s的检查"),
    "keep_submission": _("%(who)s又送来一份对%(what)s的检查，留着"),
    "keep_stop": _("%(who)s说对%(what)s的检查做不下去了，留着"),
    "keep_conflict": _("%(who)s以同一编号送来对%(what)s的不同内容，都留着"),
    "keep_photo": _("%(who)s送来了对%(what)s的检查的一张照片"),
    "complete_photos": _("%(who)s送齐了对%(what)s的检查的照片"),
    "count_inspection": _("%(who)s改计对%(what)s的检查的另一份记录"),
    "leave_aside": _("%(who)s把又送来的一份对%(what)s的检查留着，不计入"),
    "release_photo": _("%(who)s放行了对%(what)s的检查的一张照片"),
    "withdraw_photo": _("%(who)s收回了对%(what)s的检查的一张照片"),
    "take_in_rescue": _("%(who)s收下了对%(what)s的检查的备份文件"),
    "begin_review": _("%(who)s开始复核对%(what)s的检查"),
    "approve": _("%(who)s通过了对%(what)s的检查"),
    "return_to_inspector": _("%(who)s退回了对%(what)s的检查"),
    "set_aside": _("%(who)s决定不计入对%(what)s的检查"),
    "disclose_visit": _("%(who)s公示了对%(what)s的检查"),
    "publish_visit": _("%(who)s发布了对%(what)s的检查"),
    "void_visit": _("%(who)s作废了对%(what)s的检查"),
    "correct_visit": _("%(who)s更正了对%(what)s的检查"),
    "take_in_visit": _("%(who)s决定补计入对%(what)s的检查"),
    "void_deficiency": _("%(who)s作废了%(what)s的问题"),
    "begin_answer": _("%(who)s开始写对%(what)s的整改"),
    "answer_deficiency": _("%(who)s答复了%(what)s的问题"),
    "upload_answers": _("%(who)s上传了一份整改填报表：%(what)s"),
    "take_in_answers": _("%(who)s收下了整改填报表%(what)s"),
    "accept_answer": _("%(who)s认可了%(what)s的整改"),
    "send_back_answer": _("%(who)s退回了%(what)s的整改"),
    "dispute_deficiency": _("%(who)s申诉了%(what)s的问题"),
    "reopen_deficiency": _("%(who)s让%(what)s的问题回到待整改"),
    "take_back_deficiency": _("%(who)s撤销了%(what)s的问题"),
    "find_deficiency": _("%(who)s更正后另记了%(what)s的问题"),
    "file_appeal": _("%(who)s提出了申诉：%(what)s"),
    "withdraw_appeal": _("%(who)s撤回了申诉：%(what)s"),
    "decide_appeal": _("%(who)s裁定了申诉：%(what)s"),
    "close_appeal": _("%(who)s没有裁定就结案：%(what)s"),
    "reopen_appeal": _("%(who)s重新审理申诉：%(what)s"),
    "add_photo": _("%(who)s为%(what)s添加了照片"),
    "mark_day": _("%(who)s改了%(what)s是否上班"),
    "unmark_day": _("%(who)s让%(what)s照规定上班"),
    "add_region": _("%(who)s新建了区域%(what)s"),
    "add_branch": _("%(who)s新建了网点%(what)s"),
    "change_region": _("%(who)s改了区域%(what)s"),
    "change_branch": _("%(who)s改了网点%(what)s"),
    "take_in_branches": _("%(who)s收下了机构清单%(what)s"),
    "take_in_people": _("%(who)s收下了人员清单%(what)s"),
    "store_edition": _("%(who)s启用了手册%(what)s"),
    "store_checklist": _("%(who)s启用了检查表%(what)s"),
    "add_user": _("%(who)s新建了账号%(what)s"),
    "hand_out_link": _("%(who)s给账号%(what)s发了一次性链接"),
    "hand_out_entry": _("%(who)s给账号%(what)s发了进入手机的链接"),
    "take_back_entry": _("%(who)s收回了给账号%(what)s的进入手机的链接"),
    "come_in": _("%(who)s用账号%(what)s在手机上进入"),
    "end_phone": _("%(who)s停用了账号%(what)s的一部手机"),
    "erase_originals": _("%(who)s抹掉了对%(what)s的检查的照片原图"),
    "set_password": _("%(who)s用一次性链接设了账号%(what)s的密码"),
    "change_password": _("%(who)s改了账号%(what)s的密码"),
    "sign_out_everywhere": _("%(who)s把账号%(what)s在各处都退出了"),
    "deactivate_user": _("%(who)s停用了账号%(what)s"),
    "reactivate_user": _("%(who)s恢复了账号%(what)s"),
    "change_post": _("%(who)s改了账号%(what)s的身份或机构"),
    "change_email": _("%(who)s改了账号%(what)s的电子邮件"),
    "change_name": _("%(who)s改了账号%(what)s的姓名"),
    "ask_job": _("%(who)s要了后台任务%(what)s"),
    "cancel_job": _("%(who)s取消了后台任务%(what)s"),
    "retry_job": _("%(who)s让后台任务%(what)s重新做"),
    "rehearse": _("%(who)s做完了试运行%(what)s"),
    "cancel_mail": _("%(who)s取消了邮件%(what)s"),
    "retry_mail": _("%(who)s让邮件%(what)s重新发"),
    "begin_second_step": _("%(who)s为账号%(what)s启用了一次性验证码"),
    "end_second_step": _("%(who)s为账号%(what)s停用了一次性验证码"),
    "ask_erasure": _("%(who)s要求抹掉账号%(what)s的个人信息"),
    "erase_person": _("%(who)s抹掉了账号%(what)s的个人信息"),
    "erase_expired": _("%(who)s抹掉了到期的内容%(what)s"),
    "hold_traces": _("%(who)s让%(what)s的内容到期也不抹掉"),
    "release_traces": _("%(who)s让%(what)s的内容到期照常抹掉"),
}
"""Msgids by the journal's own names; may use `who` and `what`, which bring their own blanks."""

SUBJECTS: Mapping[str, str] = {
    "wave": _("期次"),
    "visit": _("检查"),
    "deficiency": _("问题"),
    "ranking": _("排名"),
    "appeal": _("申诉"),
    "branch_photo": _("网点照片"),
    "answer_upload": _("整改填报表"),
    "calendar_day": _("工作日"),
    "region": _("区域"),
    "branch": _("网点"),
    "user_account": _("账号"),
    "branch_list": _("机构清单"),
    "people_list": _("人员清单"),
    "checklist": _("检查表"),
    "handbook_edition": _("手册"),
    "job": _("后台任务"),
    "mail": _("邮件"),
    "keeping": _("保存期限"),
}
"""Msgids by the names of tables: what entries can be about."""

ACTORS: Mapping[ActorKind, str] = {
    ActorKind.USER: _("用户"),
    ActorKind.INSPECTOR: _("检查人"),
    ActorKind.SYSTEM: _("系统"),
}
"""Msgids: who can have acted."""

STATES: Mapping[str, type[StrEnum]] = {
    "wave": WaveState,
    "visit": VisitState,
    "deficiency": DeficiencyState,
    "appeal": AppealState,
    "user_account": UserKind,
    "job": JobState,
    "mail": MailState,
}
"""Whose states an entry's are, by what it is about."""

SHORT = 8
"""How much of an identifier without a name is shown."""


@pages.app_template_filter("reason_word")
def reason_word(event: Event | ListedEntry) -> str:
    """Return why it was done; the journal names the kind of a setting aside by its value, a page in words."""
    told = event.entry if isinstance(event, ListedEntry) else event
    reason = told.reason or ""
    kind, _colon, words = reason.partition(": ")
    if told.action == "set_aside" and kind in set(SettingAside):
        return f"{word(SettingAside(kind))} · {words}"
    return reason


@pages.app_template_filter("action_word")
def action_word(event: Event) -> str:
    """Return what happened, as in `退回`; where the name is new, the state that it led to."""
    known = ACTIONS.get(event.action)
    if known is not None:
        return gettext(known)
    return word(VisitState(event.to_state)) if event.to_state in set(VisitState) else event.action


@pages.app_template_filter("journal_sentence")
def journal_sentence(listed: ListedEntry) -> str:
    """Return an entry as a sentence: who did what to what."""
    known = SENTENCES.get(listed.entry.action)
    values = {"who": f" {_who(listed)} ", "what": f" {_what(listed)} "}
    if known is not None:
        return _set(gettext(known) % values)
    sentence = gettext("%(who)s对%(what)s做了 %(action)s")
    return _set(sentence % {**values, "action": listed.entry.action})


@pages.app_template_filter("deed")
def deed(action: str) -> str:
    """Return what can be done, as a filter names it: the sentence without who and what."""
    return _set(gettext(SENTENCES[action]) % {"who": "", "what": "…"})


@pages.app_template_filter("state_change")
def state_change(listed: ListedEntry) -> str:
    """Return from which state to which, as in `检查中 → 已收口`; empty where the change was none of state."""
    states = STATES.get(listed.entry.subject)
    told = [listed.entry.from_state, listed.entry.to_state]
    if states is None or any(one is not None and one not in set(states) for one in told):
        return ""
    return " → ".join(word(states(one)) for one in told if one is not None)


def _set(sentence: str) -> str:
    """Return a sentence with one blank around a name, and none after a wide bracket, which brings its own."""
    return " ".join(sentence.split()).replace("） ", "）")


def _who(listed: ListedEntry) -> str:
    return listed.actor_name or gettext(ACTORS[listed.entry.actor_kind])


def _what(listed: ListedEntry) -> str:
    entry, called = listed.entry, listed.called
    if called is not None and called.number is not None:
        numbered = {
            "visit": gettext("%(name)s（%(code)s 第 %(number)d 次）"),
            "ranking": gettext("%(name)s（%(code)s）第 %(number)d 次排名"),
        }[entry.subject]
        return numbered % {"name": called.name, "code": called.code, "number": called.number}
    if called is not None:
        return pgettext("journal", "%(name)s（%(code)s）") % {"name": called.name, "code": called.code}
    if entry.subject_id in set(UserKind):
        return word(UserKind(entry.subject_id))
    return entry.subject_id if entry.subject == "calendar_day" else entry.subject_id[:SHORT]
