"""The words that an inspector's phone says by itself; it keeps them, so that it speaks without a network."""

from collections.abc import Mapping

from flask_babel import get_translations
from flask_babel import gettext as _

from checklists.fields import LONGEST_WORDS, MOST_PEOPLE
from checklists.scoring.inspection import Gate
from inspect_app.web.hindrances import WORDS
from inspect_app.web.words import word

Words = Mapping[str, str | list[str]]
"""A text by its key; of what is counted, the form for one and the form for more."""


def phone_words() -> Words:
    """Return every word of the phone in the language of the request."""
    parts = (_lists(), _form(), _check(), _sending(), _stop(), _hall(), _states(), _faults())
    return {key: text for part in parts for key, text in part.items()}


def _lists() -> Words:
    return {
        "title": _("记录"),
        "skip": _("跳到正文"),
        "visits_to_make": ungettext("还有 %(num)d 家要做", "还有 %(num)d 家要做"),
        "no_visits": _("现在没有要做的"),
        "all_on_phone": _("都已存在手机里，没有网也能做。"),
        "fetching": _("正在存到手机里，请先别断网。"),
        "needs_network": _("这个浏览器断网后打不开这些页，请连着网用。"),
        "nothing_assigned": _("派给您的检查会出现在这里，不用一直开着。"),
        "go_on": _("接着做"),
        "ahead": _("要去的"),
        "by_time": _("按时间"),
        "sent": _("已交的"),
        "not_to_make": _("不用去的"),
        "returned": ungettext("退回 %(num)d 题", "退回 %(num)d 题"),
        "sending": _("正在送"),
        "begun_elsewhere": _("已经开始"),
        "answer_within": _("还剩 %(time)s"),
        "last_kept": _("最后存于 %(time)s"),
        "reviewer_asks": _("复核人问：“%(question)s”"),
        "about_minutes": ungettext("约 %(num)d 分钟", "约 %(num)d 分钟"),
        "visited_before": _("这是第 %(ordinal)s 次，照常去。"),
        "get_ready": _("看要点，准备出发"),
        "arrived": _("送到了"),
        "receipt": _("回执 %(number)s"),
        "should_have_gone": _("该在 %(day)s前去"),
        "today_at_last": _("最晚今天"),
        "practice": _("练一遍"),
        "counts_nowhere": _("不计入"),
        "practice_more": _("一家编出来的网点，随时能练，交了也不留。"),
        "practice_done": _("练完了，什么也没留下，也不计入任何地方。"),
        "demo_home": _("演示首页"),
        "mine": _("我的"),
        "on_this_phone": _("手机里的"),
        "own_account": _("我的账号"),
        "sign_out": _("退出"),
        "minutes": ungettext("%(num)d 分钟", "%(num)d 分钟"),
        "hours": ungettext("%(num)d 小时", "%(num)d 小时"),
        "days": ungettext("%(num)d 天", "%(num)d 天"),
    }


def _form() -> Words:
    return {
        "list": _("清单"),
        "contents": _("目录"),
        "more": _("更多"),
        "check_all": _("检查一遍"),
        "see_card": _("看要点"),
        "card": _("要点"),
        "to_list": _("回清单"),
        "times": _("到店和离店的时间"),
        "break_off": _("做不下去了"),
        "described": _("%(all)s 个情景，已答完 %(done)s 个"),
        "todo": ungettext("还差 %(num)d 题", "还差 %(num)d 题"),
        "wrong_places": ungettext("%(num)d 处对不上", "%(num)d 处对不上"),
        "all_answered": _("都答完了"),
        "saved_at_once": _("答题可随时改。每点一下，先存在手机里。"),
        "next_section": _("下一节：%(name)s"),
        "last_question": _("下一页：最后一问"),
        "section_before": _("上一节"),
        "undo": _("撤销上一步"),
        "other_page": _("这一份正在另一页里填。"),
        "go_on_here": _("在这一页接着填"),
        "is_frozen": _("这份已经交了，改不了"),
        "photo": _("照片"),
        "photos_kept": ungettext("%(num)d 张，已存手机", "%(num)d 张，已存手机"),
        "remove_photo": _("拿掉这张照片"),
        "on_server_only": _("在服务器上"),
        "photo_unreadable": _("这张照片手机读不出来。换成 JPEG 的再试，答案不受影响。"),
        "all_kept": _("全部已存手机"),
        "clock_hint": _("店里只开秒表。点一下记一个时间，点“收起”立刻藏好。"),
        "open_clock": _("记住了，打开秒表"),
        "fill_at_once": _("不用秒表，直接填"),
        "go_on_filling": _("接着填"),
        "begin_filling": _("开始填写"),
        "sections_done": _("%(all)s 节里答完了 %(done)s 节。想先看哪一节都行。"),
        "to_first_open": _("到第一处没答的：%(name)s"),
        "check_and_send": _("检查一遍，准备交"),
        "last_question_title": _("最后一问"),
        "conduct_title": _("有没有遇到不该有的"),
        "answered": _("答完了"),
        "contradicts": _("有对不上的"),
        "lacking": ungettext("差 %(num)d 题", "差 %(num)d 题"),
        "not_begun": _("没开始"),
        "met_with": _("遇到了"),
        "not_met_with": _("没有遇到"),
        "gate_of": _("%(name)s：发生了吗"),
        "role_of": _("%(name)s：谁接待的"),
    } | {f"gate_{gate.value}": word(gate) for gate in Gate}


def _check() -> Words:
    return {
        "places_left": ungettext("还差 %(num)d 处，补完就能交", "还差 %(num)d 处，补完就能交"),
        "ready": _("都齐了，可以交了"),
        "answer_these_first": ungettext(
            "先答下面 %(num)d 处，后面的题才会列出来。", "先答下面 %(num)d 处，后面的题才会列出来。"
        ),
        "answered_of": _("%(items)s 题答了 %(answered)s 题。"),
        "left_ago": _("离店 %(time)s。"),
        "unanswered": _("没答的"),
        "disagreeing": _("对不上的"),
        "without_words": _("没写经过的"),
        "may_stay": _("可以不改"),
        "answer_it": _("去答"),
        "look_at_it": _("去看"),
        "write_it": _("去写"),
        "questions": ungettext("%(num)d 题", "%(num)d 题"),
        "places": ungettext("%(num)d 处", "%(num)d 处"),
        "pieces": ungettext("%(num)d 张", "%(num)d 张"),
        "this_visit": _("这一趟"),
        "situations": _("情景"),
        "not_seen": _("没看到、没听清的"),
        "photos_title": _("照片"),
        "mend_first": _("补第一处：%(name)s"),
        "hand_in": _("交上去"),
        "end_practice": _("练完了"),
    }


def _sending() -> Words:
    return {
        "answers_on_way": _("还没送完：答案"),
        "photos_on_way": _("还没送完：照片 %(there)s / %(all)s"),
        "answers_arrived": _("答案都到了。照片等有网时自己接着传，可以离开这一页。"),
        "halt_conflict": _("服务器上有另一份"),
        "halt_conflict_more": _("同一份交过不同的内容，两份都留着。请问一下管理员该用哪一份。"),
        "halt_refused": _("服务器收不下这一份"),
        "halt_refused_more": _("内容都还在手机里。请存一个备份文件，发给管理员看。"),
        "halt_damaged": _("手机里的这一份坏了"),
        "halt_damaged_more": _("存着的内容和交的时候不一样，没有送出去。请告诉管理员。"),
        "halt_photo_lost": _("有照片不在手机里了"),
        "halt_photo_lost_more": _("答案都送到了，照片没有。请告诉管理员，能补拍的补拍。"),
        "keep_browser_data": _("现在请不要清除浏览数据：没送到的只在这台手机上。"),
        "does_not_go": _("传不上去？"),
        "answers": _("答案"),
        "entries_there": ungettext("%(num)d 项到了", "%(num)d 项到了"),
        "entries_waiting": ungettext("%(num)d 项等着送", "%(num)d 项等着送"),
        "times_of_both": _("手机 %(phone)s · 服务器 %(server)s · 核对一致"),
        "phone_time": _("手机 %(phone)s"),
        "there": _("到了"),
        "photo_refused": _("服务器收不下，答案照样算"),
        "waits_until": _("等网络，%(time)s 再试"),
        "in_line": _("排队中"),
        "note_sign_in": _("要重新登录一次才能接着送。手机里的都在。"),
        "note_tried": ungettext("试了 %(num)d 次，%(time)s 再试。", "试了 %(num)d 次，%(time)s 再试。"),
        "note_in_line": _("有网就送，可以离开这一页。"),
        "sign_in_again": _("重新登录"),
        "nothing_lost": _("手机里的都在，登录后接着送。"),
        "rescue_file": _("存一个备份文件"),
        "rescue_more": ungettext(
            "答案和 %(num)d 张照片，可发给管理员补交", "答案和 %(num)d 张照片，可发给管理员补交"
        ),
        "keep": _("存"),
        "keep_file": _("存成文件"),
        "other_network": _("换个网络再试"),
        "tried": ungettext("已试 %(num)d 次", "已试 %(num)d 次"),
        "not_tried": _("还没试过"),
        "try_now": _("现在试"),
        "retry": _("再送一次"),
        "give_up": _("放弃这一份"),
        "type_to_give_up": _("放弃了就找不回来。要放弃，请写下网点的名字“%(branch)s”。"),
        "back_to_list": _("回到清单"),
        "all_arrived": _("都送到了"),
        "may_be_closed": _("可以放心关掉这一页了。"),
        "receipt_number": _("回执号"),
        "checked_same": _("核对一致"),
        "photos_checked": ungettext("%(num)d 张，核对一致", "%(num)d 张，核对一致"),
        "server_received": _("服务器收到"),
        "check_code": _("核对码"),
        "now": _("现在"),
        "so_far": _("目前得分，复核以后才定"),
        "so_far_score": _("%(score)s 分 · 服务器 %(time)s"),
        "under_review": _("等复核"),
        "kept_for_office": _("收到了。这一份和通常的不一样，由总行决定算不算。"),
        "keep_receipt": _("存下回执"),
        "next_visit": _("下一家：%(branch)s"),
        "not_arrived": ungettext("%(num)d 份还没送到", "%(num)d 份还没送到"),
        "nothing_waits": _("都送到了，没有等着的"),
        "last_contact": _("上次连上服务器：%(time)s"),
        "no_contact": _("还没连上过服务器。"),
        "phone_ended": _("总行停用了这部手机。没送到的请交上去，或者放弃；之后这里会清空。"),
        "draft_here_only": _("还没交，有些只在这台手机上"),
        "not_handed_in": _("还没交的"),
        "handed_in_at": _("%(time)s 交的"),
        "install_first": _("要放到主屏幕上用，请在开始之前放：那里的内容和浏览器里的不相通。"),
    }


def _stop() -> Words:
    return {
        "stop_title": _("做不下去了？"),
        "stop_more": _("说一声原因，这一家就不用再做，总行会另作安排。填过的留着备查。"),
        "stop_why": _("为什么"),
        "stop_choose": _("请选一个原因。"),
        "stop_words": _("说明（可不填）"),
        "stop_press": _("告诉总行，这一家不做了"),
        "stop_go_on": _("回去接着做"),
        "stop_waits": _("还没告诉总行"),
        "stop_waits_more": _("有网就告诉总行，可以离开这一页。"),
        "stop_told": _("总行知道了"),
        "stop_told_more": _("这一家不用再做。"),
        "stop_take_back": _("还要做，先不告诉总行"),
        "stop_at": _("%(time)s 说做不下去了"),
    } | {f"stop_{why.value}": str(said) for why, said in WORDS.items()}


def _hall() -> Words:
    return {
        "times_more": _("按点的先后认好了，不对就改。"),
        "no_times": _("没有记下时间。下次在店里点秒表就会有。"),
        "notes": _("随手记的"),
        "words_fade": _("话忘得最快"),
        "words_first": _("先答听到的话：话两三句就会忘。"),
        "to_questions": _("去答题"),
        "place": _("位置"),
        "may_be_left": _("可以不给"),
        "place_more": _("只给复核人看，证明到过店里。"),
        "place_kept": _("记下了，只给复核人看。"),
        "place_unknown": _("手机没给出位置，不要紧。"),
        "keep_place": _("记下现在的位置"),
        "mark_is": _("第 %(num)s 个时间是"),
        "mark_in": _("进门"),
        "mark_ticket": _("取号"),
        "mark_called": _("叫到号"),
        "mark_greeted": _("有人招呼"),
        "mark_served": _("开始办理"),
        "mark_out": _("出门"),
        "mark_none": _("点错了，不算"),
    }


def _states() -> Words:
    return {
        "on_phone": _("手机已存 %(time)s"),
        "on_server": _("服务器 %(time)s"),
        "not_on_server": _("还没到服务器"),
        "nothing_yet": _("还没有答案，答了就存"),
        "photos": _("照片 %(there)s/%(all)s"),
        "not_saved": _("没存上，请先别关这一页"),
        "phone_full": _("手机满了，没存上。请腾出些空间再点一次"),
        "sign_out_refused": ungettext(
            "还有 %(num)d 份没送到，先送完再退出。", "还有 %(num)d 份没送到，先送完再退出。"
        ),
        "see_what_waits": _("看看是哪些"),
        "signed_out": _("登录过期了。手机里的都在，没有网也能接着做；登录一次就能接着送。"),
        "long_unseen": _(
            "手机里有没送到的，已经 %(time)s没连上服务器。浏览器久不用会清掉数据，请今天连一次网。"
        ),
        "drafts_lost": _(
            "手机里原来有没交的，现在不见了，是浏览器清掉的。送到过服务器的会自己回来，请告诉管理员。"
        ),
        "somebody_elses": _("这台手机里还有另一位没送到的。先把它送完或存成文件，才能换人用。"),
        "storage_kept": _("浏览器答应长期留着手机里的内容。"),
        "storage_may_go": _("这个浏览器空间不够时会清掉内容，离线前请留意；交了就尽快联网送出。"),
    }


def _faults() -> Words:
    return {
        "fault_missing": _("还没答。"),
        "fault_missing_reason": _("没选原因。"),
        "fault_missing_words": _("没写是什么。"),
        "fault_contradiction": _("两处说法不同，留一个就行。"),
        "fault_invalid": _("请填 0 到 %(most)s 的整数。", most=MOST_PEOPLE),
        "fault_too_long": _("最多 %(most)s 字，请删短些。", most=LONGEST_WORDS),
    }


def ungettext(one: str, more: str) -> list[str]:
    """Return a counted text's form for one and its form for more, its places still open.

    It bears this name since the extraction of texts looks for it.
    """
    translations = get_translations()
    return [translations.ungettext(one, more, 1), translations.ungettext(one, more, 2)]
