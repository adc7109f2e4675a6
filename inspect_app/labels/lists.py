"""The words of the lists that banks hand in: headings in every language, and what is wrong in a file."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from inspect_app.importers.headings import as_heading
from inspect_app.importers.lists import Fault, Form, RowFault
from inspect_app.importers.people_lists import NEEDED as PEOPLE_NEED
from inspect_app.importers.people_lists import PersonColumn
from inspect_app.importers.refusals import FileRefusal, FileRefusedError
from inspect_app.importers.unit_lists import NEEDED as UNITS_NEED
from inspect_app.importers.unit_lists import UnitColumn, UnitLevel
from inspect_app.labels.catalogues import catalogue_of
from inspect_app.labels.catalogues import msgid as _
from inspect_app.labels.words import WORDS
from inspect_app.models.people import UserKind

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
Meaning = TypeVar("Meaning", bound=StrEnum)

UNIT_HEADINGS: Mapping[UnitColumn, Sequence[str]] = {
    UnitColumn.CODE: (_("机构代码"), _("机构号"), _("机构编号")),
    UnitColumn.NAME: (_("机构名称"),),
    UnitColumn.LEVEL: (_("机构层级"), _("层级")),
    UnitColumn.PARENT: (_("上级机构代码"), _("上级机构号"), _("上级机构")),
    UnitColumn.KIND: (_("网点类型"),),
    UnitColumn.ADDRESS: (_("地址"),),
}
"""The headings of the branch list; the first is that of the template."""

PERSON_HEADINGS: Mapping[PersonColumn, Sequence[str]] = {
    PersonColumn.USERNAME: (_("用户名"),),
    PersonColumn.NAME: (_("姓名"),),
    PersonColumn.KIND: (_("用户类型"),),
    PersonColumn.UNIT: (_("所属机构代码"), _("机构代码"), _("机构号")),
    PersonColumn.EMAIL: (_("电子邮件"),),
}
"""The headings of the people list; the first is that of the template."""

LEVELS: Mapping[UnitLevel, Sequence[str]] = {
    UnitLevel.REGION: (_("区域"), _("总行"), _("一级分行"), _("二级分行"), _("分行"), _("支行")),
    UnitLevel.BRANCH: (_("网点"),),
}
"""What stands for each level; the first is what the template offers."""

REFUSALS: Mapping[FileRefusal, str] = {
    FileRefusal.EMPTY: _("这个文件是空的。"),
    FileRefusal.TOO_LARGE: _("这个文件太大了，最多 12 MB。"),
    FileRefusal.NOT_A_WORKBOOK: _("这不是 Excel 工作簿（.xlsx），也不是 csv 文件。"),
    FileRefusal.OLD_OR_LOCKED: _("这是旧的 .xls 格式，或者加了密码。请另存为不带密码的 .xlsx。"),
    FileRefusal.HOLDS_PROGRAMS: _("文件里有宏或者外部链接，不能收。请另存为普通的 .xlsx。"),
    FileRefusal.DAMAGED: _("这个文件打不开，可能没有传完整。请重新保存一次。"),
    FileRefusal.TOO_DEMANDING: _("这个文件解开以后太大，没有读。"),
    FileRefusal.TOO_MANY_ROWS: _("这个文件的行数太多，没有读。一份最多 60000 行。"),
    FileRefusal.ANOTHER_FORM: _("前 10 行里找不齐表头，缺：%(said)s。"),
    FileRefusal.UNKNOWN_SIGNS: _("认不出这个文件的文字编码。csv 请存成 UTF-8 或 GB18030，或者另存为 .xlsx。"),
    FileRefusal.BROKEN_LINES: _("csv 文件从第 %(said)s 行起读不下去：引号没有配对。"),
    FileRefusal.HEADINGS: _("有两列是同一个表头：%(said)s。请删掉一列。"),
}

FAULTS: Mapping[RowFault, str] = {
    RowFault.LACKING: _("没有填"),
    RowFault.NOT_TEXT: _("这里是公式、日期或者错误值，请把格子改成文本再填"),
    RowFault.UNFIT: _("里面有不能用的字符"),
    RowFault.TOO_LONG: _("太长了，最多 %(said)s 个字"),
    RowFault.NOT_A_CODE: _("“%(said)s”不能作代码：只用文字、数字和 . _ -"),
    RowFault.UNKNOWN_CHOICE: _("没有“%(said)s”这一种"),
    RowFault.TWICE: _("和第 %(said)s 行重复"),
    RowFault.LOST_ZEROS: _("已经有代码 %(said)s：前面的 0 好像丢了，请把这一列改成文本"),
    RowFault.OTHER_LEVEL: _("代码 %(said)s 已经有了，是另一个层级"),
    RowFault.NO_SUCH_REGION: _("没有代码为“%(said)s”的区域"),
    RowFault.NO_SUCH_BRANCH: _("没有代码为“%(said)s”的网点"),
    RowFault.SECOND_ROOT: _("只有总行没有上级，总行已经有了，请填上级机构"),
    RowFault.CIRCLE: _("上级“%(said)s”就在它自己下面，绕成了圈"),
    RowFault.TOO_DEEP: _("上级一层层加起来太长了"),
    RowFault.NOT_EMPTY: _("这里要空着，现在是“%(said)s”"),
    RowFault.NOT_A_USERNAME: _("用户名“%(said)s”不行：只用字母、数字和 . _ -，2 到 80 个"),
    RowFault.NOT_AN_ADDRESS: _("“%(said)s”不是邮件地址"),
    RowFault.STAYS_INSPECTOR: _("%(said)s：检查人的账号不能改成别的，别的也不能改成检查人"),
    RowFault.DEACTIVATED: _("账号 %(said)s 已停用；先恢复它，或者删掉这一行"),
    RowFault.OWN_POST: _("%(said)s 是您自己的账号，身份要请另一位管理员改"),
}
"""What is wrong in a cell, to stand behind its address."""


def unit_form() -> Form:
    """Return what a branch list looks like, in every language."""
    return Form(UnitColumn.CODE, _by_word(UNIT_HEADINGS, as_heading), UNITS_NEED)


def people_form() -> Form:
    """Return what a people list looks like, in every language."""
    return Form(PersonColumn.USERNAME, _by_word(PERSON_HEADINGS, as_heading), PEOPLE_NEED)


def unit_levels() -> Mapping[str, UnitLevel]:
    """Return what the words for levels mean, in every language."""
    return _by_word(LEVELS, str.casefold)


def user_kinds() -> Mapping[str, UserKind]:
    """Return what the words for kinds of user mean, in every language."""
    return _by_word({kind: (WORDS[UserKind][kind], kind.value) for kind in UserKind}, str.casefold)


def refusal_in(refused: FileRefusedError, language: str) -> str:
    """Return why a file is not read, in a sentence."""
    gettext = catalogue_of(language).gettext
    words = [gettext(column_word(said)) for said in refused.said]
    return gettext(REFUSALS[refused.reason]) % {"said": gettext(_("、")).join(words)}


def fault_in(fault: Fault, language: str) -> str:
    """Return what is wrong in a cell, to stand behind its address."""
    return catalogue_of(language).gettext(FAULTS[fault.what]) % {"said": fault.said}


def column_word(column: str) -> str:
    """Return the msgid of a column's heading; the letters of a column stay what they are."""
    if isinstance(column, UnitColumn):
        return UNIT_HEADINGS[column][0]
    return PERSON_HEADINGS[column][0] if isinstance(column, PersonColumn) else column


def _by_word(words: Mapping[Meaning, Sequence[str]], clean: Callable[[str], str]) -> dict[str, Meaning]:
    """Return what each word means, in every language that there is, and by its own code."""
    meanings: dict[str, Meaning] = {}
    for language in LANGUAGES:
        gettext = catalogue_of(language).gettext
        for meaning, said in words.items():
            for word in said:
                meanings.setdefault(clean(gettext(word)), meaning)
    for meaning in words:
        meanings.setdefault(clean(meaning.value), meaning)
    return meanings
