"""The cover: what this is, in one sentence and then in full, and a link to every sheet."""

from openpyxl.cell.cell import Cell
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook import styles
from reports.workbook.cover_text import CoverText
from reports.workbook.mark import Mark
from reports.workbook.page import open_page, print_cover
from reports.workbook.styles import Line, Look, Pen
from reports.workbook.text import display_width

_WIDTHS = {"A": 6.0, "B": 22.0, "C": 92.0, "D": 6.0}
_HEAD_HEIGHTS = (62.0, 8.0, 24.0, 42.0, 28.0, 10.0, 12.0)
_ROW_HEIGHT = 24.0
_LINK_HEIGHT = 20.0
_LINE_HEIGHT = 17.0
_GAP_HEIGHT = 16.0
_TEXT_CHARACTERS = 88
"""Digits that fit into a line of the cover's text, which is a little larger than a table's."""


class CoverSheet:
    """Writes the cover row by row."""

    def __init__(self, sheet: Worksheet) -> None:
        """Take an empty sheet."""
        self._sheet = sheet
        self._pen = Pen(sheet)
        self._row = 0

    def write(self, text: CoverText) -> None:
        """Write the whole cover and set it up for print."""
        open_page(self._sheet)
        for column, width in _WIDTHS.items():
            self._sheet.column_dimensions[column].width = width
        self._write_head(text)
        for fact in text.facts:
            lines = -(-display_width(fact.text) // _TEXT_CHARACTERS)
            self._append(
                _ROW_HEIGHT + (lines - 1) * _LINE_HEIGHT,
                self._pen.cell(fact.label, styles.COVER_LABEL),
                self._pen.cell(fact.text, styles.COVER_TEXT),
            )
        self._append(_GAP_HEIGHT)
        self._append(_ROW_HEIGHT, self._pen.cell(text.sheets_heading, styles.APART))
        for sheet in text.sheets:
            self._append(_LINK_HEIGHT, self._link(sheet.title), self._pen.cell(sheet.hint, styles.COVER_HINT))
        self._sheet.add_image(Mark(), "B1")
        print_cover(self._sheet, f"A1:D{self._row + 1}")

    def _write_head(self, text: CoverText) -> None:
        heads: tuple[tuple[str, Look] | None, ...] = (
            None,
            None,
            (text.product, styles.COVER_NAME),
            (text.title, styles.COVER_TITLE),
            (text.scope, styles.COVER_SCOPE),
        )
        for height, head in zip(_HEAD_HEIGHTS, heads, strict=False):
            self._append(height, *([self._pen.cell(*head)] if head else []))
        rule = [self._pen.cell(None, styles.COVER_RULE, Line.HEAVY) for _column in ("label", "text")]
        self._append(_HEAD_HEIGHTS[5], *rule)
        self._append(_HEAD_HEIGHTS[6])

    def _append(self, height: float, *cells: Cell) -> None:
        """Append a row whose first cell stands in column B."""
        self._row += 1
        self._sheet.row_dimensions[self._row].height = height
        self._sheet.append([None, *cells])

    def _link(self, title: str) -> Cell:
        cell = self._pen.cell(title, styles.COVER_LINK)
        cell.hyperlink = Hyperlink(ref="", location=f"{quote_sheetname(title)}!A1")
        return cell
