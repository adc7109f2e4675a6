"""How the workbook looks: one font, one dark head, hairlines, and ink only where a person should look."""

from copy import copy
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import ColorScale, FormatObject, Rule
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook.text import put_text

FONT = "微软雅黑"
BODY_SIZE = 10.5
TITLE_SIZE = 16

INK = "1A1D21"
INK_2 = "474C54"
ACCENT = "1E4E8C"
PAPER = "FFFFFF"
HAIRLINE = "E0DDD5"
BETTER = "0B655D"
WORSE = "A33F0C"
PARTLY = "7A5200"
VETO = "A80F2B"

WHOLE_FORMAT = "0"
POINTS_FORMAT = "0.00"
GAIN_FORMAT = "+0.00;−0.00;0.00"
MOVE_FORMAT = '"▲"0;"▼"0;"–"'
LOSS_FORMAT = "−0.00;−0.00;0.00"
SELDOM_FORMAT = "0;;"
DAY_FORMAT = "yyyy-mm-dd"
TEXT_FORMAT = "@"
GENERAL_FORMAT = "General"

Value = str | int | float | date | None
"""What a cell can hold. Scores are given in points, to two decimals."""

_LEFT = Alignment(horizontal="left", vertical="center", indent=1)
_WRAPPED = Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)
_CENTRE = Alignment(horizontal="center", vertical="center")
_RIGHT = Alignment(horizontal="right", vertical="center", indent=1)
_TOP = Alignment(horizontal="left", vertical="top", wrap_text=True)
_PLAIN = Alignment(vertical="center")


@dataclass(frozen=True, eq=False)
class Look:
    """One way a cell can look. Looks are compared by identity: each is made once and used many times."""

    font: Font
    alignment: Alignment
    number_format: str = GENERAL_FORMAT
    fill: PatternFill | None = None
    ruled: bool = False


def _font(size: float = BODY_SIZE, color: str = INK) -> Font:
    return Font(name=FONT, sz=size, color=color)


def _bold(size: float = BODY_SIZE, color: str = INK) -> Font:
    return Font(name=FONT, sz=size, color=color, b=True)


_BODY = _font()
_STRONG = _bold()
_FILL = PatternFill("solid", fgColor=ACCENT)

TITLE = Look(_bold(TITLE_SIZE), _PLAIN)
NOTE = Look(_font(9.5, INK_2), _PLAIN)
LONG_NOTE = Look(_font(9.5, INK_2), Alignment(vertical="center", wrap_text=True))
HEAD = Look(_bold(color=PAPER), Alignment("center", "center", wrap_text=True), fill=_FILL)
HEAD_LEFT = Look(_bold(color=PAPER), _WRAPPED, fill=_FILL)
APART = Look(_bold(12), _PLAIN)
APART_HEAD = Look(_bold(color=INK_2), _CENTRE, ruled=True)
APART_HEAD_LEFT = Look(_bold(color=INK_2), _LEFT, ruled=True)
EMPTY = Look(_font(12, INK_2), _PLAIN)

BLANK = Look(_BODY, _CENTRE, ruled=True)
RANK = Look(_STRONG, _CENTRE, WHOLE_FORMAT, ruled=True)
WHOLE = Look(_BODY, _CENTRE, WHOLE_FORMAT, ruled=True)
CODE = Look(_BODY, _CENTRE, TEXT_FORMAT, ruled=True)
NAME = Look(_STRONG, _LEFT, TEXT_FORMAT, ruled=True)
WORD = Look(_BODY, _LEFT, TEXT_FORMAT, ruled=True)
PROSE = Look(_BODY, _WRAPPED, ruled=True)
SCORE = Look(_STRONG, _RIGHT, POINTS_FORMAT, ruled=True)
POINTS = Look(_BODY, _RIGHT, POINTS_FORMAT, ruled=True)
LOSS = Look(_BODY, _RIGHT, LOSS_FORMAT, ruled=True)
CREDIT = Look(_BODY, _CENTRE, POINTS_FORMAT, ruled=True)
VETOES = Look(_bold(color=VETO), _CENTRE, SELDOM_FORMAT, ruled=True)
DAY = Look(_BODY, _CENTRE, DAY_FORMAT, ruled=True)
MOVED_UP = Look(_font(color=BETTER), _CENTRE, MOVE_FORMAT, ruled=True)
MOVED_DOWN = Look(_font(color=WORSE), _CENTRE, MOVE_FORMAT, ruled=True)
STAYED = Look(_BODY, _CENTRE, MOVE_FORMAT, ruled=True)
GAINED = Look(_font(color=BETTER), _RIGHT, GAIN_FORMAT, ruled=True)
LOST = Look(_font(color=WORSE), _RIGHT, GAIN_FORMAT, ruled=True)
EVEN = Look(_BODY, _RIGHT, GAIN_FORMAT, ruled=True)
ANSWERED_PARTLY = Look(_bold(color=PARTLY), _LEFT, TEXT_FORMAT, ruled=True)
ANSWERED_NOT = Look(_bold(color=WORSE), _LEFT, TEXT_FORMAT, ruled=True)

COVER_NAME = Look(_bold(12, ACCENT), _PLAIN)
COVER_TITLE = Look(_bold(24), _PLAIN)
COVER_SCOPE = Look(_font(12, INK_2), _PLAIN)
COVER_RULE = Look(_BODY, _PLAIN, ruled=True)
COVER_LABEL = Look(_font(color=INK_2), _TOP)
COVER_TEXT = Look(_font(11), _TOP)
COVER_LINK = Look(Font(name=FONT, sz=BODY_SIZE, color=ACCENT, u="single"), _TOP)
COVER_HINT = Look(_font(color=INK_2), _TOP)


def moved(places: int | None) -> Look:
    """Return how a change of rank looks: better is teal, worse is ochre."""
    return _by_sign(places, MOVED_UP, MOVED_DOWN, STAYED)


def gained(hundredths: int | None) -> Look:
    """Return how a change of score looks: better is teal, worse is ochre."""
    return _by_sign(hundredths, GAINED, LOST, EVEN)


def attention_scale() -> Rule:
    """Return the colour scale of scores: paper from 96 up, the more ink the further below."""
    points, colors = (65, 86, 96), ("C9762A", "F6DDB2", PAPER)
    limits = [FormatObject(type="num", val=point) for point in points]
    return Rule(type="colorScale", colorScale=ColorScale(cfvo=limits, color=[Color(rgb) for rgb in colors]))


class Line(StrEnum):
    """What is drawn below a row of a table."""

    HAIR = "hair"
    HEAVY = "heavy"


class Pen:
    """Makes the cells of one sheet; the styles that it uses are registered once with the workbook."""

    def __init__(self, sheet: Worksheet) -> None:
        """Take the sheet that the cells will be appended to."""
        self._sheet = sheet
        self._styles: dict[tuple[Look, Line], StyleArray] = {}

    def cell(self, value: Value, look: Look, line: Line = Line.HAIR) -> Cell:
        """Return a cell; text goes in by `put_text` alone, None and no text leave it empty."""
        cell = Cell(self._sheet, 1, 1, style_array=self._style(look, line))
        if value == "" or value is None:
            return cell
        if isinstance(value, str):
            put_text(cell, value)
        elif isinstance(value, float):
            # openpyxl would write 16 digits, 96.45999999999999 for 96.46.
            cell.value = repr(value)
            cell.data_type = "n"
        else:
            cell.value = value
        return cell

    def _style(self, look: Look, line: Line) -> StyleArray:
        known = self._styles.get((look, line))
        if known is None:
            known = self._styles[look, line] = self._registered(look, line)
        return known

    def _registered(self, look: Look, line: Line) -> StyleArray:
        pattern = WriteOnlyCell(self._sheet)
        pattern.font = look.font
        pattern.alignment = look.alignment
        pattern.number_format = look.number_format
        if look.fill is not None:
            pattern.fill = look.fill
        if look.ruled:
            pattern.border = Border(bottom=_BELOW[line])
        style: StyleArray = copy(pattern._style)  # type: ignore[attr-defined]  # openpyxl's own way to reuse one
        return style


_BELOW = {Line.HAIR: Side(style="thin", color=HAIRLINE), Line.HEAVY: Side(style="medium", color=INK)}


def _by_sign(number: int | None, above: Look, below: Look, zero: Look) -> Look:
    if not number:
        return zero
    return above if number > 0 else below
