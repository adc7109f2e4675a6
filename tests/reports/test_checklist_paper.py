"""A checklist on paper."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell

from checklists.checklist import Checklist
from checklists.handbook import Mode, Text
from reports.checklist_paper import BOX, checklist_workbook
from tests.checklists.editions import made_up_checklist
from tests.reports.checklist_paper_words import CHINESE

MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)


def printed(checklist: Checklist) -> bytes:
    """Return a checklist's workbook in Chinese."""
    return checklist_workbook(checklist, "zh-Hans", CHINESE, MADE_AT)


def opened(checklist: Checklist) -> Workbook:
    """Return the workbook as another program reads it."""
    return load_workbook(BytesIO(printed(checklist)))


def rows(book: Workbook, sheet: str) -> list[list[object]]:
    """Return the values of a sheet."""
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def test_every_item_has_a_row_in_the_form_and_in_the_standards() -> None:
    checklist = made_up_checklist()
    codes = [item.code for section in checklist.sections for item in section.items]

    book = opened(checklist)

    assert [row[0] for row in rows(book, "检查表") if row[0] in codes] == codes
    assert [row[0] for row in rows(book, "标准") if row[0] in codes] == codes


def test_an_action_has_four_boxes_and_an_element_of_a_phrase_three() -> None:
    found = rows(opened(made_up_checklist(flows=(), situations=(6,))), "检查表")

    action = next(row for row in found if row[0] == "S06.A1")
    element = next(row for row in found if row[1] == "请问")
    assert action[1:6] == ["S06.A1 的问题", BOX, BOX, BOX, BOX]
    assert element[2:6] == [BOX, BOX, BOX, None]


def test_counted_people_are_written_as_numbers() -> None:
    found = rows(opened(made_up_checklist(flows=(), situations=(901,))), "检查表")

    assert next(row for row in found if row[0] == "E01.C1")[2:6] == ["人", "人", "人", BOX]


def test_a_section_says_what_to_do_how_the_gate_is_answered_and_who_may_have_served() -> None:
    found = rows(opened(made_up_checklist(flows=(), situations=(6,))), "检查表")

    texts = [row[0] for row in found]
    place = texts.index("流程F2 · 情景 6  情景6")
    assert texts[place + 1] == "情景6，照这样做"
    assert texts[place + 2] == "□ 有人上前　□ 无人理会（等满 2 分钟）　□ 没有发生，因为____________"
    assert texts[place + 3] == "谁接待的：□ 大堂经理　□ 保安"


def test_a_standing_section_has_no_gate() -> None:
    found = rows(opened(made_up_checklist(flows=(), situations=(901,))), "检查表")

    assert not [row for row in found if isinstance(row[0], str) and "有人上前" in row[0]]


def test_text_of_the_handbook_is_never_a_formula() -> None:
    checklist = made_up_checklist(flows=(), situations=(6,))
    section = checklist.sections[0]
    items = tuple(replace(item, question=Text("=1+1"), standard=Text("=cmd|x")) for item in section.items)
    hostile = replace(checklist, sections=(replace(section, name=Text("=2+2"), items=items),))

    book = opened(hostile)

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell)]
    assert [cell.value for cell in cells].count("=1+1") == 3
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


def test_it_prints_upright_on_a4_with_its_head_on_every_page() -> None:
    book = opened(made_up_checklist())

    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$4:$4"


def test_the_footer_names_the_checklist_by_its_hash() -> None:
    checklist = made_up_checklist()

    foot = opened(checklist)["检查表"].oddFooter

    digits = " ".join(checklist.hash[place : place + 4] for place in (0, 4, 8, 12))
    assert foot is not None
    assert foot.left.text == f"检查表指纹 {digits}"


def test_the_same_checklist_is_printed_with_the_same_bytes_in_every_mode() -> None:
    for mode in Mode:
        assert printed(made_up_checklist(mode=mode)) == printed(made_up_checklist(mode=mode))


def test_the_file_names_no_author() -> None:
    with ZipFile(BytesIO(printed(made_up_checklist()))) as file:
        properties = file.read("docProps/core.xml").decode()

    assert "creator" not in properties
    assert "lastModifiedBy" not in properties
