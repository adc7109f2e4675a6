"""What made-up branches write about what was found, what is answered to them, and how appeals are decided."""

from inspect_app.models.appeals import Ground
from inspect_app.models.corrective_actions import Cause, Measure

ANSWERS = (
    (
        Cause.POST_VACANT,
        Measure.ROSTER,
        "大堂经理离开时由客户经理顶岗巡视，值班表贴在更衣室，每天开门前对一遍。",
    ),
    (
        Cause.FORGOTTEN,
        Measure.REMINDER,
        "班前会两人一组练两遍，当班的大堂经理中午再提醒一次，下班前记在交接本上。",
    ),
    (Cause.NOT_TRAINED, Measure.TRAINING, "本周三、周五下班后各练半小时，由业务主管扮客户，没过的下周再练。"),
    (Cause.UNDERSTAFFED, Measure.ROSTER, "上午十点到十一点半加一名大堂人员，由副行长每天排好、当天核对。"),
    (Cause.EQUIPMENT, Measure.EQUIPMENT, "叫号屏和填单台的提示牌本周换好，由会计主管验收，坏了当天报修。"),
    (
        Cause.FORGOTTEN,
        Measure.PROCEDURE,
        "把这一句写进柜面交接卡，办完业务先念一遍再递单据，主管每天抽查两笔。",
    ),
)
"""Causes with what is done about them: kind and words."""

SECOND_ANSWER = "由大堂经理每天 9 点、14 点各巡一遍并签字，支行行长每周五抽查签字表，月底汇总。"
SENT_BACK = ("没写由谁来盯，也没写什么时候查。", "只说了要加强，请写清楚具体怎么做。")
DRAFTED = "班前会先练一遍，"

APPEALS = (
    (Ground.NOT_SO, "当天有签到表和值班记录，监控里看得到大堂经理在场，请核对。"),
    (Ground.NOT_APPLICABLE, "本网点这台设备已经报停，门口有公告，这一条当时没办法做到。"),
    (Ground.BEYOND_CONTROL, "那段时间系统中断，柜台按应急预案只受理挂失，有科技部门的通知。"),
    (Ground.NOT_SO, "录音里柜员说了这句话，只是声音不大，请再听一遍。"),
    (Ground.OTHER, "同一次检查里两处记的不一样，请以后一处为准。"),
)
"""Grounds with what is written to them."""

UPHELD = "核对了值班记录和监控，当时确实做到了，改为达标。"
PARTLY_UPHELD = "说了，但没有说全，改为部分达标。"
DISMISSED = "提供的记录没有写时间，证明不了当时做到了；维持原来的结果。"
REOPENED = "网点后来补交了带时间的监控截图，重新看一遍。"
