"""How a sheet is printed: A4 landscape, one page wide, the head and the ranking's name on each page."""

from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook import styles
from reports.workbook.text import clean

_A4 = 9
_FOOT_LIMIT = 120


def open_page(sheet: Worksheet) -> None:
    """Set up what must be known before a sheet's first row: paper without a grid, one page wide."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def print_table(sheet: Worksheet, area: str, head_row: int) -> None:
    """Set a table's sheet up for print: as many pages as it takes, the head repeated."""
    _landscape(sheet, area)
    sheet.print_title_rows = f"{head_row}:{head_row}"
    sheet.page_setup.fitToHeight = 0
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom = 0.55, 0.85
    margins.header, margins.footer = 0.3, 0.45


def print_cover(sheet: Worksheet, area: str) -> None:
    """Set the cover up for print: one page."""
    _landscape(sheet, area)
    sheet.page_setup.fitToHeight = 1
    margins = sheet.page_margins
    margins.left = margins.right = 0.75
    margins.top = margins.bottom = 1.0


def put_foot(sheet: Worksheet, left: str, page: str) -> None:
    """Print a line at the foot of each page.

    Args:
        sheet: the sheet it is printed with.
        left: plain text; nothing in it is taken for a code.
        page: the words for page and number of pages, with their codes `&P` and `&N`.
    """
    foot = HeaderFooterItem()
    for part, text in ((foot.left, _plain(left)), (foot.right, page)):
        part.text = text
        part.font = f"{styles.FONT},Regular"
        part.size = 8
        part.color = styles.INK_2
    sheet.oddFooter = foot


def _landscape(sheet: Worksheet, area: str) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.print_options.horizontalCentered = True
    sheet.print_area = area


def _plain(text: str) -> str:
    """Return text for a foot: short enough, on one line, its ampersands doubled."""
    return clean(text).replace("\n", " ")[:_FOOT_LIMIT].replace("&", "&&")
