"""Lists that a made-up bank hands in, as csv files and as workbooks."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from inspect_app.importers.people_lists import PeopleList, read_people
from inspect_app.importers.unit_lists import UnitList, read_units
from inspect_app.labels.lists import people_form, unit_form, unit_levels, user_kinds

UNIT_HEADINGS = ("机构代码", "机构名称", "机构层级", "上级机构代码", "网点类型", "地址")
PERSON_HEADINGS = ("用户名", "姓名", "用户类型", "所属机构代码", "电子邮件")

Rows = Sequence[Sequence[object]]


def csv_of(*rows: Sequence[object]) -> bytes:
    """Return rows as a csv file in UTF-8."""
    return "".join(",".join(str(cell) for cell in row) + "\n" for row in rows).encode()


def book_of(*rows: Sequence[object]) -> bytes:
    """Return rows as a workbook; a text that begins with `=` is a formula in it."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def units_of(data: bytes) -> UnitList:
    """Return a branch list as the product reads it."""
    return read_units(data, unit_form(), unit_levels())


def people_of(data: bytes) -> PeopleList:
    """Return a people list as the product reads it."""
    return read_people(data, people_form(), user_kinds())


def units(*rows: Sequence[object]) -> UnitList:
    """Return the branch list with these rows below its headings."""
    return units_of(csv_of(UNIT_HEADINGS, *rows))


def people(*rows: Sequence[object]) -> PeopleList:
    """Return the people list with these rows below its headings."""
    return people_of(csv_of(PERSON_HEADINGS, *rows))
