"""The words of the ranking workbook, in one language.

The msgids are Chinese (zh-Hans); another language is read from its catalogue.
"""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from babel.dates import format_date, get_timezone_name
from babel.support import NullTranslations

from checklists.handbook import Mode
from inspect_app.labels.catalogues import catalogue_of, locale_of
from inspect_app.labels.words import word_of
from reports.places import PlacedBy
from reports.rankings import Unranked
from reports.workbook import Answers, Counted, CoverWords, Headings, Notes, Words

Value = TypeVar("Value", bound=StrEnum)


def workbook_words(language: str) -> Words:
    """Return every word of a workbook in a language.

    Args:
        language: `zh-Hans`, `zh-Hant` or `en`; what a catalogue lacks is printed in zh-Hans.
    """
    words = catalogue_of(language)
    _ = words.gettext
    return Words(
        cover_sheet=_("封面"),
        regions_sheet=_("区域排名"),
        branches_sheet=_("网点排名"),
        detail_sheet=_("明细"),
        footer=_("%(wave)s · 指纹 %(fingerprint)s"),
        page=_("第 %(page)s / %(pages)s 页"),
        day=_day_writer(words, language),
        moment=_moment_writer(words, language),
        headings=_headings(words),
        notes=_notes(words),
        cover=_cover(words),
        answers=Answers(
            partly_met=_("部分达标"), not_met=_("未达标"), said_alike=_("意思相近"), not_said=_("未使用")
        ),
        modes=_translated(Mode, words),
        placed_by=_translated(PlacedBy, words),
        unranked=_translated(Unranked, words),
    )


def _headings(words: NullTranslations) -> Headings:
    _ = words.gettext
    return Headings(
        rank=_("名次"),
        rank_in_region=_("区内名次"),
        code=_("机构代码"),
        name=_("机构名称"),
        parent=_("上级机构"),
        level=_("层级"),
        kind=_("网点类型"),
        rank_in_kind=_("同类名次"),
        score=_("得分"),
        over_par=_("高于基准"),
        rank_change=_("名次变化"),
        score_change=_("得分变化"),
        visits=_("访问次数"),
        branches=_("网点数"),
        interval_low=_("名次下限"),
        interval_high=_("名次上限"),
        vetoes=_("否决"),
        phrase=_("话术"),
        action=_("动作"),
        placed_by=_("排名依据"),
        reason=_("原因"),
        flow=_("流程"),
        clause=_("条款"),
        demand=_("要求"),
        answer=_("作答"),
        credit=_("得分率"),
        points_lost=_("扣分"),
        role=_("岗位"),
        seen=_("看到、听到的"),
        state=_("状态"),
        due=_("整改期限"),
    )


def _notes(words: NullTranslations) -> Notes:
    _, ngettext = words.gettext, _counting(words)
    return Notes(
        separator=_(" · "),
        ties=_("同分同名次，后面跳号（1、2、2、4）"),
        par=_("按高于基准的分数排名"),
        levels=_("粗线之间为同一层级，只在同级内排名"),
        region=_("范围：%(region)s"),
        region_ranks=_("名次为全部机构中的名次"),
        bands=_("上下限为 90% 名次区间，粗线之间与第一行重叠，分不出高下"),
        vetoes=_("否决 = 触发整次否决的次数"),
        role_title=_("岗位排名：%(role)s"),
        role=_("由%(role)s接待的情景，不含整次封顶和倒扣"),
        detail=_("一行一条 · 扣分为这一条在当次检查里少得的分"),
        apart=ngettext("未参加排名（%(count)s）", "未参加排名（%(count)s）"),
        no_regions=_("本期没有下级机构可排名：网点直属总行，或没有网点参加排名。"),
        no_branches=_("本期没有网点参加排名：还没有一次检查计入。"),
        no_role=_("本期没有一次计入的检查由%(role)s接待，所以没有这个岗位的排名。"),
        no_detail=_("没有要列的问题：计入的检查没有扣分的作答。"),
    )


def _cover(words: NullTranslations) -> CoverWords:
    _, ngettext = words.gettext, _counting(words)
    return CoverWords(
        product=_("神秘人检查"),
        title=_("%(wave)s 网点服务排名"),
        scope=_("%(unit)s · %(ranked)s"),
        ranked=ngettext("%(count)s 个网点参加排名", "%(count)s 个网点参加排名"),
        unranked=ngettext("，%(count)s 个未参加", "，%(count)s 个未参加"),
        in_one_line=_("一句话"),
        mean=_("平均 %(score)s 分"),
        higher=_("，比上期高 %(points)s 分"),
        lower=_("，比上期低 %(points)s 分"),
        unchanged=_("，与上期相同"),
        vetoes=ngettext("%(count)s 个网点触发一票否决", "%(count)s 个网点触发一票否决"),
        most_lost=_("失分最多的是：%(demand)s"),
        joiner=_("；"),
        stop=_("。"),
        period_label=_("检查时间"),
        period=_("%(first)s 至 %(last)s，%(mode)s，%(visits)s"),
        visits_each=ngettext("每个网点 %(count)s 次", "每个网点 %(count)s 次"),
        visits_between=_("每个网点 %(least)s–%(most)s 次"),
        published_label=_("发布"),
        published=_("%(when)s，第 %(number)s 次排名"),
        not_published=_("由检查数据直接算出，第 %(number)s 次排名"),
        restated_label=_("更正"),
        restated=_("这是更正后的排名，原因：%(reason)s"),
        region_label=_("范围"),
        whole=_("全部机构"),
        region=_("%(region)s（%(code)s）及其下级；名次是全部机构中的名次，区内名次另列"),
        how_label=_("怎么算"),
        how=_(
            "条款得分率 1、½、0，按权重平均成情景；情景平均成流程；流程平均成一次检查；几次检查平均成网点。"
            "没看到的不计。一票否决封顶 %(cap)s。"
        ),
        how_without_cap=_(
            "条款得分率 1、½、0，按权重平均成情景；情景平均成流程；流程平均成一次检查；几次检查平均成网点。"
            "没看到的不计。"
        ),
        rank_label=_("名次"),
        by_score=_(
            "按得分由高到低；得分相同，依次看否决较少、话术较高、动作较高，仍相同则并列，写作 1、2、2、4。"
        ),
        by_over_par=_(
            "各网点的题目不全相同，所以按高于基准的分数由高到低：得分减去同样情景的平均分。相同，依次看否决较少、"
            "话术较高、动作较高，仍相同则并列，写作 1、2、2、4。"
        ),
        min_visits=ngettext(
            "至少 %(count)s 次计入的检查才参加排名。", "至少 %(count)s 次计入的检查才参加排名。"
        ),
        check_label=_("核对"),
        check=_("指纹 %(fingerprint)s · 计分规则第 %(rules)s 版"),
        edition=_(" · 手册第 %(edition)s 版"),
        journal_label=_("日志"),
        journal=_("发布时封存到 %(head)s"),
        sheets=_("本册各表"),
        regions_hint=ngettext("%(count)s 个区域，按层级排名", "%(count)s 个区域，按层级排名"),
        branches_hint=ngettext(
            "%(count)s 个网点：得分、变化、同类名次、排名依据",
            "%(count)s 个网点：得分、变化、同类名次、排名依据",
        ),
        role_hint=ngettext("%(count)s 个网点，按岗位", "%(count)s 个网点，按岗位"),
        detail_hint=ngettext("%(count)s 条问题，可筛选", "%(count)s 条问题，可筛选"),
    )


def _translated(values: type[Value], words: NullTranslations) -> dict[Value, str]:
    return {value: words.gettext(word_of(value)) for value in values}


def _counting(words: NullTranslations) -> Callable[[str, str], Counted]:
    """Return what makes both forms of a sentence with a number; called `ngettext`, to be extracted."""
    return lambda one, other: Counted(words.ngettext(one, other, 1), words.ngettext(one, other, 2))


def _day_writer(words: NullTranslations, language: str) -> Callable[[date], str]:
    pattern = words.gettext("y 年 M 月 d 日")
    return lambda day: format_date(day, pattern, locale_of(language))


def _moment_writer(words: NullTranslations, language: str) -> Callable[[datetime], str]:
    locale = locale_of(language)
    sentence = words.gettext("%(day)s %(time)s（%(zone)s）")
    day = _day_writer(words, language)
    return lambda moment: (
        sentence
        % {
            "day": day(moment.date()),
            "time": f"{moment:%H:%M}",
            "zone": get_timezone_name(moment, locale=locale),
        }
    )
