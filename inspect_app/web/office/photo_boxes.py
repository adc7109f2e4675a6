"""The form in which a reviewer says what of a photo others must not see: boxes, in pixels of the photo."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from inspect_app.models.photos import Photo, PhotoCopy
from inspect_app.photos import Box, Cover

MOST_BOXES = 20
BLANK_ROWS = 3
"""Rows that are shown empty to who writes numbers by hand."""

SIDES = ("left", "top", "width", "height")
NOTHING = "nothing"
"""The field that says that there is nothing to cover."""


@dataclass(frozen=True, slots=True)
class BoxRow:
    """One row of the form, as it was typed."""

    left: str = ""
    top: str = ""
    width: str = ""
    height: str = ""
    how: str = Cover.BLACK.value

    @property
    def is_blank(self) -> bool:
        """Nothing was typed."""
        return not (self.left or self.top or self.width or self.height)


@dataclass(frozen=True, slots=True)
class BoxForm:
    """What was typed, the boxes that it means, and a sentence where it means none."""

    rows: tuple[BoxRow, ...]
    boxes: tuple[Box, ...] = ()
    problem: str = ""


def shown_form(copy: PhotoCopy | None) -> BoxForm:
    """Return the form with the boxes of the copy that others see."""
    rows = () if copy is None else tuple(_row(one) for one in json.loads(copy.boxes))
    return BoxForm(_padded(rows))


def posted_form(photo: Photo) -> BoxForm:
    """Return what was posted, read as boxes within the photo."""
    rows = tuple(row for row in _posted_rows() if not row.is_blank)
    if len(rows) > MOST_BOXES:
        return BoxForm(_padded(rows), problem=_("最多 %(most)s 个框。", most=MOST_BOXES))
    boxes = tuple(box for row in rows if (box := _box(row, photo)) is not None)
    if len(boxes) < len(rows):
        problem = _("框要在照片里面：宽 %(width)s，高 %(height)s。", width=photo.width, height=photo.height)
        return BoxForm(_padded(rows), problem=problem)
    if not boxes and NOTHING not in request.form:
        return BoxForm(_padded(rows), problem=_("先把脸和单据框出来；真的没有要遮的，就打上勾。"))
    return BoxForm(_padded(rows), boxes)


def _posted_rows() -> list[BoxRow]:
    columns = [request.form.getlist(name) for name in (*SIDES, "how")]
    return [BoxRow(*(value.strip() for value in row)) for row in zip(*columns, strict=False)]


def _box(row: BoxRow, photo: Photo) -> Box | None:
    sides = [int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1 for text in _sides(row)]
    left, top, width, height = sides
    is_inside = min(left, top) >= 0 and min(width, height) >= 1
    is_inside = is_inside and left + width <= photo.width and top + height <= photo.height
    if not is_inside or row.how not in {cover.value for cover in Cover}:
        return None
    return Box(left, top, width, height, Cover(row.how))


def _sides(row: BoxRow) -> Sequence[str]:
    return (row.left, row.top, row.width, row.height)


def _row(written: dict[str, object]) -> BoxRow:
    left, top, width, height = (str(written[side]) for side in SIDES)
    return BoxRow(left, top, width, height, str(written["how"]))


def _padded(rows: Sequence[BoxRow]) -> tuple[BoxRow, ...]:
    return (*rows, *(BoxRow() for _row in range(BLANK_ROWS)))
