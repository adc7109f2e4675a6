"""The words on a printed checklist, in one language."""

from inspect_app.labels.catalogues import catalogue_of
from reports.checklist_paper import PaperWords


def paper_words(language: str) -> PaperWords:
    """Return every word on a printed checklist that is not the checklist's own.

    Args:
        language: `zh-Hans`, `zh-Hant` or `en`; what a catalogue lacks is printed in zh-Hans.
    """
    _ = catalogue_of(language).gettext
    return PaperWords(
        form_sheet=_("检查表"),
        standards_sheet=_("标准"),
        note=_(
            "手册第 %(edition)s 版 · %(items)s 题 · 约 %(minutes)s 分钟填完"
            " · 至少在店 %(minutes_on_site)s 分钟"
        ),
        blanks=(_("检查任务 "), _("网点 "), _("日期 "), _("进店 "), _("离店 ")),
        code=_("条款"),
        question=_("看到、听到的"),
        met=_("达标\n说了"),
        partly=_("部分达标\n换了说法"),
        not_met=_("未达标\n没说"),
        left_out=_("没看到\n没听清"),
        seen=_("原话、原因"),
        people=_("人"),
        situation=_("%(flow)s · 情景 %(number)s  %(name)s"),
        standing=_("%(flow)s · %(name)s"),
        occurred=_("有人上前"),
        nobody_acted=_("无人理会（等满 %(minutes)s 分钟）"),
        did_not_occur=_("没有发生，因为"),
        who_served=_("谁接待的："),
        deductions=_("倒扣"),
        deduction=_("%(name)s（−%(points)s 分），原话"),
        blank="____________",
        standard=_("标准"),
        wordings=_("话术"),
        guidance=_("边界"),
        footer=_("检查表指纹 %(fingerprint)s"),
        page=_("第 %(page)s / %(pages)s 页"),
    )
