"""Answers in a workbook, for the doors of branches and regions: handed out, looked through, taken in."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from checklists.scoring import BRANCH
from inspect_app.db import session
from inspect_app.errors import ConflictError
from inspect_app.importers.answers import Vocabulary, read_answers
from inspect_app.importers.refusals import FileRefusal, FileRefusedError
from inspect_app.models.corrective_actions import Cause, Measure
from inspect_app.queries.answer_uploads import preview, to_be_answered, upload_of, uploads_of
from inspect_app.queries.corrective_actions import StoredDraft, drafts_of
from inspect_app.queries.ranking_scope import checklists_of
from inspect_app.queries.shortcomings import Shortcoming
from inspect_app.queries.waves import wave_with_id
from inspect_app.services import answer_uploads
from inspect_app.web.access import current_settings, current_user
from inspect_app.web.clock import utc_now
from inspect_app.web.downloads import download
from inspect_app.web.kept import show_kept
from inspect_app.web.languages import NAMES, current_language
from inspect_app.web.reading import seen
from inspect_app.web.words import word
from inspect_app.working_days import day_of
from reports.answers import AnswerRow, AnswerWords, Choices, Column, write_answer_workbook

SHOWN_ROWS = 200
"""How many rows of each kind the preview lists; the rest is counted."""


def hand_out(whose: str) -> ResponseReturnValue:
    """Return everything that waits for an answer as a workbook.

    Args:
        whose: the name of the branch or region, for the title and the file's name.
    """
    found, today = to_be_answered(session, current_user()), _today()
    roles = _role_names(found, current_language())
    drafts = drafts_of(session, current_user())
    title = _("整改填报 · %(whose)s", whose=whose)
    rows = [_row(one, roles, drafts.get(one.deficiency_id)) for one in found]
    posts = [name for code, name in roles.items() if code != BRANCH]
    choices = Choices(
        [word(cause) for cause in Cause], [word(measure) for measure in Measure], list(dict.fromkeys(posts))
    )
    name = _("整改填报-%(whose)s-%(day)s.xlsx", whose=whose, day=today.isoformat())
    return download(name, write_answer_workbook(rows, choices, _words(title), utc_now()))


def show_books(template: str, problem: str = "", **more: object) -> ResponseReturnValue:
    """Show the page that hands the workbook out and takes it back."""
    count = len(to_be_answered(session, current_user()))
    uploads = uploads_of(session, current_user())
    page = render_template(template, count=count, uploads=uploads, problem=problem, **more)
    return (page, 422) if problem else page


def take_back(template: str, endpoint: str, **more: object) -> ResponseReturnValue:
    """Read an uploaded workbook and keep its rows; nothing is answered before they were looked through."""
    file = request.files.get("book")
    if file is None or not file.filename:
        return show_books(template, _("请先选文件。"), **more)
    try:
        rows = read_answers(file.read(), _vocabulary())
    except FileRefusedError as refused:
        return show_books(template, sentence_of(refused.reason), **more)
    if not rows:
        return show_books(template, _("这个文件里还没有填任何一行。蓝色的几列填好以后再上传。"), **more)
    upload = answer_uploads.keep_upload(session, current_user(), file.filename, rows, now=utc_now())
    return redirect(f"{endpoint}/{upload.id}", code=303)


def show_upload(template: str, upload_id: uuid.UUID, **more: object) -> ResponseReturnValue:
    """Show what of an upload can be taken in, and what is wrong in which cell."""
    upload = upload_of(session, current_user(), upload_id)
    seen_now = preview(session, current_user(), upload, _today())
    return render_template(
        template,
        upload=upload,
        preview=seen_now,
        shown=SHOWN_ROWS,
        role_names=_role_names(
            [row.shortcoming for row in seen_now.rows if row.shortcoming is not None], current_language()
        ),
        taken=request.args.get("taken", type=int),
        **more,
    )


def take_in(upload_id: uuid.UUID, address: str) -> ResponseReturnValue:
    """Answer everything that can be; the rest stays to be mended."""
    upload = upload_of(session, current_user(), upload_id)
    version = request.form.get("seen", -1, type=int)
    try:
        taken = answer_uploads.take_in(
            session,
            current_user(),
            upload,
            version,
            now=utc_now(),
            timezone=current_settings().timezone,
        )
    except ConflictError:
        return show_kept(_("这些行刚刚有了变化，您填的都还在。"), (), address)
    return redirect(f"{address}?taken={taken}", code=303)


def sentence_of(reason: FileRefusal) -> str:
    """Return what is wrong with a file, and what to do about it."""
    sentences = {
        FileRefusal.EMPTY: _("这个文件是空的。请重新选一次。"),
        FileRefusal.TOO_LARGE: _("这个文件太大了。请用下载的那一份，不要往里加图片。"),
        FileRefusal.NOT_A_WORKBOOK: _("这不是 Excel 工作簿（.xlsx）。请上传从这里下载、填好的那一份。"),
        FileRefusal.OLD_OR_LOCKED: _("这是旧的 .xls 格式，或者加了密码。请另存为不带密码的 .xlsx 再上传。"),
        FileRefusal.HOLDS_PROGRAMS: _("文件里有宏或者外部链接，不能收。请在下载的那一份里填。"),
        FileRefusal.DAMAGED: _("这个文件打不开，可能没有传完整。请重新保存再上传。"),
        FileRefusal.TOO_DEMANDING: _("这个文件解开以后太大，没有读。请用下载的那一份来填。"),
        FileRefusal.TOO_MANY_ROWS: _("这个文件的行数太多，没有读。一份最多 10000 行。"),
        FileRefusal.ANOTHER_FORM: _("这不是从这里下载的整改填报表。请重新下载一份，把填好的内容贴过去。"),
    }
    return sentences[reason]


def _row(one: Shortcoming, roles: Mapping[str, str], draft: StoredDraft | None) -> AnswerRow:
    plan = None if draft is None else draft.plan
    language = current_language()
    return AnswerRow(
        deficiency=str(one.deficiency_id),
        version=one.version,
        wave=one.wave_name,
        branch_code=one.branch_code,
        branch_name=one.branch_name,
        item=one.item.code,
        standard=one.item.standard.in_language(language),
        seen=word(one.gate) if one.answer is None else seen(one.item, one.answer),
        severity=word(one.severity),
        points=one.points_lost,
        due_on=one.due_on,
        cause="" if plan is None else word(plan.cause),
        cause_words="" if plan is None else plan.cause_words,
        measure="" if plan is None else word(plan.measure),
        measure_words="" if plan is None else plan.measure_words,
        owner_role="" if plan is None else roles.get(plan.owner_role, ""),
        done_by=None if plan is None else plan.done_by,
    )


def _words(title: str) -> AnswerWords:
    return AnswerWords(
        sheet=_("整改填报"),
        lists_sheet=_("选项"),
        title=title,
        note=_("蓝色表头的几列由您填写，其余的锁住了。填好以后保存为 .xlsx，原样上传；不填的行不受影响。"),
        headings={
            Column.WAVE: _("期次"),
            Column.BRANCH_CODE: _("机构代码"),
            Column.BRANCH_NAME: _("机构名称"),
            Column.ITEM: _("题目"),
            Column.STANDARD: _("标准"),
            Column.SEEN: _("看到的"),
            Column.SEVERITY: _("程度"),
            Column.POINTS: _("扣分"),
            Column.DUE_ON: _("期限"),
            Column.CAUSE: _("原因"),
            Column.CAUSE_WORDS: _("原因说明"),
            Column.MEASURE: _("怎么改"),
            Column.MEASURE_WORDS: _("措施"),
            Column.OWNER_ROLE: _("责任岗位"),
            Column.DONE_BY: _("完成日期"),
        },
        wrong_choice=_("请从列表里选。"),
        wrong_day=_("请填日期，例如 2026-12-01。"),
        page=_("第 &P 页，共 &N 页"),
    )


def _vocabulary() -> Vocabulary:
    """Return what the words of the lists mean, in each language in which the workbook is handed out."""
    causes: dict[str, Cause] = {}
    measures: dict[str, Measure] = {}
    roles: dict[str, str] = {}
    found = to_be_answered(session, current_user())
    for language in NAMES:
        with force_locale(language.replace("-", "_")):
            causes |= {word(cause).casefold(): cause for cause in Cause}
            measures |= {word(measure).casefold(): measure for measure in Measure}
        names = _role_names(found, language)
        roles |= {name.casefold(): code for code, name in names.items() if code != BRANCH}
    return Vocabulary(causes, measures, roles)


def _role_names(found: Sequence[Shortcoming], language: str) -> dict[str, str]:
    """Return the names of the staff roles of the waves of some deficiencies, by code."""
    waves = {one.wave_id: wave_with_id(session, one.wave_id) for one in found}
    names = {
        role.code: role.name.in_language(language)
        for wave in waves.values()
        for checklist in checklists_of(session, wave)
        for role in checklist.roles
    }
    return {BRANCH: _("网点"), **names}


def _today() -> date:
    return day_of(utc_now(), current_settings().timezone)
