"""A checklist on paper: a workbook to print, with a box for every answer, and the standards behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from checklists.checklist import Checklist, Item, Section
from checklists.handbook import Kind
from reports.workbook import styles
from reports.workbook.package import file_bytes
from reports.workbook.styles import FONT, INK, INK_2, Line, Look, Pen
from reports.workbook.text import display_width, sheet_titles

BOX = "□"
"""An empty box to tick."""

A4 = 9
"""The paper size's number in a workbook."""

_FORM_WIDTHS = (9.0, 38.0, 8.0, 9.5, 8.0, 9.5, 16.0)
_STANDARD_WIDTHS = (9.0, 29.0, 24.0, 36.0)
_HEAD_ROW = 4
_LINE = 15.5
_PADDING = 7.0

_BODY = Font(name=FONT, sz=10, color=INK)
_SOFT = PatternFill("solid", fgColor="F3F1EB")
_TOP_LEFT = Alignment("left", "center", wrap_text=True, indent=1)
_SITUATION = Look(Font(name=FONT, sz=11, b=True, color=INK), _TOP_LEFT, fill=_SOFT, ruled=True)
_CUE = Look(Font(name=FONT, sz=10, color=INK_2), _TOP_LEFT, ruled=True)
_TEXT = Look(_BODY, _TOP_LEFT, ruled=True)
_ELEMENT = Look(_BODY, Alignment("left", "center", wrap_text=True, indent=3), ruled=True)
_CODE = Look(Font(name=FONT, sz=9, color=INK_2), Alignment("left", "center", indent=1), ruled=True)
_BOXES = Look(Font(name=FONT, sz=12, color=INK), Alignment("center", "center"), ruled=True)
_PEOPLE = Look(Font(name=FONT, sz=9, color=INK_2), Alignment("right", "center", indent=1), ruled=True)


@dataclass(frozen=True, slots=True)
class PaperWords:
    """Every word on the paper that is not the checklist's own; sentences hold values as `%(name)s`.

    Attributes:
        form_sheet, standards_sheet: the sheets' names.
        note: may use `edition`, `items`, `minutes` and `minutes_on_site`.
        blanks: what is filled in by hand above the form, such as the branch and the times.
        met, partly, not_met, left_out: heads of the boxes, one line for actions and one for words.
        people: stands in a box that takes a number of people.
        situation: may use `flow`, `number` and `name`; `standing` may use `flow` and `name`.
        occurred, nobody_acted, did_not_occur: the gate; `nobody_acted` may use `minutes`.
        who_served: stands before the roles.
        deductions: the heading above conduct that costs points; `deduction` may use `name` and `points`.
        blank: stands for words that are written by hand.
        footer: may use `fingerprint`; `page` may use `page` and `pages`.
    """

    form_sheet: str
    standards_sheet: str
    note: str
    blanks: Sequence[str]
    code: str
    question: str
    met: str
    partly: str
    not_met: str
    left_out: str
    seen: str
    people: str
    situation: str
    standing: str
    occurred: str
    nobody_acted: str
    did_not_occur: str
    who_served: str
    deductions: str
    deduction: str
    blank: str
    standard: str
    wordings: str
    guidance: str
    footer: str
    page: str


def checklist_workbook(checklist: Checklist, language: str, words: PaperWords, made_at: datetime) -> bytes:
    """Return the checklist as an xlsx file to be printed on A4, upright; the same checklist, the same bytes.

    Args:
        language: of the checklist's own texts, such as `en`.
        made_at: the moment that the file gives as its own, aware.
    """
    book = Workbook()
    form, standards = book.worksheets[0], book.create_sheet()
    form.title, standards.title = sheet_titles((words.form_sheet, words.standards_sheet))
    _Form(form, checklist, language, words).write()
    _Standards(standards, checklist, language, words).write()
    return file_bytes(book, checklist.title.in_language(language), made_at)


class _Paper:
    """A sheet that is written from top to bottom; its head is printed again on every page."""

    def __init__(
        self,
        sheet: Worksheet,
        checklist: Checklist,
        language: str,
        words: PaperWords,
        widths: Sequence[float],
    ) -> None:
        self._sheet = sheet
        self._pen = Pen(sheet)
        self._checklist = checklist
        self._language = language
        self._words = words
        self._widths = widths
        self._row = 0
        for place, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        _set_up_page(sheet, checklist, words)

    def _write_head(self, title: str, note: str, heads: Sequence[tuple[str, Look]]) -> None:
        self._span([(title, styles.TITLE)], height=30.0)
        self._span([(note, styles.NOTE)])
        self._line([("", styles.NOTE)], height=6.0)
        self._line(heads, height=36.0)
        self._sheet.freeze_panes = f"A{_HEAD_ROW + 1}"
        self._sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"

    def _line(self, cells: Sequence[tuple[str, Look]], height: float | None = None) -> None:
        """Write one row, a cell to a column."""
        self._sheet.append([self._pen.cell(value, look, Line.HAIR) for value, look in cells])
        self._row += 1
        lines = max(
            _lines(value, width) if look.alignment.wrap_text else 1
            for (value, look), width in zip(cells, self._widths, strict=False)
        )
        self._set_height(height or _PADDING + lines * _LINE)

    def _span(self, cells: Sequence[tuple[str, Look]], height: float | None = None) -> None:
        """Write one row whose last cell reaches to the right edge."""
        first = len(cells)
        look = cells[-1][1]
        filler = [("", look)] * (len(self._widths) - first)
        self._sheet.append([self._pen.cell(value or None, look) for value, look in (*cells, *filler)])
        self._row += 1
        self._sheet.merge_cells(
            start_row=self._row, end_row=self._row, start_column=first, end_column=len(self._widths)
        )
        lines = _lines(cells[-1][0], sum(self._widths[first - 1 :]))
        self._set_height(height or _PADDING + lines * _LINE)

    def _set_height(self, height: float) -> None:
        self._sheet.row_dimensions[self._row].height = height

    def _own(self, section: Section) -> str:
        """Return the line that names a section."""
        sentence = self._words.standing if section.standing else self._words.situation
        return sentence % {
            "flow": section.flow_name.in_language(self._language),
            "number": section.situation,
            "name": section.name.in_language(self._language),
        }


class _Form(_Paper):
    """The sheet that is filled in."""

    def __init__(self, sheet: Worksheet, checklist: Checklist, language: str, words: PaperWords) -> None:
        super().__init__(sheet, checklist, language, words, _FORM_WIDTHS)

    def write(self) -> None:
        """Write the whole form."""
        checklist, words = self._checklist, self._words
        note = words.note % {
            "edition": checklist.edition,
            "items": checklist.item_count,
            "minutes": checklist.minutes,
            "minutes_on_site": checklist.minutes_on_site,
        }
        heads = (
            words.code,
            words.question,
            words.met,
            words.partly,
            words.not_met,
            words.left_out,
            words.seen,
        )
        looks = (styles.HEAD_LEFT, styles.HEAD_LEFT, *[styles.HEAD] * 4, styles.HEAD_LEFT)
        self._write_head(
            checklist.title.in_language(self._language), note, list(zip(heads, looks, strict=True))
        )
        self._span([("　".join(f"{blank}{words.blank}" for blank in words.blanks), _TEXT)], height=30.0)
        for section in checklist.sections:
            self._write_section(section)
        if checklist.deductions:
            self._write_deductions()

    def _write_section(self, section: Section) -> None:
        self._span([(self._own(section), _SITUATION)], height=24.0)
        self._span([(section.instruction.in_language(self._language), _CUE)])
        if not section.standing:
            self._span([(self._gate(), _TEXT)])
            self._span([(self._roles(section), _TEXT)])
        for item in section.items:
            self._write_item(item)

    def _write_item(self, item: Item) -> None:
        question = item.question.in_language(self._language)
        if item.kind is Kind.PHRASE:
            wordings = " / ".join(text.in_language(self._language) for text in item.wordings)
            blank = ("", _BOXES)
            self._line(
                [(item.code, _CODE), (wordings or question, _TEXT), *[blank] * 3, (BOX, _BOXES), ("", _TEXT)]
            )
            for element in item.elements:
                said = element.in_language(self._language)
                self._line([("", _CODE), (said, _ELEMENT), *[(BOX, _BOXES)] * 3, blank, ("", _TEXT)])
            return
        answer = (self._words.people, _PEOPLE) if item.counted is not None else (BOX, _BOXES)
        self._line([(item.code, _CODE), (question, _TEXT), *[answer] * 3, (BOX, _BOXES), ("", _TEXT)])

    def _write_deductions(self) -> None:
        self._span([(self._words.deductions, _SITUATION)], height=24.0)
        for rule in self._checklist.deductions:
            points = f"{rule.points // 100}.{rule.points % 100:02}"
            sentence = self._words.deduction % {
                "name": rule.name.in_language(self._language),
                "points": points,
            }
            self._span([(f"{BOX} {sentence}{self._words.blank}", _TEXT)], height=30.0)

    def _gate(self) -> str:
        words = self._words
        nobody = words.nobody_acted % {"minutes": self._checklist.waiting_minutes}
        return f"{BOX} {words.occurred}　{BOX} {nobody}　{BOX} {words.did_not_occur}{words.blank}"

    def _roles(self, section: Section) -> str:
        names = (self._checklist.role_name(role).in_language(self._language) for role in section.roles)
        return self._words.who_served + "　".join(f"{BOX} {name}" for name in names)


class _Standards(_Paper):
    """The sheet that says what the handbook demands and where the borderline lies."""

    def __init__(self, sheet: Worksheet, checklist: Checklist, language: str, words: PaperWords) -> None:
        super().__init__(sheet, checklist, language, words, _STANDARD_WIDTHS)

    def write(self) -> None:
        """Write the standard of every item."""
        words = self._words
        heads = (words.code, words.standard, words.wordings, words.guidance)
        title = self._checklist.title.in_language(self._language)
        self._write_head(title, words.standards_sheet, [(head, styles.HEAD_LEFT) for head in heads])
        for section in self._checklist.sections:
            self._span([(self._own(section), _SITUATION)], height=24.0)
            for item in section.items:
                self._line([
                    (item.code, _CODE),
                    (item.standard.in_language(self._language), _TEXT),
                    ("\n".join(text.in_language(self._language) for text in item.wordings), _TEXT),
                    ("" if item.guidance is None else item.guidance.in_language(self._language), _TEXT),
                ])  # fmt: skip


def _set_up_page(sheet: Worksheet, checklist: Checklist, words: PaperWords) -> None:
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.45
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.print_options.horizontalCentered = True
    sheet.sheet_view.showGridLines = False
    fingerprint = " ".join(checklist.hash[start : start + 4] for start in range(0, 16, 4))
    foot = HeaderFooterItem()
    foot.left.text = (words.footer % {"fingerprint": fingerprint}).replace("&", "&&")
    foot.right.text = words.page % {"page": "&P", "pages": "&N"}
    for part in (foot.left, foot.right):
        part.size = 8
        part.font = FONT
    sheet.oddFooter = foot


def _lines(value: str, width: float) -> int:
    """Return how many lines a text takes in a column that leaves out a little at its sides."""
    room = max(1, int(width - 2))
    return sum(max(1, -(-display_width(line) // room)) for line in value.split("\n"))
