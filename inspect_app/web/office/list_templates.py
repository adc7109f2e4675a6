"""The empty workbooks of the lists that head office hands in, in the language of the page."""

from collections.abc import Mapping

from flask_babel import gettext as _

from inspect_app.db import session
from inspect_app.importers.people_lists import PersonColumn
from inspect_app.importers.unit_lists import UnitColumn, UnitLevel
from inspect_app.labels.lists import LEVELS, column_word
from inspect_app.models.list_uploads import ListKind
from inspect_app.models.people import UserKind
from inspect_app.queries.units import known_kinds
from inspect_app.web.clock import utc_now
from inspect_app.web.words import word
from reports.list_template import ListColumn, write_list_template


def template_of(kind: ListKind) -> tuple[str, bytes]:
    """Return the name and the bytes of the empty workbook of a list."""
    is_units = kind is ListKind.BRANCHES
    title = _("机构清单") if is_units else _("人员清单")
    columns = list(_unit_columns().values()) if is_units else list(_person_columns().values())
    book = write_list_template((title, _("选项")), columns, _("请从列表里选。"), utc_now())
    return f"{title}.xlsx", book


def _unit_columns() -> Mapping[UnitColumn, ListColumn]:
    levels = [_(LEVELS[level][0]) for level in UnitLevel]
    heads = {column: _(column_word(column)) for column in UnitColumn}
    return {
        UnitColumn.CODE: ListColumn(
            heads[UnitColumn.CODE], _("必填。文字、数字和 . _ -，前面的 0 会留着。"), 14
        ),
        UnitColumn.NAME: ListColumn(heads[UnitColumn.NAME], _("必填。"), 24),
        UnitColumn.LEVEL: ListColumn(
            heads[UnitColumn.LEVEL],
            _("必填。网点填“网点”，网点以上都填“区域”。"),
            12,
            levels,
            is_closed=False,
        ),
        UnitColumn.PARENT: ListColumn(heads[UnitColumn.PARENT], _("直接上级的机构代码；只有总行空着。"), 16),
        UnitColumn.KIND: ListColumn(
            heads[UnitColumn.KIND],
            _("网点必填，贵行自己的分类；区域空着。"),
            14,
            known_kinds(session),
            is_closed=False,
        ),
        UnitColumn.ADDRESS: ListColumn(heads[UnitColumn.ADDRESS], _("可以空着。"), 36),
    }


def _person_columns() -> Mapping[PersonColumn, ListColumn]:
    heads = {column: _(column_word(column)) for column in PersonColumn}
    kinds = [word(kind) for kind in UserKind]
    return {
        PersonColumn.USERNAME: ListColumn(
            heads[PersonColumn.USERNAME], _("登录时用，只用字母、数字和 . _ -，以后不能改。"), 18
        ),
        PersonColumn.NAME: ListColumn(heads[PersonColumn.NAME], _("必填。"), 16),
        PersonColumn.KIND: ListColumn(heads[PersonColumn.KIND], _("必填。"), 16, kinds),
        PersonColumn.UNIT: ListColumn(
            heads[PersonColumn.UNIT],
            _("区域经理填区域的代码，网点负责人填网点的代码；其他人空着。"),
            16,
        ),
        PersonColumn.EMAIL: ListColumn(heads[PersonColumn.EMAIL], _("可以空着。"), 28),
    }
