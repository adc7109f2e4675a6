"""The words on a printed checklist, in Chinese."""

from reports.checklist_paper import PaperWords

CHINESE = PaperWords(
    form_sheet="检查表",
    standards_sheet="标准",
    note="手册第 %(edition)s 版 · %(items)s 题 · 约 %(minutes)s 分钟填完 · 至少在店 %(minutes_on_site)s 分钟",
    blanks=("检查任务 ", "网点 ", "日期 ", "进店 ", "离店 "),
    code="条款",
    question="看到、听到的",
    met="达标\n说了",
    partly="部分达标\n换了说法",
    not_met="未达标\n没说",
    left_out="没看到\n没听清",
    seen="原话、原因",
    people="人",
    situation="%(flow)s · 情景 %(number)s  %(name)s",
    standing="%(flow)s · %(name)s",
    occurred="有人上前",
    nobody_acted="无人理会（等满 %(minutes)s 分钟）",
    did_not_occur="没有发生，因为",
    who_served="谁接待的：",
    deductions="倒扣",
    deduction="%(name)s（−%(points)s 分），原话",
    blank="____________",
    standard="标准",
    wordings="话术",
    guidance="边界",
    footer="检查表指纹 %(fingerprint)s",
    page="第 %(page)s / %(pages)s 页",
)
