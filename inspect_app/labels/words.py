"""The word for every enum value that people read. Msgids, in Chinese: whoever shows one translates it."""

from collections.abc import Mapping
from enum import StrEnum

from checklists.amending import Amendment
from checklists.checklist import LeavingOut
from checklists.handbook import Kind, Mode, Occasion, Provenance
from checklists.scoring.credits import Hearing, Response
from checklists.scoring.inspection import Gate, LeftOut, VetoScope
from inspect_app.labels.catalogues import msgid as _
from inspect_app.models.appeals import AppealOutcome, AppealState, Ground, InspectorFinding
from inspect_app.models.corrective_actions import Cause, Measure, VerificationOutcome
from inspect_app.models.deficiencies import DeficiencyState, Severity
from inspect_app.models.inspections import ReviewOutcome, RevisionKind
from inspect_app.models.jobs import JobFailure, JobKind, JobState, MailFailure, MailState
from inspect_app.models.people import UserKind
from inspect_app.models.phones import ArrivedAs
from inspect_app.models.visits import SettingAside, VisitState
from inspect_app.models.waves import WaveState
from inspect_app.photos import PhotoRefusal
from inspect_app.queries.repairs import Held
from reports.places import PlacedBy
from reports.rankings import RankBy, Unranked


def word_of(value: StrEnum) -> str:
    """Return the msgid of an enum value.

    Raises:
        KeyError: people never read values of this kind.
    """
    return WORDS[type(value)][value]


WORDS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    UserKind: {
        UserKind.ADMINISTRATOR: _("管理员"),
        UserKind.REVIEWER: _("复核人"),
        UserKind.INSPECTOR: _("检查人"),
        UserKind.REGIONAL_MANAGER: _("区域经理"),
        UserKind.BRANCH_MANAGER: _("网点负责人"),
    },
    WaveState: {
        WaveState.PLANNED: _("计划中"),
        WaveState.OPEN: _("检查中"),
        WaveState.CLOSED: _("已收口"),
        WaveState.DISCLOSED: _("公示中"),
        WaveState.PUBLISHED: _("已发布"),
    },
    VisitState: {
        VisitState.PLANNED: _("待派发"),
        VisitState.ASSIGNED: _("待检查"),
        VisitState.IN_PROGRESS: _("填写中"),
        VisitState.AWAITING_PHOTOS: _("等照片"),
        VisitState.SUBMITTED: _("待复核"),
        VisitState.IN_REVIEW: _("复核中"),
        VisitState.RETURNED: _("已退回"),
        VisitState.APPROVED: _("已通过"),
        VisitState.DISCLOSED: _("公示中"),
        VisitState.PUBLISHED: _("已发布"),
        VisitState.CANCELLED: _("已取消"),
        VisitState.SET_ASIDE: _("不计入"),
        VisitState.VOIDED: _("已作废"),
    },
    SettingAside: {
        SettingAside.EXPOSED: _("身份暴露"),
        SettingAside.WRONG_BRANCH: _("走错网点"),
        SettingAside.FRAUD: _("弄虚作假"),
        SettingAside.OTHER: _("其他"),
    },
    ArrivedAs: {
        ArrivedAs.CONFLICT: _("另有一份记录"),
        ArrivedAs.REASSIGNED: _("任务已改派他人"),
        ArrivedAs.REVOKED: _("手机或账号已停用"),
        ArrivedAs.OVER: _("任务已不在填写"),
    },
    ReviewOutcome: {
        ReviewOutcome.APPROVED: _("已通过"),
        ReviewOutcome.RETURNED: _("已退回"),
        ReviewOutcome.SET_ASIDE: _("不计入"),
    },
    RevisionKind: {
        RevisionKind.SUBMITTED: _("检查人提交"),
        RevisionKind.CORRECTED: _("更正"),
        RevisionKind.VOIDED: _("已作废"),
    },
    Severity: {
        Severity.CRITICAL: _("否决"),
        Severity.MAJOR: _("严重"),
        Severity.MINOR: _("一般"),
    },
    DeficiencyState: {
        DeficiencyState.OPEN: _("待整改"),
        DeficiencyState.ANSWERED: _("已答复"),
        DeficiencyState.VERIFIED: _("已整改"),
        DeficiencyState.DISPUTED: _("申诉中"),
        DeficiencyState.UPHELD: _("申诉成立"),
        DeficiencyState.VOIDED: _("已作废"),
    },
    Cause: {
        Cause.POST_VACANT: _("岗位空缺"),
        Cause.NOT_TRAINED: _("没培训到"),
        Cause.FORGOTTEN: _("忘了做"),
        Cause.UNDERSTAFFED: _("排班不足"),
        Cause.EQUIPMENT: _("设备或物料缺损"),
        Cause.OTHER: _("其他"),
    },
    Measure: {
        Measure.TRAINING: _("培训演练"),
        Measure.ROSTER: _("调整排班"),
        Measure.REMINDER: _("班前提醒与督导"),
        Measure.PROCEDURE: _("改流程或规定"),
        Measure.EQUIPMENT: _("添置或维修"),
        Measure.OTHER: _("其他"),
    },
    VerificationOutcome: {
        VerificationOutcome.ACCEPTED: _("认可"),
        VerificationOutcome.SENT_BACK: _("已退回"),
    },
    Held: {
        Held.HELD: _("保持住了"),
        Held.NOT_HELD: _("又出现了"),
        Held.NOT_SEEN: _("后来没观察到"),
        Held.PENDING: _("还没到下一期"),
    },
    PhotoRefusal: {
        PhotoRefusal.EMPTY: _("文件是空的"),
        PhotoRefusal.TOO_LARGE: _("文件太大"),
        PhotoRefusal.TOO_MANY_PIXELS: _("照片尺寸太大"),
        PhotoRefusal.HEIC: _("这种格式读不了，请换成 JPEG"),
        PhotoRefusal.NOT_A_PICTURE: _("不是照片"),
        PhotoRefusal.DAMAGED: _("文件坏了"),
        PhotoRefusal.TOO_DEMANDING: _("照片读不出来"),
    },
    Ground: {
        Ground.NOT_SO: _("当时情况不是这样"),
        Ground.NOT_APPLICABLE: _("这条标准不适用"),
        Ground.BEYOND_CONTROL: _("不可控的原因"),
        Ground.OTHER: _("其他"),
    },
    AppealState: {
        AppealState.OPEN: _("审理中"),
        AppealState.DECIDED: _("已裁定"),
        AppealState.WITHDRAWN: _("已撤回"),
        AppealState.CLOSED: _("未裁定即结案"),
        AppealState.REOPENED: _("重新审理"),
    },
    AppealOutcome: {
        AppealOutcome.UPHELD: _("成立"),
        AppealOutcome.PARTLY_UPHELD: _("部分成立"),
        AppealOutcome.NOT_APPLICABLE: _("不适用，不计"),
        AppealOutcome.DISMISSED: _("不成立"),
    },
    Amendment: {
        Amendment.FULL: _("达标"),
        Amendment.PARTIAL: _("部分达标"),
        Amendment.NONE: _("未达标"),
        Amendment.LEFT_OUT: _("不适用，不计"),
        Amendment.AS_RECORDED: _("照记录"),
    },
    InspectorFinding: {
        InspectorFinding.SOUND: _("记录无误"),
        InspectorFinding.CARELESS: _("检查人疏忽"),
        InspectorFinding.UNCLEAR_STANDARD: _("标准表述不清"),
        InspectorFinding.CANNOT_TELL: _("无法判断"),
    },
    JobKind: {
        JobKind.RANKING_WORKBOOK: _("排名工作簿"),
        JobKind.REHEARSAL: _("试运行"),
    },
    JobState: {
        JobState.QUEUED: _("排队中"),
        JobState.RUNNING: _("进行中"),
        JobState.DONE: _("已完成"),
        JobState.FAILED: _("没做成"),
        JobState.CANCELLED: _("已取消"),
    },
    JobFailure: {
        JobFailure.GONE: _("要的东西已经没有了，或不在申请人的范围里"),
        JobFailure.LOST: _("几次都没做完：后台进程中途断了"),
        JobFailure.DATABASE: _("几次都没做完：数据库用不了"),
        JobFailure.STORAGE: _("几次都没做完：文件存不下来"),
        JobFailure.FAULT: _("程序出错，详情见服务器日志"),
    },
    MailState: {
        MailState.QUEUED: _("等着发"),
        MailState.SENDING: _("发送中"),
        MailState.SENT: _("已发出"),
        MailState.FAILED: _("没发出"),
        MailState.CANCELLED: _("已取消"),
    },
    MailFailure: {
        MailFailure.REFUSED: _("邮件服务器拒收"),
        MailFailure.UNREACHABLE: _("几次都连不上邮件服务器"),
        MailFailure.LATE: _("没来得及发，内容已经过期"),
    },
    Mode: {
        Mode.MYSTERY: _("暗访"),
        Mode.OPEN: _("明查"),
        Mode.PHONE: _("电话检查"),
        Mode.VIDEO: _("录像检查"),
    },
    Kind: {
        Kind.ACTION: _("动作"),
        Kind.PHRASE: _("话术"),
        Kind.DELIVERY: _("质量"),
        Kind.CONDITION: _("状态"),
    },
    Provenance: {
        Provenance.SOURCE: _("源自手册"),
        Provenance.DERIVED: _("推定"),
    },
    Occasion: {
        Occasion.ALWAYS: _("每次都会遇到"),
        Occasion.WAIT: _("等它发生"),
        Occasion.BRING_ABOUT: _("由检查人引出"),
        Occasion.TRANSACTION: _("须办业务"),
    },
    LeavingOut: {
        LeavingOut.NOT_ASKED_FOR: _("生成方案没有要这个情景"),
        LeavingOut.MODE_CANNOT_OBSERVE: _("这种检查方式观察不到"),
        LeavingOut.ROLE_NOT_ASKED_FOR: _("生成方案没有要这个岗位"),
        LeavingOut.TOO_MUCH_TO_REMEMBER: _("要记的情景已经够多"),
        LeavingOut.EXCLUDED: _("与已选的情景不能同在一次检查"),
        LeavingOut.BUDGET: _("题数已满"),
    },
    Gate: {
        Gate.OCCURRED: _("有人上前"),
        Gate.NOBODY_ACTED: _("无人理会"),
        Gate.DID_NOT_OCCUR: _("没有发生"),
    },
    VetoScope: {
        VetoScope.SITUATION: _("情景否决"),
        VetoScope.ROLE: _("岗位否决"),
        VetoScope.FLOW: _("流程否决"),
        VetoScope.VISIT: _("一票否决"),
    },
    LeftOut: {
        LeftOut.DID_NOT_OCCUR: _("没有发生"),
        LeftOut.COULD_NOT_SEE_OR_HEAR: _("没看到、没听清"),
        LeftOut.WOULD_HAVE_GIVEN_ME_AWAY: _("怕暴露身份"),
        LeftOut.NOT_THIS_BRANCH: _("这家网点没有"),
        LeftOut.NOT_SAID: _("话术没说，不另计"),
        LeftOut.OTHER: _("其他"),
    },
    Response: {
        Response.MET: _("达标"),
        Response.PARTLY: _("部分达标"),
        Response.NOT_MET: _("未达标"),
    },
    Hearing: {
        Hearing.HEARD: _("说了"),
        Hearing.CHANGED: _("换了说法"),
        Hearing.MISSING: _("没说"),
    },
    RankBy: {
        RankBy.SCORE: _("按得分"),
        RankBy.OVER_PAR: _("按高于基准的分数"),
    },
    PlacedBy: {
        PlacedBy.SCORE: _("按得分"),
        PlacedBy.VETOES: _("否决较少"),
        PlacedBy.PHRASE: _("话术较高"),
        PlacedBy.ACTION: _("动作较高"),
        PlacedBy.SHARED: _("并列"),
    },
    Unranked: {
        Unranked.NO_VISIT: _("没有计入的检查"),
        Unranked.TOO_FEW: _("计入的检查次数不够"),
        Unranked.NO_BRANCH: _("下面没有网点参加排名"),
        Unranked.ROLE_NOT_SEEN: _("没有检查由这个岗位接待"),
    },
}
